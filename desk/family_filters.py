"""What a list of families can be narrowed by: each filter with its choices and its SQL; all stand in the URL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from casebook import people
from desk.paging import page_number
from desk.visit import Visit

FROM = """
    from family_rows r left join cases_now c using (family_id)
    cross join (select last_day(strptime(month, '%Y-%m'))::date as month_end from run) d
"""
STATUS = "case when c.family_id is null then 'not_attached' when c.closed_on is null then 'attached' else 'closed' end"
_OLD = "r.oldest_data < d.month_end - 31"

SORTS: Mapping[str, str] = {
    "rank": "r.rank {} nulls last",
    "surname": "lower(r.surnames[1]) {} nulls last",
    "ward": "r.ward {} nulls last",
    "needs": "r.needs_met {}",
    "first": "r.first_identified {} nulls last",
    "data": "r.oldest_data {} nulls last",
    "worker": "lower(c.key_worker) {} nulls last",
}


@dataclass(frozen=True)
class Filter:
    """One filter: its condition with `$name` for what was chosen, or a condition for each choice."""

    name: str
    words: str
    condition: str = ""
    conditions: Mapping[str, str] = field(default_factory=dict)
    is_single: bool = False

    def sql(self, chosen: Sequence[str]) -> str:
        """The condition that the chosen values make."""
        return self.condition or "(" + " or ".join(self.conditions[value] for value in chosen) + ")"


FILTERS: tuple[Filter, ...] = (
    Filter(
        "listed",
        "On the list",
        conditions={"now": "r.is_identified", "left": "r.change = 'left'", "any": "true"},
        is_single=True,
    ),
    Filter(
        "status",
        "Work with the family",
        conditions={value: f"{STATUS} = '{value}'" for value in ("not_attached", "attached", "closed")},
    ),
    Filter("change", "Since last month", "list_contains($change, r.change)"),
    Filter("headline", "Headline", "list_has_any(r.headlines, $headline)"),
    Filter("criterion", "Criterion", "list_has_any(r.criteria, $criterion)"),
    Filter("needs", "Needs met", "r.needs_met >= $needs[1]::int", is_single=True),
    Filter("ward", "Ward", "list_contains($ward, r.ward)"),
    Filter("school", "School", "list_has_any(r.schools, $school)"),
    Filter("worker", "Key worker", "list_contains($worker, c.key_worker)"),
    Filter("fresh", "Age of the data", conditions={"old": _OLD, "new": f"not ({_OLD})"}, is_single=True),
)
NAMES = frozenset(each.name for each in FILTERS) | {"sort"}
DEFAULTS: Mapping[str, str] = {"listed": "now"}


@dataclass(frozen=True)
class Wanted:
    """A state of the list, as the URL holds it: what is chosen, the opaque id of a search, the order, the page."""

    chosen: Mapping[str, tuple[str, ...]]
    search: str = ""
    sort: str = "rank"
    page: int = 1

    def query(self, *, page: int | None = None, search: bool = True) -> str:
        """The state as a query string, at a page or at the first."""
        pairs = [(name, value) for name, values in self.chosen.items() for value in values]
        pairs = [pair for pair in pairs if pair not in DEFAULTS.items()]
        pairs += [("sort", self.sort)] if self.sort != "rank" else []
        pairs += [("search", self.search)] if search and self.search else []
        pairs += [("page", str(page))] if page and page > 1 else []
        return urlencode(pairs)

    def without(self, name: str, value: str) -> "Wanted":
        """The same without one chosen value."""
        rest = tuple(each for each in self.chosen.get(name, ()) if each != value)
        return replace(self, chosen={**self.chosen, name: rest})

    def sorted_by(self, name: str) -> "Wanted":
        """The same in another order; by the same column again, the other way round."""
        return replace(self, sort=f"-{name}" if self.sort == name else name)

    def where(self) -> tuple[str, dict[str, Any]]:
        """The conditions, and their parameters."""
        used = [each for each in FILTERS if self.chosen.get(each.name)]
        conditions = [each.sql(self.chosen[each.name]) for each in used]
        return " and ".join(conditions) or "true", {
            each.name: list(self.chosen[each.name]) for each in used if each.condition
        }

    def order(self) -> str:
        """The order, the same for the same state."""
        name, way = (self.sort[1:], "desc") if self.sort.startswith("-") else (self.sort, "asc")
        return SORTS[name].format(way) + ", r.rank nulls last, r.family_id"


def wanted(given: QueryParams, choices: Mapping[str, Mapping[str, str]]) -> Wanted:
    """The state that a query string asks for; what is no choice is left out, and so is what is no order."""
    chosen = {}
    for each in FILTERS:
        values = [value for value in given.getlist(each.name) if value in choices[each.name]]
        values = values or [value for value in (DEFAULTS.get(each.name),) if value]
        chosen[each.name] = tuple(dict.fromkeys(values[:1] if each.is_single else values))
    sort = given.get("sort", "rank")
    return Wanted(
        chosen=chosen,
        search=given.get("search", "")[:40],
        sort=sort if sort.removeprefix("-") in SORTS else "rank",
        page=page_number(given.get("page", "1")),
    )


def state_of(visit: Visit, choices: Mapping[str, Mapping[str, str]]) -> Wanted:
    """The state that a form of the list carries."""
    return wanted(QueryParams(str(visit.form.get("state", ""))), choices)


def choices_of(visit: Visit) -> dict[str, dict[str, str]]:
    """For each filter its values in words, of what this visitor can see this month."""
    return {**visit.once("choices of families", lambda: _of_month(visit)), "worker": _workers(visit)}


def _of_month(visit: Visit) -> dict[str, dict[str, str]]:
    return {
        "listed": {"now": "On it now", "left": "Left it this month", "any": "Any family with a child"},
        "status": {"not_attached": "Not taken on", "attached": "Being worked with", "closed": "Closed"},
        "change": {"new": "New", "returned": "Returned", "same": "There before"},
        "headline": _same(visit.rows(_distinct("headlines"))),
        "criterion": _criteria(visit),
        "needs": {str(least): f"{least} or more" for least in (2, 3, 4, 5, 6, 8)},
        "ward": _same(visit.rows("select distinct ward as value from family_rows where ward is not null order by 1")),
        "school": _same(visit.rows(_distinct("schools"))),
        "fresh": {"new": "None older than a month", "old": "Some older than a month"},
    }


def _distinct(column: str) -> str:
    return f"select distinct unnest({column}) as value from family_rows order by 1"


def _same(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {str(row["value"]): str(row["value"]) for row in rows}


def _criteria(visit: Visit) -> dict[str, str]:
    labels = visit.rows("select rule_id, coalesce(label, name) as label from rules where kind = 'criterion'")
    words = {row["rule_id"]: row["label"] for row in labels}
    met = [str(row["value"]) for row in visit.rows(_distinct("criteria"))]
    return {value: f"{value} {words[value]}" if words.get(value) else value for value in met}


def _workers(visit: Visit) -> dict[str, str]:
    found = visit.rows("select distinct key_worker as value from cases_now where key_worker is not null order by 1")
    with visit.looking_up() as connection:
        names = {user.username: user.display_name for user in people.everyone(connection)}
    return {str(row["value"]): names.get(str(row["value"]), str(row["value"])) for row in found}
