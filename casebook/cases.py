"""Families taken on: attached, agreed with, planned for, worked with, handed over, closed, and taken on again.

A case keeps the family id that it was made under. When a run joins that family to another, the run finds out what the
id has become (`assets/casebook.py`); nothing is rewritten here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from sqlalchemy import Connection, Table

from casebook import events, ledgers
from casebook.case_files import Case, case, cases_of
from casebook.errors import OutOfOrderError, RefusedWordError
from casebook.ledgers import Saying
from casebook.questions import need_reason
from casebook.tables import activities, cases, closures, consents, plans, workers
from casebook.tokens import new_id
from casebook.vocabulary import activity_kinds, allow, close_reasons
from schemas.casebook import Consent

# Clocks differ, and the day begins earlier here than in UTC.
_SLACK = timedelta(days=1)
_PARTS: Mapping[events.Ledger, Table] = MappingProxyType(
    {
        events.Ledger.CASES: cases,
        events.Ledger.CONSENTS: consents,
        events.Ledger.WORKERS: workers,
        events.Ledger.PLANS: plans,
        events.Ledger.ACTIVITIES: activities,
        events.Ledger.CLOSURES: closures,
    }
)


@dataclass(frozen=True)
class Worker:
    """The key worker: the user name where they use the desk, else a name; and their agency."""

    key_worker: str
    agency: str | None = None


@dataclass(frozen=True)
class Attaching:
    """A family to be taken on; `also_known_as` are ids that it bore before, under which its earlier work may stand."""

    family_id: str
    attached_on: date
    consent: Consent
    worker: Worker
    also_known_as: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Plan:
    """What the family and its workers aim at, and when to look at it again."""

    planned_on: date
    aims: str
    review_on: date | None = None


@dataclass(frozen=True)
class Closing:
    """The end of the work: when, why by its code, and what happens next."""

    closed_on: date
    close_reason: str
    exit_plan: str


def attach(connection: Connection, attaching: Attaching, saying: Saying) -> str:
    """Take a family on; gives the case's id. Raises OutOfOrderError where the family is being worked with already."""
    earlier = cases_of(connection, attaching.family_id, *attaching.also_known_as)
    if any(each.is_open for each in earlier):
        message = f"Family {attaching.family_id} is being worked with. Hand the case over, or close it first."
        raise OutOfOrderError(message)
    _not_ahead(attaching.attached_on, saying)
    last = earlier[-1] if earlier else None
    if last and last.closed_on and attaching.attached_on < last.closed_on:
        raise OutOfOrderError("The family cannot be taken on again before the earlier work ended. Correct the day.")
    case_id = new_id("K")

    def telling(ledger: events.Ledger, row: int, row_hash: str) -> events.LedgerEvent:
        return events.FamilyAttached(ledger, row, row_hash, attaching.family_id)

    ledgers.add(
        connection,
        cases,
        saying,
        telling,
        case_id=case_id,
        family_id=attaching.family_id,
        attached_on=attaching.attached_on,
        earlier_case_id=last.case_id if last else None,
    )
    record_consent(connection, case_id, attaching.consent, saying, on=attaching.attached_on)
    _name(connection, case_id, attaching.worker, saying, from_on=attaching.attached_on)
    return case_id


def record_consent(connection: Connection, case_id: str, consent: Consent, saying: Saying, *, on: date) -> int:
    """Say whether the family agreed, from a day on."""
    _not_ahead(on, saying)
    return _add(connection, consents, case_id, saying, consent=Consent(consent).value, given_on=on)


def hand_over(connection: Connection, case_id: str, worker: Worker, saying: Saying, *, from_on: date) -> int:
    """Give an open case another key worker; who had it before stays on record. Raises ReasonMissingError."""
    need_reason(saying)
    _open(connection, case_id)
    return _name(connection, case_id, worker, saying, from_on=from_on)


def _name(connection: Connection, case_id: str, worker: Worker, saying: Saying, *, from_on: date) -> int:
    if not worker.key_worker.strip():
        raise RefusedWordError("Name the key worker.")
    named = {"key_worker": worker.key_worker.strip(), "agency": (worker.agency or "").strip() or None}
    return _add(connection, workers, case_id, saying, from_on=from_on, **named)


def plan(connection: Connection, case_id: str, planned: Plan, saying: Saying) -> int:
    """Write down the family's plan; the newest is in force, and the earlier ones stay."""
    _open(connection, case_id)
    if not planned.aims.strip():
        raise RefusedWordError("Say what the plan aims at.")
    dates = {"planned_on": planned.planned_on, "review_on": planned.review_on}
    return _add(connection, plans, case_id, saying, aims=planned.aims.strip(), **dates)


def record_activity(connection: Connection, case_id: str, kind: str, saying: Saying, *, done_on: date) -> int:
    """Note that something was done, by its code (`casebook.vocabulary.activity_kinds`)."""
    code = allow(kind, activity_kinds(), "kind of activity")
    _not_ahead(done_on, saying)
    now = case(connection, case_id)
    if now.closed_on and done_on > now.closed_on and not activity_kinds()[code].after_closure:
        message = f"Case {case_id} was closed before that day. Correct the day, or take the family on again."
        raise OutOfOrderError(message)
    return _add(connection, activities, case_id, saying, kind=code, done_on=done_on)


def close(connection: Connection, case_id: str, closing: Closing, saying: Saying) -> int:
    """End the work, with the reason's code and the exit plan. Raises OutOfOrderError where it has ended."""
    now = _open(connection, case_id)
    code = allow(closing.close_reason, close_reasons(), "reason for closing")
    if closing.closed_on < now.attached_on:
        raise OutOfOrderError("A case cannot close before the family was taken on. Correct the day.")
    _not_ahead(closing.closed_on, saying)
    if not closing.exit_plan.strip():
        raise RefusedWordError("Say what happens next for the family: the exit plan.")
    values = {"closed_on": closing.closed_on, "exit_plan": closing.exit_plan.strip()}
    return _add(connection, closures, case_id, saying, close_reason=code, **values)


def withdraw(connection: Connection, ledger: events.Ledger, sequence: int, saying: Saying) -> int:
    """Undo one entry of a case: a closure (the case is open again), an activity, a plan, or the whole attachment."""
    need_reason(saying)
    if ledger not in _PARTS:
        raise RefusedWordError("This is no part of a case.")
    return ledgers.withdraw(connection, _PARTS[ledger], sequence, saying)


def _open(connection: Connection, case_id: str) -> Case:
    now = case(connection, case_id)
    if not now.is_open:
        message = f"Case {case_id} is closed. Withdraw the closure if it was a mistake, or take the family on again."
        raise OutOfOrderError(message)
    return now


def _add(connection: Connection, table: Table, case_id: str, saying: Saying, **values: object) -> int:
    case(connection, case_id)

    def telling(ledger: events.Ledger, row: int, row_hash: str) -> events.LedgerEvent:
        return events.CaseChanged(ledger, row, row_hash, case_id)

    return ledgers.add(connection, table, saying, telling, case_id=case_id, **values)


def _not_ahead(day: date, saying: Saying) -> None:
    if day > saying.signature.at.date() + _SLACK:
        raise OutOfOrderError("This day is still to come. Give the day on which it happened.")
