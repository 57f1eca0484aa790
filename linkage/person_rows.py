"""Every record that describes a person as one frame, each under the person it was found to be of.

The frame is what people, dwellings and households are made from; it holds what the feeds said, not what was concluded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.registry import PERSON_TABLES

Tables = Mapping[tuple[str, str], pd.DataFrame]
Codes = npt.NDArray[np.int64]

TEXT = pd.StringDtype("pyarrow")
NAMES = ("forename", "surname", "preferred_surname", "former_surname", "alias_surname")
ADDRESS = ("address_line_1", "address_line_2", "town", "postcode", "uprn")
_COLUMNS: dict[str, Any] = {
    **dict.fromkeys((*NAMES, "sex", *ADDRESS, "phone", "received_for"), TEXT),
    **dict.fromkeys(("date_of_birth", "expected_date_of_birth", "extract_on"), np.dtype("datetime64[ns]")),
    "protected_address": pd.BooleanDtype(),
}

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

    `ids`: person ids, sorted. `rows`: one row a record, in order of feed, table and key; `person` is the place of its
    person in `ids`, `trust` the rank of its table (0 is most trusted).
    """

    ids: npt.NDArray[np.object_]
    rows: pd.DataFrame

    def of(self, feed: str, table: str, source_ids: pd.Series) -> Codes:
        """The person of each named record, -1 where the record is not known."""
        rows = self.rows[(self.rows["trust"] == TRUST[feed, table]).to_numpy()]
        return _looked_up(source_ids, rows["source_id"], rows["person"].to_numpy())


def gather(person_records: pd.DataFrame, tables: Tables) -> PersonRows:
    """The records of `person_records` with what `tables` say of them; records that no table holds are left out.

    `person_records` has `feed`, `table_name`, `source_id`, `person_id` (or any other grouping under that name).
    """
    ids = np.array(sorted(person_records["person_id"].unique().tolist()), dtype=object)
    parts = [_rows_of(key, person_records, tables[key], ids) for key in PERSON_TABLES if key in tables]
    rows = pd.concat(parts, ignore_index=True) if parts else _no_rows()
    return PersonRows(ids, rows)


def _rows_of(
    key: tuple[str, str], records: pd.DataFrame, table: pd.DataFrame, ids: npt.NDArray[np.object_]
) -> pd.DataFrame:
    mine = records[((records["feed"] == key[0]) & (records["table_name"] == key[1])).to_numpy(bool)]
    people = pd.Index(ids).get_indexer(pd.Index(mine["person_id"].to_numpy(object)))
    person = _looked_up(table["source_id"], mine["source_id"], people)
    rows = {
        name: table[name].astype(kind) if name in table else _missing(table, kind) for name, kind in _COLUMNS.items()
    }
    frame = pd.DataFrame({"person": person, "trust": TRUST[key], "source_id": table["source_id"].astype(TEXT), **rows})
    frame = frame.assign(feed=key[0], table_name=key[1])
    return frame[person >= 0].sort_values("source_id", kind="stable")


def _looked_up(wanted: pd.Series, keys: pd.Series, values: Codes) -> Codes:
    places = pd.Index(keys.to_numpy(object)).get_indexer(pd.Index(wanted.to_numpy(object)))
    return np.where(places >= 0, np.append(values, -1)[places], -1).astype(np.int64)


def _missing(table: pd.DataFrame, kind: Any) -> pd.Series:
    return pd.Series(index=table.index, dtype=kind)


def _no_rows() -> pd.DataFrame:
    columns: dict[str, Any] = {"person": np.dtype("int64"), "trust": np.dtype("int64"), "source_id": TEXT, **_COLUMNS}
    columns |= {"feed": TEXT, "table_name": TEXT}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
