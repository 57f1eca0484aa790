"""Families taken on, as of this moment: the casebook first, then what the month knew from before there was a desk."""

import datetime as dt
import threading
from dataclasses import dataclass, field

import pyarrow as pa

from casebook.case_files import Case, all_cases, state
from casebook.opening import Casebook
from desk.published import Snapshot
from desk.scope import EVERYTHING

# A key worker looks back on a closed family for as long as follow-up and sustainment may need it.
_LOOKS_BACK = dt.timedelta(days=366)
_COLUMNS = {
    "family_id": pa.string(),
    "case_id": pa.string(),
    "attached_on": pa.date32(),
    "key_worker": pa.string(),
    "agency": pa.string(),
    "consent": pa.string(),
    "review_on": pa.date32(),
    "last_activity_on": pa.date32(),
    "closed_on": pa.date32(),
    "close_reason": pa.string(),
}
_SCHEMA = pa.schema(list(_COLUMNS.items()))
_BROUGHT_IN = """
    select family_id, null as case_id, attached_on, key_worker, agency, consent, null as review_on,
        null as last_activity_on, closed_on, close_reason
    from attachments
    qualify row_number() over (partition by family_id order by attached_on desc) = 1
"""
_BECAME = "select id, family_id from family_became"


@dataclass(frozen=True)
class CasesNow:
    """Each family that was ever taken on with one case: the newest that is open, else the newest.

    `beside`: the other cases of families that were both taken on before they became one, but for those to which a newer
    case is tied. They stand until somebody closes them.
    """

    table: pa.Table
    beside: pa.Table = field(default_factory=_SCHEMA.empty_table)

    @property
    def every(self) -> pa.Table:
        """All of them."""
        return pa.concat_tables([self.table, self.beside])

    def of_worker(self, username: str, today: dt.date) -> frozenset[str]:
        """The families whose key worker this is: open ones, and those closed within the year."""
        rows = self.every.select(["family_id", "key_worker", "closed_on"]).to_pylist()
        since = today - _LOOKS_BACK
        return frozenset(
            row["family_id"]
            for row in rows
            if (row["key_worker"] or "").casefold() == username.casefold()
            and (row["closed_on"] is None or row["closed_on"] >= since)
        )

    def within(self, families: frozenset[str]) -> "CasesNow":
        """Those of these families only."""
        kept = (
            [row for row in table.to_pylist() if row["family_id"] in families] for table in (self.table, self.beside)
        )
        return CasesNow(*(pa.Table.from_pylist(rows, _SCHEMA) for rows in kept))


class CasesReader:
    """Reads the cases anew only when the casebook or the month has changed."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._lock = threading.Lock()
        self._held: tuple[tuple[tuple[int, ...], object], CasesNow] | None = None

    def now(self, snapshot: Snapshot) -> CasesNow:
        """The cases as they stand, for the families of this month."""
        with self._casebook.reading() as connection:
            held, key = self._held, (state(connection), snapshot.edition)
            if held is not None and held[0] == key:
                return held[1]
            cases = all_cases(connection)
        with self._lock:
            made = _made(cases, snapshot)
            self._held = (key, made)
        return made


def _made(cases: list[Case], snapshot: Snapshot) -> CasesNow:
    reader = snapshot.reader(EVERYTHING)
    try:
        brought, became = reader.rows(_BROUGHT_IN), reader.rows(_BECAME)
    finally:
        reader.close()
    now = {str(row["id"]): str(row["family_id"]) for row in became}
    rows = {str(row["family_id"]): row for row in brought}
    told = []
    for case in cases:
        # The casebook keeps the id under which the family was taken on; any month since may have joined it to another.
        family = now.get(case.family_id, case.family_id)
        told.append({name: getattr(case, name) for name in _COLUMNS} | {"family_id": family})
    # Those that are open last, for of each family the last is told.
    rows |= {str(row["family_id"]): row for row in sorted(told, key=lambda row: row["closed_on"] is None)}
    tied = {case.earlier_case_id for case in cases} | {row["case_id"] for row in rows.values()}
    beside = [row for row in told if row["case_id"] not in tied]
    return CasesNow(*(pa.Table.from_pylist(each, _SCHEMA) for each in (list(rows.values()), beside)))
