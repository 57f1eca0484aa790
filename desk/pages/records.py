"""Records, for the data team: what was delivered, what was rejected and why, what was matched and what was not."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from casebook.events import Page, PageViewed
from desk.visit import Visit
from schemas.vocabulary import Feed, MatchGrouping

_DELIVERIES = """
    select feed, table_name, file_name, extract_on, rows, accepted, rejected, repaired, status, reason
    from deliveries order by feed, table_name nulls first, file_name
"""
_REJECTED = """
    select feed, table_name, rule, column_name, count(*) as rows, count(distinct file_name) as files
    from rejected_records group by all order by rows desc, feed, table_name, rule, column_name nulls first
"""
_LINES = """
    select file_name, line, column_name from rejected_records
    where feed = ? and table_name = ? and rule = ? order by file_name, line, column_name limit ?
"""
_OF_ALL = """
    select feed, table_name, records, matched, records - matched as alone from match_rates
    where grouping = 'all' order by feed, table_name
"""
_UNMATCHED = """
    select feed, table_name, group_name as reason, records from match_rates
    where grouping = 'unmatched' order by feed, table_name, records desc, reason
"""
# A group is marked where it is found less often than the whole of its table by more than chance explains: more than two
# standard errors, with enough records for that to mean anything.
_GROUPS = """
    select g.feed, g.table_name, g.group_name, g.records, g.matched,
        g.records >= 30 and g.matched / g.records
            < a.matched / a.records - 2 * sqrt((a.matched / a.records) * (1 - a.matched / a.records) / g.records)
            as is_lower
    from match_rates g join match_rates a on a.grouping = 'all' and (a.feed, a.table_name) = (g.feed, g.table_name)
    where g.grouping = ? order by g.feed, g.table_name, g.group_name
"""
_GROUPINGS: Mapping[str, str] = {
    MatchGrouping.AGE: "Age",
    MatchGrouping.ETHNICITY: "Ethnicity",
    MatchGrouping.NAME_ORIGIN: "Kind of name",
    MatchGrouping.SEX: "Sex",
    MatchGrouping.WARD: "Ward",
}
_MOST_LINES = 200


def show(visit: Visit) -> Response:
    """Deliveries, rejected rows by rule, and match rates of the month."""
    deliveries = visit.rows(_DELIVERIES)
    grouping = _grouping(visit)
    visit.record(PageViewed(Page.RECORDS, visit.month, len(deliveries)))
    return visit.page(
        "records.html",
        month=visit.month,
        deliveries=deliveries,
        rejected=visit.rows(_REJECTED),
        rates=[_with_share(row) for row in visit.rows(_OF_ALL)],
        unmatched=visit.rows(_UNMATCHED),
        groups=[_with_share(row) for row in visit.rows(_GROUPS, [grouping])],
        grouping=grouping,
        groupings=[
            {"value": value, "text": words, "selected": value == grouping} for value, words in _GROUPINGS.items()
        ],
    )


def rejected(visit: Visit) -> Response:
    """Where the rows stand that broke one rule: file and line, for the sender to look them up. No row's content."""
    feed, table, rule = (visit.request.path_params[name] for name in ("feed", "table", "rule"))
    if feed not in {each.value for each in Feed}:
        raise HTTPException(404)
    lines = visit.rows(_LINES, [feed, table, rule, _MOST_LINES])
    if not lines:
        raise HTTPException(404)
    visit.record(PageViewed(Page.RECORDS, visit.month, len(lines)))
    return visit.page("rejected.html", month=visit.month, feed=feed, table=table, rule=rule, lines=lines)


def _grouping(visit: Visit) -> str:
    asked = visit.request.query_params.get("by", "")
    return asked if asked in _GROUPINGS else MatchGrouping.AGE.value


def _with_share(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"percent": f"{100 * row['matched'] / row['records']:.1f}%"}
