"""What people decided, read back as one more feed: three CSV files in the store's casebook folder, then the casebook.

The files are how a council without a desk, or one that comes from another system, brings decisions in bulk. A run never
makes a casebook where there is none.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pandas as pd
from pandas.errors import EmptyDataError, ParserError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from assets.store import Store
from casebook import audit, reading, reviewing
from casebook.errors import CasebookError as CasebookFault
from casebook.opening import Casebook, find_casebook
from feeds.delimited import as_utf8
from feeds.errors import UnusableFileError
from schemas import casebook
from schemas.frames import Model, TableContractError, column_names, conform, empty
from schemas.published import Attachment

# Under this name a month's own record keeps the trail's head, so that a trail cut off later does not go unnoticed.
HEAD_OF_TRAIL = "casebook_head"
_MAY_LACK = frozenset({"fingerprint"})


class CasebookError(CasebookFault, ValueError):
    """A file of the casebook, or the casebook itself, cannot be used: which, and what to do."""


def read_attachments(store: Store) -> pd.DataFrame:
    """The families taken on, a row for each time, under the ids that they were taken on with."""
    return _both(store, "attachments.csv", Attachment, reading.attachments)


def read_decisions(store: Store) -> pd.DataFrame:
    """What was decided of pairs of records; the newest of a pair comes last.

    Where the casebook has an answer, a file's row about the same pair no longer counts, not even against `cannot tell`.
    """
    listed = _listed(store, "decisions.csv", casebook.CasebookDecision)
    with _open(store) as connection:
        if connection is None:
            return listed
        answers = reading.answers(connection)
        answered = set(zip(answers["left"], answers["right"], strict=True))
        stands = [tuple(sorted(pair)) not in answered for pair in zip(*_keys(listed), strict=True)]
        return _joined([listed[stands], reading.decisions(connection)], casebook.CasebookDecision)


def read_answers(store: Store) -> pd.DataFrame:
    """The answer that stands for each question, also where it settles nothing: `schemas.casebook.Answered`."""
    return _kept(store, casebook.Answered, reading.answers)


def marked(store: Store, reviews: pd.DataFrame) -> pd.DataFrame:
    """The published questions, and where each stands now, as of `casebook.reviewing.marked`; all open without one."""
    with _open(store) as connection:
        if connection is None:
            return reviews.assign(standing=casebook.Standing.OPEN.value, decision=None)
        return reviewing.marked(connection, reviews)


def read_claim_steps(store: Store) -> pd.DataFrame:
    """How far claims have come; the newest step of a claim comes last."""
    return _both(store, "claims.csv", casebook.CasebookClaimStep, reading.claim_steps)


def read_household_decisions(store: Store) -> pd.DataFrame:
    """Who was said to live together or apart: `schemas.casebook.HouseholdDecision`, under the ids of that time."""
    return _kept(store, casebook.HouseholdDecision, reading.household_decisions)


def read_family_confirmations(store: Store) -> pd.DataFrame:
    """Who was said to belong to a family or not: `schemas.casebook.FamilyConfirmation`, under the ids of that time."""
    return _kept(store, casebook.FamilyConfirmation, reading.family_confirmations)


def read_activity(store: Store) -> pd.DataFrame:
    """What was done with families: `schemas.casebook.Activity`, under the ids that they were taken on with."""
    return _kept(store, casebook.Activity, reading.activity)


def pairs_decided(store: Store, since: datetime | None) -> pd.DataFrame:
    """Pairs of records (`left`, `right`: `feed|table|key`) about which anybody decided, or took back, since a moment.

    A file's row always counts: it may have been put there at any time after the day that it names.
    """
    listed = _listed(store, "decisions.csv", casebook.CasebookDecision)
    with _open(store) as connection:
        kept = [] if connection is None else reading.pairs_touched(connection, since=since)
    return _sides({*zip(*_keys(listed), strict=True), *kept})


def couples_decided(store: Store, since: datetime | None) -> pd.DataFrame:
    """The two people each (`left`, `right`) of whose home anybody decided, or took back, something since a moment."""
    with _open(store) as connection:
        return _sides(() if connection is None else reading.couples_touched(connection, since=since))


def members_decided(store: Store, since: datetime | None) -> pd.DataFrame:
    """The people and families (`key`, `id`) of whom anybody said, or took back, since that the one is of the other."""
    with _open(store) as connection:
        found = [] if connection is None else reading.members_touched(connection, since=since)
        return _sides(found, ("key", "id"))


def _sides(pairs: Iterable[tuple[str, str]], names: tuple[str, str] = ("left", "right")) -> pd.DataFrame:
    return pd.DataFrame(sorted(pairs), columns=[*names], dtype=pd.StringDtype("pyarrow"))


def head_of_trail(store: Store) -> str | None:
    """The hash of the newest row of the casebook's audit trail; nothing where there is no casebook."""
    with _open(store) as connection:
        return None if connection is None else audit.head(connection)


