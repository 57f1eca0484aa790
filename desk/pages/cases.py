"""Cases: the families taken on, and what is due; for a key worker, their own."""

from starlette.responses import Response

from casebook.events import Page, PageViewed
from desk.case_dates import Figures
from desk.case_list import SHOWN, CaseRow, case_rows
from desk.paging import paged
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
    page = paged(visit, "cases", found, _PAGE_ROWS, kept={"show": chosen}, label="Pages of cases")
    figures = Figures.of(visit)
    visit.record(PageViewed(Page.CASES, visit.month, len(page.rows)))
    return visit.page(
        "cases.html",
        rows=page.rows,
        found=len(found),
        tabs=_tabs(rows, chosen),
        chosen=SHOWN[chosen][0],
        pages=page.links,
        figures=figures,
        is_own=visit.me.role is DeskRole.KEY_WORKER,
        norm=figures.norm(sum(row.is_open for row in rows)),
    )


def _tabs(rows: list[CaseRow], chosen: str) -> list[dict[str, object]]:
    return [
        {"value": value, "words": words, "count": sum(map(holds, rows)), "is_here": value == chosen}
        for value, (words, holds) in SHOWN.items()
    ]
