"""The month: how many families, what has come in, what waits for the visitor, and what changed and why."""

from typing import Any

from starlette.responses import Response

from casebook.events import Page, PageViewed
from desk.access import Permission
from desk.disclosure import told
from desk.month_changes import CAUSE_WORDS, changed, moved
from desk.visit import Visit
from desk.waiting import tasks

_COUNTS = """
    select count(*) filter (where is_identified) as identified,
        count(*) filter (where change = 'new') as new,
        count(*) filter (where change = 'returned') as returned,
        count(*) filter (where change = 'left') as left_list,
        (select count(*) from cases_now where closed_on is null) as attached
    from cohort
"""
_FEEDS = """
    select feed, max(extract_on) as extract_on, sum(accepted) as accepted, sum(rejected) as rejected,
        bool_or(status = 'late') as is_late,
        bool_or(status = 'refused') as is_refused,
        string_agg(reason, '; ') filter (where status <> 'used') as reason,
        max(extract_on) < last_day(strptime(?, '%Y-%m')) - 31 as is_old
    from deliveries group by feed order by feed
"""
_MOST = 10


def show(visit: Visit) -> Response:
    """The first page; those who have no month to see are told what they are here for."""
    if not visit.may(Permission.SEE_MONTH):
        return visit.page("home_without_month.html")
    visit.record(PageViewed(Page.HOME, visit.month, 0))
    return visit.page(
        "home.html",
        month=visit.month,
        counts=told(visit, visit.one(_COUNTS) or {}),
        feeds=visit.rows(_FEEDS, [visit.month]),
        programme=visit.one("select programme, finished_at from run"),
        **_for_readers(visit),
    )


def _for_readers(visit: Visit) -> dict[str, Any]:
    """What is about single families, or of so few that one would know which."""
    if not visit.may(Permission.SEE_FAMILIES):
        return {}
    since = visit.one("select min(since) as since from changes")
    return {
        "tasks": [task for task in tasks(visit) if visit.opens(task.route)],
        "since": since["since"] if since else None,
        "changed": changed(visit),
        "causes": CAUSE_WORDS,
        "moved": moved(visit, most=_MOST),
    }
