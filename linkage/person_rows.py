"""Every record that describes a person as one frame, each under the person it was found to be of.

The frame is what people, dwellings and households are made from; it holds what the feeds said, not what was concluded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from linkage.errors import RecordsError
from linkage.ranks import Codes, in_one_piece, places_of, ranked
from schemas.registry import PERSON_TABLES

Tables = Mapping[tuple[str, str], pd.DataFrame]

TEXT = pd.StringDtype("pyarrow")
NAMES = ("forename", "surname", "preferred_surname", "former_surname", "alias_surname")
ADDRESS = ("address_line_1", "address_line_2", "town", "postcode", "uprn")
_COLUMNS: dict[str, Any] = {
    **dict.fromkeys((*NAMES, "sex", *ADDRESS, "phone"), TEXT),
    **dict.fromkeys(("date_of_birth", "expected_date_of_birth", "extract_on"), np.dtype("datetime64[ns]")),
    "protected_address": pd.BooleanDtype(),
}

_TEXTS = ["source_id", *(name for name, kind in _COLUMNS.items() if kind == TEXT)]

# Who checks what they are told: schools see a birth certificate, the Job Centre an identity, the police what is said.
TRUST = {
    ("school", "pupils"): 0,
    ("jobcentre", "claimants"): 1,
    ("mash", "people"): 2,
    ("school", "contacts"): 3,
    ("nominations", "nominations"): 4,
    ("police", "nominals"): 5,
}


@dataclass(frozen=True)
class PersonRows:
    """Records under their persons.

    `ids`: person ids (text), sorted. `rows`: one row a record, in order of feed, table and key; `person` is the place
    of its person in `ids`, `trust` the rank of its table (0 is most trusted).
    """

    ids: pd.Series
    rows: pd.DataFrame

    def of(self, feed: str, table: str, source_ids: pd.Series) -> Codes:
        """The person of each named record, -1 where the record is not known."""
        mine = np.flatnonzero(self.rows["trust"].to_numpy() == TRUST[feed, table])
        places = places_of(source_ids, self.rows["source_id"].iloc[mine])
        return np.append(self.rows["person"].to_numpy()[mine], -1)[places]


def gather(person_records: pd.DataFrame, tables: Tables) -> PersonRows:
    """The records of `person_records` with what `tables` say of them; records that no table holds are left out.

    `person_records` has `feed`, `table_name`, `source_id`, `person_id` (or any other grouping under that name). Raises
    RecordsError where a key names two records of a table.
    """
    (person,), ids = ranked(person_records["person_id"])
    records = person_records[["feed", "table_name", "source_id"]].assign(person=person)
    parts = [_rows_of(key, records, tables[key]) for key in PERSON_TABLES if key in tables]
    rows = pd.concat(parts, ignore_index=True) if parts else _no_rows()
    return PersonRows(ids, rows.assign(**{name: in_one_piece(rows[name]) for name in _TEXTS}))


def _rows_of(key: tuple[str, str], records: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    mine = records[((records["feed"] == key[0]) & (records["table_name"] == key[1])).to_numpy(bool)]
    (theirs, ours), keys = ranked(table["source_id"], mine["source_id"])
    for place in (theirs, ours):
        if len(place) and np.bincount(place).max() > 1:
            msg = f"{key[0]}/{key[1]}: a key names two records; every record needs a key of its own."
            raise RecordsError(msg)
    person = np.full(len(keys), -1, np.int64)
    person[ours] = mine["person"]
    order = np.argsort(theirs)
    order = order[person[theirs[order]] >= 0]
    told = table.iloc[order]
    rows = {name: told[name].astype(kind) if name in told else _missing(told, kind) for name, kind in _COLUMNS.items()}
    frame = pd.DataFrame(
        {"person": person[theirs[order]], "trust": TRUST[key], "source_id": told["source_id"].astype(TEXT), **rows}
    )
    return frame.assign(feed=key[0], table_name=key[1])


def _missing(table: pd.DataFrame, kind: Any) -> pd.Series:
    return pd.Series(index=table.index, dtype=kind)


def _no_rows() -> pd.DataFrame:
    columns: dict[str, Any] = {"person": np.dtype("int64"), "trust": np.dtype("int64"), "source_id": TEXT, **_COLUMNS}
    columns |= {"feed": TEXT, "table_name": TEXT}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
