"""A table's text rows, judged by the contract: which are used, in their held form, and which are set aside whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from feeds import reasons
from feeds.attendance import CODE_FORM, TOTALS_FORM, judge_forms
from feeds.delivered import DeliveredTable, folded
from feeds.errors import UnusableFileError
from feeds.judged import KEY_SEPARATOR, Counts, JudgedTable, as_text, count_mends, judge_table
from feeds.judging import Circumstances
from feeds.rejections import rejected_rows
from schemas.columns import FeedColumn
from schemas.frames import conform, contract_columns
from schemas.registry import FEED_TABLES

ATTENDANCE = ("school", "attendance")


@dataclass(frozen=True)
class Origin:
    """Where a table's rows come from; it travels with each of them."""

    feed: str
    table: str
    month: str
    extract_on: date
    sha256: str


@dataclass(frozen=True)
class Screened:
    """A table after screening: accepted rows in their held form, and the rejected ones with rule and line."""

    frame: pd.DataFrame
    rejected: pd.DataFrame
    rows: int
    repaired: Counts = field(default_factory=dict)
    doubtful: Counts = field(default_factory=dict)
    extra: tuple[str, ...] = ()

    @property
    def rejected_share(self) -> float:
        """Rejected rows of all data rows; 0 where there are none."""
        return len(self.rejected) / self.rows if self.rows else 0.0


def screen(delivered: DeliveredTable, origin: Origin, *, allow_test_identifiers: bool = False) -> Screened:
    """Screen a delivered table; raises UnusableFileError where a required column is missing.

    A rejected row counts once, under the first rule that it breaks: its key's columns come first, then the required
    ones, then the others. Repeats of a key are looked for among the rows that break no other rule; the last one stands.
    """
    model = FEED_TABLES[origin.feed, origin.table]
    contract = contract_columns(model)
    headings = frozenset(folded(name) for name in delivered.cells.column_names)
    _require_columns(delivered, headings, contract)
    table = judge_table(delivered, contract, Circumstances(origin.extract_on, allow_test_identifiers))
    if (origin.feed, origin.table) == ATTENDANCE:
        judge_forms(table, headings)
    source_ids = _source_ids(table, contract)
    _reject_repeats(table, source_ids, "|".join(_key_columns(contract)))
    _prefer_birth_to_expectation(table)
    count_mends(table, contract)
    frame = conform(_held(table, delivered, source_ids, origin), model)
    extra = tuple(name for name in delivered.cells.column_names if folded(name) not in contract)
    return Screened(frame, rejected_rows(table, delivered), delivered.rows, table.repaired, table.doubtful, extra)


def _require_columns(delivered: DeliveredTable, headings: frozenset[str], contract: Mapping[str, FeedColumn]) -> None:
    needed = {name for name, column in contract.items() if column.required and not column.optional_in_form}
    missing = sorted(needed - headings, key=list(contract).index)
    if "attendance_code" in contract and not (headings >= set(CODE_FORM) or headings >= set(TOTALS_FORM)):
        missing += [name for name in CODE_FORM if name not in headings]
    if not missing:
        return
    if headings & contract.keys():
        found = f"found are {', '.join(reasons.headings(delivered.cells.column_names))}"
    else:
        # Without one heading of the contract the first row is likely data, which no reason may quote.
        found = f"none of the {len(headings)} headings is of the contract; is the header row missing?"
    message = f"the required column {', '.join(missing)} is missing; {found}"
    raise UnusableFileError(message)


def _key_columns(contract: Mapping[str, FeedColumn]) -> list[str]:
    return [name for name, column in contract.items() if column.key]


def _source_ids(table: JudgedTable, contract: Mapping[str, FeedColumn]) -> pa.Array:
    parts = [table.columns[name].key_part() for name in _key_columns(contract)]
    return pc.binary_join_element_wise(*parts, KEY_SEPARATOR)


def _reject_repeats(table: JudgedTable, source_ids: pa.Array, key: str) -> None:
    places = np.flatnonzero(table.usable)
    ids = pd.Series(source_ids.take(pa.array(places)).dictionary_encode().indices.to_numpy())
    repeated = np.zeros(len(source_ids), dtype=bool)
    repeated[places[ids.duplicated(keep="last").to_numpy()]] = True
    table.break_rows(repeated, "duplicate_key", key)


def _prefer_birth_to_expectation(table: JudgedTable) -> None:
    expected = table.columns.get("expected_date_of_birth")
    if expected is None:
        return
    both = ~expected.is_missing() & ~table.columns["date_of_birth"].is_missing()
    table.doubt(both, "born_and_expected", "expected_date_of_birth")


def _held(table: JudgedTable, delivered: DeliveredTable, source_ids: pa.Array, origin: Origin) -> pd.DataFrame:
    rows = np.flatnonzero(table.usable)
    columns = {
        "source_id": as_text(source_ids.take(pa.array(rows))),
        "received_for": as_text(pa.repeat(origin.month, len(rows))),
        "extract_on": pd.Series(np.full(len(rows), np.datetime64(origin.extract_on, "ns"))),
        "file_sha256": as_text(pa.repeat(origin.sha256, len(rows))),
        "line": pd.Series(delivered.lines[rows]).astype("Int64"),
    }
    columns |= {name: judged.values(rows) for name, judged in table.columns.items()}
    frame = pd.DataFrame(columns, copy=False)
    if "expected_date_of_birth" in frame:
        frame["expected_date_of_birth"] = frame["expected_date_of_birth"].where(frame["date_of_birth"].isna())
    return frame
