"""Key workers: what each has against the norm, who handed what to whom, and handing all over when one leaves."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import Response

from casebook import cases
from casebook.errors import CasebookError
from casebook.events import Page, PageViewed
from desk import forms
from desk.access import Permission
from desk.case_dates import Figures
from desk.caseloads import Caseload, caseloads, key_workers, passed_on
from desk.pages.case_steps import ELSEWHERE, day_wrong, saying, the_day, worker_named, worker_wrong
from desk.rendering import plural
from desk.visit import Visit

_MOST = 50


def show(visit: Visit) -> Response:
    """All key workers."""
    with visit.looking_up() as connection:
        found = caseloads(visit, connection)
        passed = passed_on(connection, most=_MOST)
    visit.record(PageViewed(Page.KEY_WORKERS, visit.month, len(found)))
    unnamed = visit.one("select count(*) as families from cases_now where closed_on is null and key_worker is null")
    return visit.page(
        "key_workers.html",
        caseloads=found,
        passed=passed,
        figures=Figures.of(visit),
        unnamed=unnamed["families"] if unnamed else 0,
    )


def show_one(visit: Visit) -> Response:
    """One key worker: families, follow-ups, silence, handovers."""
    with visit.looking_up() as connection:
        it = _asked(visit, caseloads(visit, connection))
        passed = passed_on(connection, most=_MOST, worker=it.key_worker)
    visit.record(PageViewed(Page.KEY_WORKERS, visit.month, len(it.rows)))
    return visit.page(
        "key_worker.html",
        it=it,
        passed=passed,
        figures=Figures.of(visit),
        may_hand_over=visit.may(Permission.ATTACH_FAMILIES) and any(row.row["case_id"] for row in it.open),
    )


def ask_hand_over(visit: Visit) -> Response:
    """The form for handing families to another key worker, all ticked."""
    found = _all(visit)
    it = _asked(visit, found)
    return _form(visit, it, found, {str(row.row["case_id"]) for row in it.open}, {})


def hand_over(visit: Visit) -> Response:
    """Hand over the ticked families, all or none."""
    found = _all(visit)
    it = _asked(visit, found)
    chosen = set(forms.texts(visit, "cases"))
    ticked = [str(row.row["case_id"]) for row in it.open if str(row.row["case_id"]) in chosen]
    errors = _wrong(visit, it, ticked)
    if not errors:
        try:
            with visit.writing() as connection:
                for case_id in ticked:
                    said, day = saying(visit), the_day(visit, "from_on")
                    cases.hand_over(connection, case_id, worker_named(visit), said, from_on=day)
        except CasebookError as error:
            errors = {"cases": str(error)}
    if errors:
        return _form(visit, it, found, chosen, errors)
    visit.tell(_saved(visit, len(ticked)))
    return visit.go("key_worker", worker_id=it.worker_id)


def _all(visit: Visit) -> list[Caseload]:
    with visit.looking_up() as connection:
        return caseloads(visit, connection)


def _asked(visit: Visit, found: list[Caseload]) -> Caseload:
    wanted = visit.request.path_params["worker_id"]
    for each in found:
        if each.worker_id == wanted:
            return each
    raise HTTPException(404)


def _wrong(visit: Visit, it: Caseload, ticked: list[str]) -> dict[str, str]:
    errors = {} if ticked else {"cases": "Choose at least one family"}
    errors |= worker_wrong(visit)
    if forms.text(visit, "worker").casefold() == it.key_worker.casefold():
        errors["worker"] = "Choose another key worker: these are their families already"
    errors |= day_wrong(visit, "from_on", "from which they work with the families")
    return errors | ({} if forms.text(visit, "reason") else {"reason": "Say why"})


def _saved(visit: Visit, families: int) -> str:
    """What was done, and how the new caseload stands; without a name, for it is kept aside for a while."""
    taken = worker_named(visit).key_worker.casefold()
    now = next((each for each in _all(visit) if each.key_worker.casefold() == taken), None)
    load = f" Their caseload is now {plural(len(now.open), 'family', 'families')}: {now.norm.lower()}." if now else ""
    return f"{plural(families, 'family', 'families')} handed over.{load}"


def _form(visit: Visit, it: Caseload, found: list[Caseload], chosen: set[str], errors: Mapping[str, str]) -> Response:
    typed = forms.typed(visit, "worker", "other_worker", "agency", "reason", days=("from_on",))
    if not visit.form:
        typed |= forms.day_typed("from_on", forms.today())
    return visit.page(
        "key_worker_hand_over.html",
        status=422 if errors else 200,
        it=it,
        rows=[row for row in it.open if row.row["case_id"]],
        chosen=chosen,
        workers=_offered(visit, it, found),
        typed=typed,
        errors=errors,
    )


def _offered(visit: Visit, it: Caseload, found: list[Caseload]) -> list[dict[str, str]]:
    """The other key workers of the desk, each with what they have already."""
    with visit.looking_up() as connection:
        known = set(key_workers(connection))
    others = [each for each in found if each.worker_id != it.worker_id and each.key_worker.casefold() in known]
    listed = [
        {"value": each.key_worker, "text": f"{each.name} ({plural(len(each.open), 'family', 'families')})"}
        for each in others
    ]
    return [{"value": "", "text": "Choose a key worker"}, *listed, {"value": ELSEWHERE, "text": "Somebody else"}]
