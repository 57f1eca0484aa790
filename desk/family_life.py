"""What happened to a family, newest first: its id, its place on the list, the work with it, its claims. Codes only."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from casebook import claims, people
from casebook.case_files import CaseEntry, case, cases_of, entries
from casebook.errors import UnknownRowError
from casebook.events import Ledger
from casebook.vocabulary import activity_kinds, close_reasons
from desk.access import Permission
from desk.month_changes import CAUSE_WORDS
from desk.rendering import month as in_words
from desk.visit import Visit

_IDENTITY = """
    select month, event, id, other_id, cause from family_events
    where id = $family or other_id = $family order by month desc, id
"""
_SEEN = "select 1 as one from families where family_id = ?"
_LISTED = "select first_identified from cohort where family_id = ? and first_identified is not null"
_BROUGHT = "select * from attachments where family_id = ?"
_CASES = """
    select case_id from every_case where family_id = ? and case_id is not null
"""
_CLAIMS = "select claim_id from claims where family_id = ?"
_CONSENT = {"given": "Consent given", "declined": "Consent declined", "not_asked": "Consent not asked for yet"}


@dataclass(frozen=True)
class Happening:
    """One thing on the timeline: the day, what in a few words, and more; `month_only` where no day is known.

    `family`: another one that it is about, where the visitor may open its page.
    """

    on: dt.date
    title: str
    more: str = ""
    by: str = ""
    month_only: bool = False
    family: str = ""


def life(visit: Visit, family_id: str) -> list[Happening]:
    """The family's timeline, the newest first."""
    found = [*_of_ids(visit, family_id), *_brought_in(visit, family_id)]
    with visit.looking_up() as connection:
        if visit.may(Permission.SEE_CASES):
            found += _of_cases(connection, visit, family_id)
        if visit.may(Permission.SEE_CLAIMS):
            found += _of_claims(connection, visit, family_id)
    return sorted(found, key=lambda each: each.on, reverse=True)


def _of_ids(visit: Visit, family_id: str) -> Iterator[Happening]:
    words = {"new": "Seen as a family for the first time", "gone": "No longer seen as a family"}
    for row in visit.rows(_IDENTITY, {"family": family_id}):
        title = words.get(row["event"]) or _moved(row, family_id)
        cause = f"Cause: {CAUSE_WORDS.get(row['cause'], row['cause']).lower()}."
        other = row["other_id"] if row["id"] == family_id else row["id"]
        seen = visit.one(_SEEN, [other]) if row["event"] == "split" else None
        yield Happening(_day(row["month"]), title, cause, month_only=True, family=other if seen else "")
    if listed := visit.one(_LISTED, [family_id]):
        title = "First on the list of identified families"
        yield Happening(_day(listed["first_identified"]), title, month_only=True)


def _moved(row: Mapping[str, Any], family_id: str) -> str:
    here = row["id"] == family_id
    if row["event"] == "joined":
        return f"Became part of family {row['other_id']}" if here else f"Family {row['id']} became part of this one"
    return f"Split from family {row['other_id']}" if here else f"Family {row['id']} split from this one"


def _brought_in(visit: Visit, family_id: str) -> Iterator[Happening]:
    """Work that an older system knew of; what the casebook knows stands there."""
    if visit.one("select 1 as one from cases_now where family_id = ? and case_id is not null", [family_id]):
        return
    for row in visit.rows(_BROUGHT, [family_id]):
        yield Happening(row["attached_on"], "Taken on", f"Key worker: {row['key_worker'] or 'not known'}.")
        if row["closed_on"]:
            yield Happening(row["closed_on"], "Work ended", _reason(row["close_reason"]))


def _of_cases(connection: Connection, visit: Visit, family_id: str) -> Iterator[Happening]:
    names = {user.user_id: user.display_name for user in people.everyone(connection)}
    for each in cases_of(connection, *_ids(connection, visit, family_id)):
        for entry in entries(connection, each.case_id):
            if not entry.is_withdrawn and _title(entry):
                yield Happening(entry.on, _title(entry), _more(entry), names.get(entry.decided_by, ""))


def _ids(connection: Connection, visit: Visit, family_id: str) -> set[str]:
    """The ids under which the family was taken on, for it may have been taken on as two."""
    ids = {family_id}
    for row in visit.rows(_CASES, [family_id]):
        with suppress(UnknownRowError):
            ids.add(case(connection, row["case_id"]).family_id)
    return ids


def _title(entry: CaseEntry) -> str:
    if entry.ledger is Ledger.ACTIVITIES:
        kind = activity_kinds().get(entry.said["kind"])
        return kind.words if kind else str(entry.said["kind"])
    if entry.ledger is Ledger.CONSENTS:
        return _CONSENT.get(entry.said["consent"], "Consent")
    words = {Ledger.CASES: "Taken on", Ledger.WORKERS: "Key worker named", Ledger.PLANS: "Plan made or changed"}
    return words.get(entry.ledger, "Work ended")


def _more(entry: CaseEntry) -> str:
    if entry.ledger is Ledger.WORKERS:
        return ", ".join(filter(None, (entry.said["key_worker"], entry.said["agency"]))) + "."
    return _reason(entry.said["close_reason"]) if entry.ledger is Ledger.CLOSURES else ""


def _reason(code: str | None) -> str:
    return f"{close_reasons().get(code or '', code or 'Reason not known')}."


def _of_claims(connection: Connection, visit: Visit, family_id: str) -> Iterator[Happening]:
    names = {user.user_id: user.display_name for user in people.everyone(connection)}
    for row in visit.rows(_CLAIMS, [family_id]):
        yield from _steps(claims.steps(connection, row["claim_id"]), names)


def _steps(taken: Iterable[claims.Step], names: Mapping[str, str]) -> Iterator[Happening]:
    for step in taken:
        title = f"Claim {step.status.value}"
        yield Happening(step.decided_at.date(), title, step.claim_id, names.get(step.decided_by, ""))


def _day(month: str) -> dt.date:
    return dt.date(int(month[:4]), int(month[5:7]), 1)


def when(happening: Happening) -> str:
    """The day of a happening in words, or its month."""
    on = happening.on
    return in_words(f"{on:%Y-%m}") if happening.month_only else f"{on.day} {on:%B %Y}"
