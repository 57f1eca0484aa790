"""Taking a family on: consent, agency, key worker, and the day; with what there was before."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from casebook import cases
from casebook.case_files import Case, cases_of
from casebook.cases import Attaching
from casebook.errors import CasebookError
from casebook.events import FamilyViewed
from casebook.vocabulary import close_reasons
from desk import forms
from desk.case_list import family_name
from desk.pages.case_steps import day_wrong, saying, the_day, worker_named, worker_wrong, workers_offered
from desk.visit import Visit
from schemas.casebook import Consent

_FAMILY = "select * from family_rows where family_id = ?"
_BROUGHT = "select * from cases_now where family_id = ? and case_id is null"
_BECAME = "select id from family_became where family_id = ?"
_FIELDS = ("consent", "worker", "other_worker", "agency", "reason")


def show(visit: Visit) -> Response:
    """The form for a family."""
    family = _family(visit)
    visit.record(FamilyViewed(str(family["family_id"]), visit.month))
    return _form(visit, family, {})


def attach(visit: Visit) -> Response:
    """Take the family on."""
    family = _family(visit)
    family_id = str(family["family_id"])
    errors = {} if forms.text(visit, "consent") in set(Consent) else {"consent": "Choose what the family said"}
    errors |= worker_wrong(visit) | day_wrong(visit, "attached_on", "on which the family was taken on")
    if errors:
        return _form(visit, family, errors)
    attaching = Attaching(
        family_id,
        the_day(visit, "attached_on"),
        Consent(forms.text(visit, "consent")),
        worker_named(visit),
        _known_as(visit, family_id),
    )
    try:
        with visit.writing() as connection:
            case_id = cases.attach(connection, attaching, saying(visit))
    except CasebookError as error:
        return _form(visit, family, {"attached_on-day": str(error)})
    visit.tell("The family is taken on. The next monthly run follows it from that day.")
    return visit.go("case", case_id=case_id)


def _family(visit: Visit) -> dict[str, Any]:
    row = visit.one(_FAMILY, [str(visit.request.path_params["family_id"])])
    if row is None:
        raise HTTPException(404)
    return row


def _known_as(visit: Visit, family_id: str) -> frozenset[str]:
    """The ids that the family bore before others joined it."""
    return frozenset(str(row["id"]) for row in visit.rows(_BECAME, [family_id]))


def _form(visit: Visit, family: Mapping[str, Any], errors: Mapping[str, str]) -> Response:
    family_id = str(family["family_id"])
    with visit.looking_up() as connection:
        earlier: list[Case] = cases_of(connection, family_id, *_known_as(visit, family_id))
    brought = visit.one(_BROUGHT, [family_id])
    typed = forms.typed(visit, *_FIELDS, days=("attached_on",))
    if not visit.form:
        begun = brought["attached_on"] if brought and brought["closed_on"] is None else forms.today()
        typed |= forms.day_typed("attached_on", begun)
    return visit.page(
        "attach.html",
        status=422 if errors else 200,
        family=family,
        name=family_name(family["surnames"], family_id),
        earlier=earlier,
        open_case=next((each for each in earlier if each.is_open), None),
        brought=brought,
        reasons=close_reasons(),
        workers=workers_offered(visit),
        typed=typed,
        errors=errors,
    )
