"""Reviews: what the data do not settle, in the order of what the answer would change."""

from collections import Counter
from collections.abc import Callable, Mapping

from starlette.responses import Response

from casebook.events import Page, PageViewed
from desk.paging import paged
from desk.questions import Question, next_after, questions_of
from desk.visit import Visit
from schemas.casebook import Standing
from schemas.vocabulary import ReviewKind

PAGE_ROWS = 25
_KINDS: Mapping[str, tuple[str, Callable[[Question], bool]]] = {
    "all": ("Records and homes", lambda _: True),
    ReviewKind.PAIR: ("Two records: one person?", lambda question: question.is_pair),
    ReviewKind.HOUSEHOLD: ("Two people: one home?", lambda question: not question.is_pair),
}
_EFFECTS: Mapping[str, tuple[str, Callable[[Question], bool]]] = {
    "all": ("Any effect or none", lambda _: True),
    "list": (
        "Families come onto or go off the list",
        lambda question: bool(question.row["families_entering"] or question.row["families_leaving"]),
    ),
    "needs": ("Needs change", lambda question: bool(question.row["needs_flipping"])),
    "claims": ("Claims would fall", lambda question: bool(question.row["claims_falling"])),
    "none": ("Nothing would change", lambda question: not question.changes),
}
_STATES: Mapping[str, tuple[str, Callable[[Question], bool]]] = {
    "waiting": ("Waiting for an answer", lambda question: question.is_waiting),
    Standing.OPEN: ("Never answered", lambda question: question.standing is Standing.OPEN),
    Standing.STALE: ("Asked again", lambda question: question.standing is Standing.STALE),
    Standing.DECIDED: ("Decided", lambda question: not question.is_waiting),
    "all": ("All of this month", lambda _: True),
}
_FILTERS = {"state": _STATES, "kind": _KINDS, "effect": _EFFECTS}


def show(visit: Visit) -> Response:
    """The month's questions, those that wait first."""
    with visit.looking_up() as connection:
        questions = questions_of(visit, connection)
    chosen = {name: _chosen(visit, name) for name in _FILTERS}
    found = [
        question for question in questions if all(_FILTERS[name][value][1](question) for name, value in chosen.items())
    ]
    page = paged(visit, "reviews", found, PAGE_ROWS, kept=chosen, label="Pages of questions")
    visit.record(PageViewed(Page.REVIEWS, visit.month, len(page.rows)))
    return visit.page(
        "reviews.html",
        month=visit.month,
        questions=page.rows,
        found=len(found),
        counts=Counter(question.standing for question in questions),
        first=next_after(questions),
        filters=_offered(chosen),
        pages=page.links,
    )


def _chosen(visit: Visit, name: str) -> str:
    asked = visit.request.query_params.get(name, "")
    return asked if asked in _FILTERS[name] else next(iter(_FILTERS[name]))


def _offered(chosen: Mapping[str, str]) -> dict[str, list[dict[str, object]]]:
    return {
        name: [{"value": value, "text": words, "selected": value == chosen[name]} for value, (words, _) in each.items()]
        for name, each in _FILTERS.items()
    }
