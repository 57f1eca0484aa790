"""Persons as they are published: what their records most often say of them."""

import numpy as np
import pandas as pd

from linkage.person_rows import TEXT, PersonRows, Tables, gather
from linkage.ranks import Codes, ranked
from linkage.runs import Runs, falling, in_order

_PLACEHOLDER = (
    r"(?i)^(?:UNK(?:NOWN)?|N/?K|N/?A|NOT (?:KNOWN|GIVEN|STATED|APPLICABLE)|NONE|NULL|TBC|TBA|TEST|X+|\?+|-+|\.+"
    r"|BABY|UNBORN|INFANT|NO NAME|MALE|FEMALE|CHILD|MOTHER|FATHER|MUM|DAD)$"
)
_EARLIEST_BIRTH = pd.Timestamp(1900, 1, 2)


def describe(person_records: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """One row a person, columns as `schemas.published.Person`, in order of `person_id`.

    `person_records` is `feed`, `table_name`, `source_id`, `person_id`. Each value is the one most often given; of
    values given equally often the one of the most trusted table, then the newest. Placeholders such as
    "Unknown" do not count.
    """
    return describe_rows(gather(person_records, tables))


def describe_rows(people: PersonRows) -> pd.DataFrame:
    """As `describe`, from records already gathered."""
    rows, size = people.rows, len(people.ids)
    births = rows["date_of_birth"].where(rows["date_of_birth"] >= _EARLIEST_BIRTH)
    known, protected = rows.groupby("person"), _at_protected_address(rows)
    described = pd.DataFrame(
        {
            "person_id": people.ids.array,
            "forename": _most_given(rows, _real_name(rows["forename"]), size),
            "surname": _most_given(rows, _real_name(rows["surname"]), size),
            "date_of_birth": _most_given(rows, births, size, doubtful=births.dt.dayofyear.eq(1)),
            "sex": _most_given(rows, rows["sex"].where(rows["sex"].isin(["F", "M"])), size),
            "records": known.size().reindex(range(size), fill_value=0).astype("Int64"),
            "feeds": known["feed"].nunique().reindex(range(size), fill_value=0).astype("Int64"),
            "protected": protected.groupby(rows["person"]).max().reindex(range(size)).astype("boolean"),
        }
    )
    return described[(described["records"] > 0).to_numpy()].reset_index(drop=True)


def _at_protected_address(rows: pd.DataFrame) -> pd.Series:
    """Whether each record is protected, or gives an address that another record protects: one feed's word is enough."""
    own = rows["protected_address"].fillna(value=False).astype(bool)
    door = (rows["address_line_1"].str.strip() + "|" + rows["postcode"]).str.casefold()
    same_door = door.notna() & door.isin(door[own].dropna())
    return own | same_door | (rows["uprn"].notna() & rows["uprn"].isin(rows.loc[own, "uprn"].dropna()))


def _real_name(names: pd.Series) -> pd.Series:
    tidy = names.str.strip()
    distinct = pd.Series(tidy.dropna().unique(), dtype=TEXT)
    unreal = distinct[distinct.str.match(_PLACEHOLDER).to_numpy(bool) | distinct.eq("").to_numpy(bool)]
    return tidy.mask(tidy.isin(unreal))


def _most_given(rows: pd.DataFrame, values: pd.Series, size: int, *, doubtful: pd.Series | None = None) -> pd.Series:
    """The value of each person; a `doubtful` one (1 January stands for "year only") yields to any other."""
    codes, distinct = pd.factorize(values)
    given = np.flatnonzero(codes >= 0)
    person, trust, newest = (rows[name].to_numpy()[given] for name in ("person", "trust", "extract_on"))
    unsure = np.zeros(len(given), bool) if doubtful is None else doubtful.to_numpy(bool)[given]
    same = Runs.of(person, _folded(codes, distinct)[given])
    times = same.total(np.ones(len(given), np.int64))[same.of_each]
    # The spelling decides last, so that the order of rows never does.
    spelling = _ranks(distinct)[codes[given]]
    order = in_order(person, unsure, falling(times), trust, falling(newest), spelling)
    best = order[Runs.of(person[order]).firsts]
    chosen = np.full(size, -1, np.int64)
    chosen[person[best]] = codes[given[best]]
    return pd.Series(distinct.array.take(chosen, allow_fill=True), dtype=values.dtype)


def _ranks(distinct: pd.Index) -> Codes:
    """The place of each value among all of them, sorted."""
    if isinstance(distinct.dtype, pd.StringDtype):
        return ranked(pd.Series(distinct))[0][0]
    return np.argsort(np.argsort(distinct.to_numpy()))


def _folded(codes: np.ndarray, distinct: pd.Index) -> np.ndarray:
    """One code for the spellings of a value that differ in their capitals only."""
    if not isinstance(distinct.dtype, pd.StringDtype):
        return codes
    folded = pd.factorize(pd.Series(distinct).str.upper())[0]
    return np.asarray(np.append(folded, -1)[codes])
