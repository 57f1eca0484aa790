"""The steps of a case: consent, plan, what was done, handover, closure, and undoing one of them."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from casebook import cases, people
from casebook.case_files import entries
from casebook.cases import Closing, Plan, Worker
from casebook.errors import CasebookError
from casebook.events import Ledger
from casebook.ledgers import Saying
from casebook.vocabulary import activity_kinds, close_reasons
from desk import forms
from desk.case_list import worker_names
from desk.case_seen import CaseSeen, seen
from desk.pages import case as case_page
from desk.visit import Visit
from desk.ways import Page
from schemas.casebook import Consent
from schemas.vocabulary import DeskRole

Errors = dict[str, str]
ELSEWHERE = "elsewhere"
_LONG = 2_000


@dataclass(frozen=True)
class Step:
    """A form of a case: its template, what is wrong with what was sent, how it is kept, and what is then said."""

    template: str
    fields: tuple[str, ...]
    days: tuple[str, ...]
    wrong: Callable[[Visit, CaseSeen], Errors]
    keep: Callable[[Visit, Connection, CaseSeen], object]
    saved: str

    @property
    def at(self) -> str:
        """The field beside which to say what the casebook refuses."""
        return f"{self.days[0]}-day" if self.days else self.fields[0]


def asks(step: Step) -> Page:
    """The page that shows a step's form."""

    def show(visit: Visit) -> Response:
        return _form(visit, step, _seen(visit), {})

    return show


def keeps(step: Step) -> Page:
    """The page that takes a step's form."""

    def save(visit: Visit) -> Response:
        it = _seen(visit)
        errors = step.wrong(visit, it)
        if not errors:
            try:
                with visit.writing() as connection:
                    step.keep(visit, connection, it)
            except CasebookError as error:
                errors = {step.at: str(error)}
        if errors:
            return _form(visit, step, it, errors)
        visit.tell(step.saved)
        return visit.go("case", case_id=it.case.case_id)

    return save


def _seen(visit: Visit) -> CaseSeen:
    with visit.looking_up() as connection:
        return seen(visit, connection, str(visit.request.path_params["case_id"]))


def _form(visit: Visit, step: Step, it: CaseSeen, errors: Errors) -> Response:
    typed = forms.typed(visit, *step.fields, days=step.days)
    if not visit.form and step.days:
        typed |= forms.day_typed(step.days[0], forms.today())
    if step is ACTIVITY:
        return case_page.page(visit, errors)
    return visit.page(
        step.template,
        status=422 if errors else 200,
        it=it,
        errors=errors,
        typed=typed,
        workers=workers_offered(visit),
        reasons=close_reasons(),
    )


def day_wrong(visit: Visit, name: str, what: str) -> Errors:
    """What is wrong with a day that has to be given."""
    if forms.is_empty(visit, name):
        return {f"{name}-day": f"Enter the day {what}"}
    return {} if forms.day(visit, name) else {f"{name}-day": "Enter a real day, for example 3 10 2026"}


def the_day(visit: Visit, name: str) -> dt.date:
    """A day that was found to be right."""
    day = forms.day(visit, name)
    if day is None:
        raise HTTPException(422)
    return day


def saying(visit: Visit) -> Saying:
    """Who says it, and the reason where one was given."""
    return Saying(visit.signature, forms.text(visit, "reason") or None)


def workers_offered(visit: Visit) -> list[dict[str, str]]:
    """The key workers who use the desk, and one who does not, for a list to choose from."""
    with visit.looking_up() as connection:
        known = [user for user in people.everyone(connection) if not user.is_disabled]
    mine = [user for user in known if user.role is DeskRole.KEY_WORKER]
    chosen = [{"value": user.username, "text": user.display_name} for user in mine]
    return [{"value": "", "text": "Choose a key worker"}, *chosen, {"value": ELSEWHERE, "text": "Somebody else"}]


def worker_wrong(visit: Visit) -> Errors:
    """What is wrong with the key worker who was named."""
    chosen = forms.text(visit, "worker")
    if chosen == ELSEWHERE:
        return {} if forms.text(visit, "other_worker") else {"other_worker": "Enter the key worker's name"}
    known = {str(each["value"]) for each in workers_offered(visit)} - {""}
    return {} if chosen in known else {"worker": "Choose a key worker"}


def worker_named(visit: Visit) -> Worker:
    """The key worker who was named: by user name where they use the desk."""
    chosen = forms.text(visit, "worker")
    name = forms.text(visit, "other_worker", most=100) if chosen == ELSEWHERE else chosen
    return Worker(name, forms.text(visit, "agency", most=100) or None)


def _consent_wrong(visit: Visit, _: CaseSeen) -> Errors:
    known = forms.text(visit, "consent") in set(Consent)
    return ({} if known else {"consent": "Choose what the family said"}) | day_wrong(visit, "given_on", "they said so")


def _keep_consent(visit: Visit, connection: Connection, it: CaseSeen) -> object:
    said = Consent(forms.text(visit, "consent"))
    return cases.record_consent(connection, it.case.case_id, said, saying(visit), on=the_day(visit, "given_on"))


