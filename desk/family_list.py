"""The list of families: a page of it, or all of it for a file, as the state of the list asks."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from desk.family_filters import FROM, STATUS, Wanted
from desk.family_search import families, text_of
from desk.visit import Visit

PAGE_ROWS = 50
_COLUMNS = (
    f"r.*, {STATUS} as status, c.key_worker, c.attached_on, c.consent, r.oldest_data < d.month_end - 31 as is_old"
)


@dataclass(frozen=True)
class Found:
    """A page of the list, and how many families there are on all pages."""

    rows: list[dict[str, Any]]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE_ROWS))


def page_of(visit: Visit, wanted: Wanted) -> Found:
    """The page that the state asks for, or the last one where there are fewer."""
    where, given = _where(visit, wanted)
    total = int((visit.one(f"select count(*) as total {FROM} where {where}", given) or {})["total"])
    page = min(wanted.page, max(1, -(-total // PAGE_ROWS)))
    order = f"order by {wanted.order()} limit {PAGE_ROWS} offset {(page - 1) * PAGE_ROWS}"
    return Found(visit.rows(f"select {_COLUMNS} {FROM} where {where} {order}", given), total, page)


def all_of(visit: Visit, wanted: Wanted) -> pd.DataFrame:
    """Every family of the list, in its order."""
    where, given = _where(visit, wanted)
    return visit.frame(f"select {_COLUMNS} {FROM} where {where} order by {wanted.order()}", given)


def _where(visit: Visit, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    where, given = wanted.where()
    if not wanted.search:
        return where, given
    text = text_of(visit, wanted.search)
    found = families(visit, text) if text else []
    return f"({where}) and list_contains($found, r.family_id)", {**given, "found": found}
