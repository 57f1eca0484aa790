"""A long list in pages: which one is asked for, what of the list it shows, and the links to its neighbours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from desk.visit import Visit

Row = TypeVar("Row")
# No list is so long; a longer number is somebody's joke.
_MOST_DIGITS = 5


@dataclass(frozen=True)
class Paged(Generic[Row]):
    """The rows of the page that the address asks for, and what GOV.UK's pagination needs."""

    rows: Sequence[Row]
    links: Mapping[str, object]


def paged(  # noqa: PLR0913 - the list, and how its pages are cut, kept and named
    visit: Visit, route: str, found: Sequence[Row], size: int, *, kept: Mapping[str, str], label: str
) -> Paged[Row]:
    """The page of a list that the address asks for, the first where it asks for none that there is.

    `kept` are the filters that its links keep; `label` names the links to who does not see them.
    """
    last = max(1, -(-len(found) // size))
    page = min(page_number(visit.request.query_params.get("page", "1")), last)
    links: dict[str, object] = {
        name: {"href": f"{visit.path(route)}?{urlencode({**kept, 'page': number})}", "labelText": f"{number} of {last}"}
        for name, number in (("previous", page - 1), ("next", page + 1))
        if 1 <= number <= last
    }
    rows = found[(page - 1) * size : page * size]
    return Paged(rows, links | ({"landmarkLabel": label} if links else {}))


def page_number(asked: str) -> int:
    """The page that an address asks for; the first where it asks for none, or for one that no list has."""
    return max(1, int(asked)) if asked.isdecimal() and len(asked) <= _MOST_DIGITS else 1