def _plan_wrong(visit: Visit, it: CaseSeen) -> Errors:
    if not it.may_plan:
        return {"aims": "There is a plan only for a family that agreed and that is being worked with"}
    errors = {} if forms.text(visit, "aims") else {"aims": "Say what the family and you aim at"}
    errors |= day_wrong(visit, "planned_on", "of the plan")
    review = {} if forms.is_empty(visit, "review_on") else day_wrong(visit, "review_on", "")
    planned, again = forms.day(visit, "planned_on"), forms.day(visit, "review_on")
    if planned and again and again <= planned:
        review = {"review_on-day": "The plan is looked at again after the day on which it is made"}
    return errors | review


def _keep_plan(visit: Visit, connection: Connection, it: CaseSeen) -> object:
    aims = forms.text(visit, "aims", most=_LONG)
    planned = Plan(the_day(visit, "planned_on"), aims, forms.day(visit, "review_on"))
    return cases.plan(connection, it.case.case_id, planned, saying(visit))


def _activity_wrong(visit: Visit, it: CaseSeen) -> Errors:
    if it.is_declined:
        return {"kind": "The family declined: nothing more is recorded of it"}
    known = forms.text(visit, "kind") in activity_kinds()
    return ({} if known else {"kind": "Choose what was done"}) | day_wrong(visit, "done_on", "on which it was done")


def _keep_activity(visit: Visit, connection: Connection, it: CaseSeen) -> object:
    kind, day = forms.text(visit, "kind"), the_day(visit, "done_on")
    return cases.record_activity(connection, it.case.case_id, kind, saying(visit), done_on=day)


def _hand_over_wrong(visit: Visit, _: CaseSeen) -> Errors:
    reason = {} if forms.text(visit, "reason") else {"reason": "Say why"}
    return worker_wrong(visit) | day_wrong(visit, "from_on", "from which they work with the family") | reason


def _keep_hand_over(visit: Visit, connection: Connection, it: CaseSeen) -> object:
    worker, day = worker_named(visit), the_day(visit, "from_on")
    return cases.hand_over(connection, it.case.case_id, worker, saying(visit), from_on=day)


def _close_wrong(visit: Visit, _: CaseSeen) -> Errors:
    errors = (
        {} if forms.text(visit, "close_reason") in close_reasons() else {"close_reason": "Choose why the work ends"}
    )
    plan = {} if forms.text(visit, "exit_plan") else {"exit_plan": "Say what happens next for the family"}
    return errors | day_wrong(visit, "closed_on", "on which the work ended") | plan


def _keep_close(visit: Visit, connection: Connection, it: CaseSeen) -> object:
    plan = forms.text(visit, "exit_plan", most=_LONG)
    closing = Closing(the_day(visit, "closed_on"), forms.text(visit, "close_reason"), plan)
    return cases.close(connection, it.case.case_id, closing, saying(visit))


CONSENT = Step(
    "case_consent.html", ("consent", "reason"), ("given_on",), _consent_wrong, _keep_consent, "Consent recorded."
)
PLAN = Step("case_plan.html", ("aims",), ("planned_on", "review_on"), _plan_wrong, _keep_plan, "Plan saved.")
ACTIVITY = Step("case.html", ("kind",), ("done_on",), _activity_wrong, _keep_activity, "Recorded.")
HAND_OVER = Step(
    "case_hand_over.html",
    ("worker", "other_worker", "agency", "reason"),
    ("from_on",),
    _hand_over_wrong,
    _keep_hand_over,
    "Handed over. Who had the family before stays on record.",
)
CLOSE = Step(
    "case_close.html", ("close_reason", "exit_plan"), ("closed_on",), _close_wrong, _keep_close, "The case is closed."
)


def ask_undo(visit: Visit) -> Response:
    """The form for undoing one entry."""
    return _undo_form(visit, {})


def undo(visit: Visit) -> Response:
    """Withdraw one entry of the case; both stay on record."""
    if not forms.text(visit, "reason"):
        return _undo_form(visit, {"reason": "Say why you undo it"})
    it, (ledger, sequence) = _seen(visit), _entry(visit)
    try:
        with visit.writing() as connection:
            cases.withdraw(connection, ledger, sequence, saying(visit))
    except CasebookError as error:
        return _undo_form(visit, {"reason": str(error)})
    visit.tell("Undone. Both the entry and its undoing stay on record.")
    return visit.go("cases") if ledger is Ledger.CASES else visit.go("case", case_id=it.case.case_id)


def _entry(visit: Visit) -> tuple[Ledger, int]:
    """The entry of the address, if it is one of this case that the visitor may undo."""
    it, asked = _seen(visit), visit.request.path_params
    with visit.looking_up() as connection:
        for entry in entries(connection, it.case.case_id):
            if (entry.ledger.value, entry.sequence) == (asked["ledger"], asked["sequence"]):
                if not case_page.may_undo(visit, entry, it.case):
                    raise HTTPException(403)
                return entry.ledger, entry.sequence
    raise HTTPException(404)


def _undo_form(visit: Visit, errors: Mapping[str, str]) -> Response:
    ledger, sequence = _entry(visit)
    it = _seen(visit)
    with visit.looking_up() as connection:
        names = worker_names(connection)
        said = next(
            entry
            for entry in entries(connection, it.case.case_id)
            if (entry.ledger, entry.sequence) == (ledger, sequence)
        )
    words = case_page.words_of(said, names)
    return visit.page(
        "case_undo.html",
        status=422 if errors else 200,
        it=it,
        entry=said,
        words=words,
        errors=errors,
        typed=forms.typed(visit, "reason"),
    )
