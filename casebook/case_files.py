"""Cases as they stand: each with its consent, key worker, plan and closure in force, and everything that led there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from casebook import ledgers
from casebook.errors import UnknownRowError
from casebook.events import Ledger
from casebook.tables import activities, cases, closures, consents, plans, workers

_PARTS: tuple[tuple[Ledger, Table, str], ...] = (
    (Ledger.CASES, cases, "attached_on"),
    (Ledger.CONSENTS, consents, "given_on"),
    (Ledger.WORKERS, workers, "from_on"),
    (Ledger.PLANS, plans, "planned_on"),
    (Ledger.ACTIVITIES, activities, "done_on"),
    (Ledger.CLOSURES, closures, "closed_on"),
)


@dataclass(frozen=True)
class Case:
    """A family taken on, as it stands now."""

    case_id: str
    sequence: int
    family_id: str
    attached_on: date
    earlier_case_id: str | None
    consent: str | None
    key_worker: str | None
    agency: str | None
    aims: str | None
    review_on: date | None
    last_activity_on: date | None
    closed_on: date | None
    close_reason: str | None
    exit_plan: str | None

    @property
    def is_open(self) -> bool:
        """Whether the work goes on."""
        return self.closed_on is None


@dataclass(frozen=True)
class CaseEntry:
    """One entry of a case: what its ledger says, by whom and when, and whether it was withdrawn."""

    ledger: Ledger
    sequence: int
    on: date
    said: Mapping[str, Any]
    reason: str | None
    decided_by: str
    decided_at: datetime
    is_withdrawn: bool


@dataclass(frozen=True)
class Handover:
    """A case given to a key worker; `before` is who had it, None at its beginning."""

    case_id: str
    on: date
    before: str | None
    after: str
    reason: str | None


def case(connection: Connection, case_id: str) -> Case:
    """A case as it stands; raises UnknownRowError."""
    found = _cases(connection, cases.c.case_id == case_id)
    if not found:
        message = f"There is no case {case_id}, or it was withdrawn."
        raise UnknownRowError(message)
    return found[0]


def cases_of(connection: Connection, *family_ids: str) -> list[Case]:
    """A family's cases, the earliest first. Give all the ids that the family has borne to find them all."""
    return _cases(connection, cases.c.family_id.in_(family_ids))


def all_cases(connection: Connection) -> list[Case]:
    """Every case that stands, in the order in which families were taken on."""
    return _cases(connection)


def state(connection: Connection) -> tuple[int, ...]:
    """A state of all cases: another as soon as anything is added to one of them, for rows are only ever added."""
    return tuple(connection.scalar(select(func.max(table.c.sequence))) or 0 for _, table, _ in _PARTS)


def entries(connection: Connection, case_id: str) -> list[CaseEntry]:
    """Everything on record of a case, withdrawn entries too, by the day of which each speaks."""
    found = [
        _entry(connection, row, ledger, table, day)
        for ledger, table, day in _PARTS
        for row in connection.execute(select(table).where(table.c.case_id == case_id))
    ]
    return sorted(found, key=lambda entry: (entry.on, entry.decided_at, entry.sequence))


def last_done(connection: Connection, *kinds: str) -> dict[str, date]:
    """The day on which something of these kinds was last done, by case; without kinds, of any."""
    rows = ledgers.standing(activities)
    chosen = rows.where(activities.c.kind.in_(kinds)) if kinds else rows
    days: dict[str, date] = {}
    for row in connection.execute(chosen):
        days[row.case_id] = max(row.done_on, days.get(row.case_id, row.done_on))
    return days


def handovers(connection: Connection) -> list[Handover]:
    """Every time a family came to a key worker, from whom where there was one before, the earliest first."""
    kept = {row.case_id for row in connection.execute(ledgers.standing(cases))}
    held: dict[str, str] = {}
    found = []
    for row in connection.execute(ledgers.standing(workers)):
        if row.case_id not in kept:
            continue
        found.append(Handover(row.case_id, row.from_on, held.get(row.case_id), row.key_worker, row.reason))
        held[row.case_id] = row.key_worker
    return sorted(found, key=lambda each: each.on)


def _entry(connection: Connection, row: Row[Any], ledger: Ledger, table: Table, day: str) -> CaseEntry:
    withdrawn = connection.scalar(select(table.c.sequence).where(table.c.withdraws == row.sequence))
    common = {"sequence", "withdraws", "reason", "decided_by", "decided_at", "case_id", day}
    said = {name: value for name, value in row._mapping.items() if name not in common}  # noqa: SLF001 - public
    return CaseEntry(
        ledger,
        row.sequence,
        getattr(row, day),
        MappingProxyType(said),
        row.reason,
        row.decided_by,
        row.decided_at,
        is_withdrawn=withdrawn is not None,
    )


def _cases(connection: Connection, *conditions: Any) -> list[Case]:
    rows = connection.execute(ledgers.standing(cases).where(*conditions)).all()
    ids = [row.case_id for row in rows] if conditions else None
    consent, worker, plan, closure = (_newest(connection, each, ids) for each in (consents, workers, plans, closures))
    last = _last_done(connection, ids)
    found = [
        Case(
            case_id=row.case_id,
            sequence=row.sequence,
            family_id=row.family_id,
            attached_on=row.attached_on,
            earlier_case_id=row.earlier_case_id,
            consent=_of(consent, row, "consent"),
            key_worker=_of(worker, row, "key_worker"),
            agency=_of(worker, row, "agency"),
            aims=_of(plan, row, "aims"),
            review_on=_of(plan, row, "review_on"),
            last_activity_on=last.get(row.case_id),
            closed_on=_of(closure, row, "closed_on"),
            close_reason=_of(closure, row, "close_reason"),
            exit_plan=_of(closure, row, "exit_plan"),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.attached_on, each.sequence))


def _newest(connection: Connection, table: Table, ids: list[str] | None) -> dict[str, Row[Any]]:
    rows = ledgers.standing(table)
    chosen = rows if ids is None else rows.where(table.c.case_id.in_(ids))
    return {row.case_id: row for row in connection.execute(chosen)}


def _last_done(connection: Connection, ids: list[str] | None) -> dict[str, date]:
    rows = ledgers.standing(activities)
    chosen = rows if ids is None else rows.where(activities.c.case_id.in_(ids))
    days: dict[str, date] = {}
    for row in connection.execute(chosen):
        days[row.case_id] = max(row.done_on, days.get(row.case_id, row.done_on))
    return days


def _of(rows: Mapping[str, Row[Any]], row: Row[Any], name: str) -> Any:
    found = rows.get(row.case_id)
    return None if found is None else getattr(found, name)
