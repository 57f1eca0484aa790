"""A family: who belongs to it and how we know, what it needs, what happened, and who works with it."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from casebook import audit
from casebook.events import AddressRevealed, FamilyViewed
from desk import family_life, family_ties
from desk.case_seen import others_open
from desk.family_gone import gone
from desk.needs_told import Headline, headlines
from desk.spider import Spider, spider
from desk.visit import Visit
from desk.who_belongs import Belonging, belonging

_COHORT = "select * from cohort where family_id = ?"
_CASE = "select * from cases_now where family_id = ?"


def show(visit: Visit) -> Response:
    """The family of the id; an id that became part of another family leads there, one that is gone is told of."""
    family_id = visit.request.path_params["family_id"]
    known = belonging(visit, family_id)
    if known is None:
        return _moved(visit, family_id)
    shown = _shown(visit, family_id, known)
    _audit(visit, known)
    return visit.page("family.html", month=visit.month, family_id=family_id, **shown)


def _shown(visit: Visit, family_id: str, known: Belonging) -> Mapping[str, Any]:
    names = known.names
    needs = headlines(visit, family_id, names)
    own = visit.one(_CASE, [family_id])
    return {
        "known": known,
        "surnames": _surnames(known),
        "listed": visit.one(_COHORT, [family_id]),
        "case": own,
        "others": others_open(visit, family_id, own["case_id"]) if own else [],
        "headlines": needs,
        "chart": _chart(needs),
        "timeline_rows": [(family_life.when(each), each) for each in family_life.life(visit, family_id)],
        "agencies": family_ties.agencies(visit, family_id, names),
        "outcomes": family_ties.outcomes(visit, family_id),
        "claims": family_ties.claims_of(visit, family_id),
        "questions": family_ties.questions(visit, family_id),
        "changes": family_ties.changes(visit, family_id),
    }


def _surnames(known: Belonging) -> list[str]:
    """Each surname once, however agencies spell it; a spelling in capitals only where there is no other."""
    given = sorted({row["surname"] for row in known.members if row["surname"]}, key=str.isupper)
    return list({name.casefold(): name for name in reversed(given)}.values())[::-1]


def _chart(needs: list[Headline]) -> Spider | None:
    return spider([(headline.name, headline.met) for headline in needs])


def _audit(visit: Visit, known: Belonging) -> None:
    family_id = known.family["family_id"]
    with visit.writing() as connection:
        audit.record(connection, FamilyViewed(family_id, visit.month), visit.signature)
        if known.family["is_protected"] and not known.is_sheltered:
            audit.record(connection, AddressRevealed(family_id, visit.month), visit.signature)


def _moved(visit: Visit, family_id: str) -> Response:
    now = family_ties.became(visit, family_id)
    if now is None or belonging(visit, now) is None:
        return _gone(visit, family_id)
    visit.tell(f"Family {family_id} is now part of this family, {now}.")
    return visit.go("family", family_id=now)


def _gone(visit: Visit, family_id: str) -> Response:
    told = gone(visit, family_id)
    if told is None:
        raise HTTPException(404)
    visit.record(FamilyViewed(family_id, visit.month))
    timeline = [(family_life.when(each), each) for each in family_life.life(visit, family_id)]
    return visit.page("family_gone.html", month=visit.month, family_id=family_id, gone=told, timeline_rows=timeline)
