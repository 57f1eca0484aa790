"""Cases: the families taken on, and what is due; for a key worker, their own."""

from starlette.responses import Response

from casebook.events import Page, PageViewed
from desk.case_dates import Figures
from desk.case_list import SHOWN, CaseRow, case_rows
from desk.visit import Visit
from schemas.vocabulary import DeskRole

_PAGE_ROWS = 50


def show(visit: Visit) -> Response:
    """The list, by what is due."""
    with visit.looking_up() as connection:
        rows = case_rows(visit, connection)
    asked = visit.request.query_params.get("show", "")
    chosen = asked if asked in SHOWN else next(iter(SHOWN))
    found = [row for row in rows if SHOWN[chosen][1](row)]
    page = _page(visit, len(found))
    shown = found[(page - 1) * _PAGE_ROWS : page * _PAGE_ROWS]
    figures = Figures.of(visit)
    visit.record(PageViewed(Page.CASES, visit.month, len(shown)))
    return visit.page(
        "cases.html",
        rows=shown,
        found=len(found),
        tabs=_tabs(rows, chosen),
        chosen=SHOWN[chosen][0],
        pages=_links(visit, chosen, page, len(found)),
        figures=figures,
        is_own=visit.me.role is DeskRole.KEY_WORKER,
        norm=figures.norm(sum(row.is_open for row in rows)),
    )


def _tabs(rows: list[CaseRow], chosen: str) -> list[dict[str, object]]:
    return [
        {"value": value, "words": words, "count": sum(map(holds, rows)), "is_here": value == chosen}
        for value, (words, holds) in SHOWN.items()
    ]


def _page(visit: Visit, found: int) -> int:
    asked = visit.request.query_params.get("page", "1")
    last = max(1, -(-found // _PAGE_ROWS))
    return min(int(asked), last) if asked.isdecimal() and len(asked) < 7 and int(asked) else 1


def _links(visit: Visit, chosen: str, page: int, found: int) -> dict[str, object]:
    here, last = visit.path("cases"), max(1, -(-found // _PAGE_ROWS))
    linked = {
        name: {"href": f"{here}?show={chosen}&page={number}", "labelText": f"{number} of {last}"}
        for name, number in (("previous", page - 1), ("next", page + 1))
        if 1 <= number <= last
    }
    return linked | ({"landmarkLabel": "Pages of cases"} if linked else {})
