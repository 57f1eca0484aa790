"""What people decided, read back: until there is a desk, three CSV files in the store's casebook folder."""

from pathlib import Path

import pandas as pd

from assets.store import Store
from schemas import casebook
from schemas.frames import Model, TableContractError, column_names, conform, empty
from schemas.published import Attachment


class CasebookError(ValueError):
    """A file of the casebook cannot be used: which one, and what it must hold."""


def read_attachments(store: Store) -> pd.DataFrame:
    """The families taken on, as `casebook/attachments.csv` has them."""
    return _read(store.casebook / "attachments.csv", Attachment)


def read_decisions(store: Store) -> pd.DataFrame:
    """What was decided of pairs of records, as `casebook/decisions.csv` has it; the newest of a pair comes last."""
    return _read(store.casebook / "decisions.csv", casebook.CasebookDecision)


def read_claim_steps(store: Store) -> pd.DataFrame:
    """How far claims have come, as `casebook/claims.csv` has it; the newest of a claim comes last."""
    return _read(store.casebook / "claims.csv", casebook.CasebookClaimStep)


def _read(file: Path, model: Model) -> pd.DataFrame:
    if not file.is_file():
        return empty(model)
    names = column_names(model)
    rows = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8-sig")
    if missing := [name for name in names if name not in rows.columns]:
        message = f"{file.name} in the casebook lacks the column {missing[0]}. It needs: {', '.join(names)}."
        raise CasebookError(message)
    try:
        return conform(rows, model)
    except TableContractError as error:
        complaint = f"{file.name} in the casebook cannot be used: {error}"
    raise CasebookError(complaint)
