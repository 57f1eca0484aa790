"""One case: consent, key worker, plan, what was done, how it ended, and what is due after that."""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.responses import Response

from casebook import people
from casebook.case_files import Case, CaseEntry, case, entries, last_done
from casebook.events import FamilyViewed, Ledger
from casebook.vocabulary import activity_kinds, close_reasons
from desk import forms
from desk.access import Permission
from desk.case_dates import FOLLOW_UPS, Figures, days_of
from desk.case_list import CONSENT_WORDS, named, worker_names
from desk.case_seen import CaseSeen, others_open, seen
from desk.visit import Visit

_WORK = frozenset({Ledger.PLANS, Ledger.ACTIVITIES})


def show(visit: Visit) -> Response:
    """The case of the address."""
    return page(visit)


def page(visit: Visit, errors: Mapping[str, str] | None = None) -> Response:
    """The case's page, with what is wrong with a form that was sent from it."""
    with visit.looking_up() as connection:
        it = seen(visit, connection, str(visit.request.path_params["case_id"]))
        said = [
            entry for entry in entries(connection, it.case.case_id) if it.may_read_work or entry.ledger not in _WORK
        ]
        names = worker_names(connection)
        who = {entry.decided_by: people.find(connection, entry.decided_by).display_name for entry in said}
        followed = last_done(connection, *FOLLOW_UPS).get(it.case.case_id)
        earlier = case(connection, it.case.earlier_case_id) if it.case.earlier_case_id else None
    visit.record(FamilyViewed(it.family_id, visit.month))
    figures = Figures.of(visit)
    return visit.page(
        "case.html",
        status=422 if errors else 200,
        it=it,
        consent=CONSENT_WORDS.get(it.case.consent, "Not known"),
        worker=named(it.case.key_worker, names),
        days=days_of(vars(it.case), figures, followed_up=followed, today=forms.today()),
        figures=figures,
        earlier=earlier,
        others=others_open(visit, it.family_id, it.case.case_id),
        reasons=close_reasons(),
        timeline=list(_told(reversed(said), names, who, visit, it)),
        kinds=_kinds(it),
        typed=forms.typed(visit, "kind", days=("done_on",)) if errors else forms.day_typed("done_on", forms.today()),
        errors=errors or {},
    )


def _kinds(it: CaseSeen) -> list[dict[str, str]]:
    offered = {code: kind for code, kind in activity_kinds().items() if it.case.is_open or kind.after_closure}
    return [{"value": "", "text": "Choose what was done"}] + [
        {"value": code, "text": kind.words} for code, kind in offered.items()
    ]


def _told(
    said: Iterable[CaseEntry], names: Mapping[str, str], who: Mapping[str, str], visit: Visit, it: CaseSeen
) -> Iterable[dict[str, Any]]:
    for entry in said:
        yield {
            "entry": entry,
            "words": words_of(entry, names, brief=not it.may_read_work),
            "who": who[entry.decided_by],
            "undo": may_undo(visit, entry, it.case),
        }


def words_of(entry: CaseEntry, names: Mapping[str, str], *, brief: bool = False) -> str:
    """An entry in words; `brief` leaves out what somebody wrote of the family."""
    said = entry.said
    match entry.ledger:
        case Ledger.CASES:
            return "Taken on"
        case Ledger.CONSENTS:
            return f"Consent: {CONSENT_WORDS.get(said['consent'], 'not known').lower()}"
        case Ledger.WORKERS:
            return f"Key worker: {named(said['key_worker'], names)}" + (f", {said['agency']}" if said["agency"] else "")
        case Ledger.PLANS:
            return f"Plan: {said['aims']}"
        case Ledger.ACTIVITIES:
            return activity_kinds()[said["kind"]].words
        case _:
            closed = f"Closed: {close_reasons()[said['close_reason']].lower()}"
            return closed if brief else f"{closed}. Next: {said['exit_plan']}"


def may_undo(visit: Visit, entry: CaseEntry, it: Case) -> bool:
    """Whether the visitor may undo an entry: work by those who record it, the rest by those who attach families."""
    if entry.is_withdrawn:
        return False
    if entry.ledger in {Ledger.CONSENTS, Ledger.WORKERS} and entry.on == it.attached_on:
        return False
    needs = Permission.RECORD_PROGRESS if entry.ledger in _WORK else Permission.ATTACH_FAMILIES
    return visit.may(needs)
