"""Pairs laid side by side for a reader, and what readers and labellers say of pairs, checked."""

import hashlib
from collections.abc import Collection

import pandas as pd

from linkage.errors import ReadingsError
from linkage.lasting import record_keys
from linkage.statement import READINGS, SAME, UNSURE

# Left out of the sheet: the source's key and the hash, which say nothing to a reader.
_SHOWN = (
    "feed table_name forename middle_names surname other_names date_of_birth sex address postcode phone upn school "
    "extract_on address_withheld"
).split()
_PLACE = ("feed", "table", "id")
LABEL_COLUMNS = (*(f"{side}_{part}" for side in ("left", "right") for part in _PLACE), "label")
_MOST_NAMED = 5


def numbered(drawn: pd.DataFrame, month: str) -> pd.DataFrame:
    """The drawn pairs with `pair` before them: the sample's name and a number, which spreadsheets leave alone."""
    said = month + drawn.to_csv(index=False)
    name = "s" + hashlib.sha256(said.encode()).hexdigest()[:8]
    numbers = [f"{name}-{number:04d}" for number in range(1, len(drawn) + 1)]
    return pd.DataFrame({"pair": pd.Series(numbers, dtype=str), **drawn})


def sample_name(pair: str) -> str:
    """The sample that a pair's number is of."""
    return pair.rpartition("-")[0]


def sheet(drawn: pd.DataFrame, record_details: pd.DataFrame) -> pd.DataFrame:
    """One row for each pair: its number, each value of both records side by side, and an empty `reading`.

    Neither the weight nor the decision is in it: a reader judges by the records alone.
    """
    details = record_details.set_axis(record_keys(record_details), axis=0)[_SHOWN]
    sides = {side: details.reindex(drawn[f"{side}_id"]).reset_index(drop=True) for side in ("left", "right")}
    values = {f"{side}_{name}": sides[side][name] for name in _SHOWN for side in ("left", "right")}
    return pd.DataFrame({"pair": drawn["pair"].to_numpy(object), **values, "reading": ""})


def readings_of(filled: pd.DataFrame, drawn: pd.DataFrame, *, told: str) -> pd.Series:
    """One reader's readings, in the order of `drawn`; ReadingsError names the file as `told` and pairs by number."""
    _has(filled, ("pair", "reading"), told)
    said = pd.Series(_words(filled["reading"]).to_numpy(), index=filled["pair"].astype(str).str.strip())
    _same_pairs(said.index, drawn["pair"], told)
    empty = said.index[said.eq("")]
    if len(empty):
        message = f"{told}: {len(empty)} of {len(said)} pairs have no reading yet ({_some(empty)})."
        raise ReadingsError(message)
    _allowed(said, told, "reading")
    return said.loc[drawn["pair"]].reset_index(drop=True)


def labels_of(table: pd.DataFrame, *, told: str) -> pd.DataFrame:
    """left_id, right_id (feed|table|id) and is_same of labelled pairs, each once; without those that nobody could tell.

    Raises ReadingsError where a column is missing, a label is none, or one pair has two labels.
    """
    _has(table, LABEL_COLUMNS, told)
    label = pd.Series(_words(table["label"]).to_numpy(), index=[f"line {row + 2}" for row in table.index])
    _allowed(label, told, "label")
    sides = [
        record_keys(table[[f"{side}_{part}" for part in _PLACE]].set_axis(["feed", "table_name", "source_id"], axis=1))
        for side in ("left", "right")
    ]
    pairs = pd.DataFrame([sorted(both) for both in zip(*sides, strict=True)], columns=["left_id", "right_id"])
    if alone := int((pairs["left_id"] == pairs["right_id"]).sum()):
        message = f"{told}: {alone} rows pair a record with itself. Name two records in each row."
        raise ReadingsError(message)
    pairs["is_same"] = label.eq(SAME).to_numpy()
    pairs = pairs[label.ne(UNSURE).to_numpy()].drop_duplicates()
    if twice := int(pairs.duplicated(["left_id", "right_id"]).sum()):
        message = f"{told}: {twice} pairs are labelled both same and different. Keep one label for each pair."
        raise ReadingsError(message)
    return pairs.reset_index(drop=True)


def _has(table: pd.DataFrame, columns: Collection[str], told: str) -> None:
    if missing := [name for name in columns if name not in table.columns]:
        message = f"{told} has no column {', '.join(missing)}; expected {', '.join(columns)}, commas between."
        raise ReadingsError(message)


def _words(column: pd.Series) -> pd.Series:
    return column.fillna("").astype(str).str.strip().str.lower()


def _same_pairs(found: pd.Index, drawn: pd.Series, told: str) -> None:
    strange, lacking = found.difference(pd.Index(drawn)), drawn[~drawn.isin(found)]
    if len(strange):
        message = f"{told}: {len(strange)} of its rows are of no pair of this sample. Read the sheet as it was drawn."
        raise ReadingsError(message)
    if len(lacking):
        message = f"{told} lacks {len(lacking)} of the {len(drawn)} pairs drawn ({_some(lacking)}). Keep every row."
        raise ReadingsError(message)
    if found.has_duplicates:
        message = f"{told} has a pair more than once ({_some(found[found.duplicated()])}). Keep each pair's one row."
        raise ReadingsError(message)


def _allowed(said: pd.Series, told: str, what: str) -> None:
    # The text itself may be a note about a person, so only its place is told.
    wrong = said.index[~said.isin(READINGS)]
    if len(wrong):
        message = f"{told}: {len(wrong)} have a {what} other than {', '.join(READINGS)} ({_some(wrong)})."
        raise ReadingsError(message)


def _some(names: Collection[str]) -> str:
    first = list(names)[:_MOST_NAMED]
    return ", ".join(first) + (" …" if len(names) > len(first) else "")