def _both(store: Store, name: str, model: Model, kept: Callable[[Connection], pd.DataFrame]) -> pd.DataFrame:
    return _joined([_listed(store, name, model), _kept(store, model, kept)], model)


def _kept(store: Store, model: Model, read: Callable[[Connection], pd.DataFrame]) -> pd.DataFrame:
    with _open(store) as connection:
        return empty(model) if connection is None else read(connection)


def _joined(parts: list[pd.DataFrame], model: Model) -> pd.DataFrame:
    there = [part for part in parts if len(part)]
    return conform(pd.concat(there, ignore_index=True), model) if there else empty(model)


@contextmanager
def _open(store: Store) -> Iterator[Connection | None]:
    """A reading transaction on the casebook; nothing where there is none."""
    found = _found(store)
    if found is None:
        yield None
        return
    try:
        with found.reading() as connection:
            yield connection
    except SQLAlchemyError as error:
        # What a database says may quote what it was asked for.
        complaint = f"The casebook cannot be read ({type(error).__name__}). See that its database runs, then run again."
    else:
        return
    finally:
        found.close()
    raise CasebookError(complaint)


def _found(store: Store) -> Casebook | None:
    try:
        return find_casebook(store.casebook_url)
    except CasebookFault as error:
        complaint = str(error)
    raise CasebookError(complaint)


def _keys(decisions: pd.DataFrame) -> tuple[list[str], list[str]]:
    sides = [decisions[[f"{side}_{part}" for part in ("feed", "table", "id")]] for side in ("left", "right")]
    left, right = (["|".join(map(str, row)) for row in side.itertuples(index=False)] for side in sides)
    return left, right


def _listed(store: Store, name: str, model: Model) -> pd.DataFrame:
    return _read(store.casebook / name, model)


def _rows(file: Path) -> pd.DataFrame:
    """The file's rows as text, in UTF-8 or as a spreadsheet on Windows saves them."""
    try:
        content, _ = as_utf8(file.read_bytes())
        return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, na_values=[""])
    except (UnusableFileError, ParserError, EmptyDataError):
        # What the reader says may quote a row.
        message = (
            f"{file.name} in the casebook cannot be read as a CSV file. Save it as CSV, in UTF-8, with commas between."
        )
    raise CasebookError(message)


def _read(file: Path, model: Model) -> pd.DataFrame:
    if not file.is_file():
        return empty(model)
    names = column_names(model)
    rows = _rows(file)
    if missing := [name for name in names if name not in rows.columns and name not in _MAY_LACK]:
        needed = ", ".join(name for name in names if name not in _MAY_LACK)
        message = f"{file.name} in the casebook lacks the column {missing[0]}. It needs: {needed}."
        raise CasebookError(message)
    try:
        return conform(rows.reindex(columns=names), model)
    except TableContractError as error:
        complaint = f"{file.name} in the casebook cannot be used: {error}"
    raise CasebookError(complaint)
