"""What waits for the visitor: questions to answer, families to look after, claims to take further."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from casebook import claims
from casebook.reviewing import marked
from desk.access import Permission
from desk.visit import Visit
from schemas.casebook import Standing
from schemas.vocabulary import ClaimStatus

_FIGURES = "select rule_id, figure from rules where kind = 'casework' and rule_id in ('follow_up_months', 'drift_days')"
_CASES = """
    with cases as (
        select *, (closed_on + to_months($months::int))::date as due_on, $today::date as today from cases_now
    )
    select
        count(*) filter (where due_on <= today and due_on > today - 92
            and coalesce(last_activity_on, closed_on) < due_on - 31) as follow_ups,
        count(*) filter (where closed_on is null and review_on <= today) as plans,
        count(*) filter (where closed_on is null and consent = 'not_asked') as consents,
        count(*) filter (where closed_on is null and case_id is not null
            and coalesce(last_activity_on, attached_on) < today - $days::int) as silent
    from cases
"""


@dataclass(frozen=True)
class Task:
    """So many things that wait, in words, and the route and query where they are."""

    count: int
    one: str
    many: str
    route: str
    query: str = ""


def tasks(visit: Visit) -> list[Task]:
    """What waits for this visitor, without what there is none of."""
    with visit.looking_up() as connection:
        found = [*_reviews(visit, connection), *_cases(visit), *_claims(visit, connection)]
    return [task for task in found if task.count]


def _reviews(visit: Visit, connection: Connection) -> Iterator[Task]:
    if not visit.may(Permission.SEE_REVIEWS):
        return
    asked = marked(connection, visit.frame("select * from reviews order by rank"))
    again = int((asked["standing"].eq(Standing.STALE.value)).sum())
    opened = int((asked["standing"].eq(Standing.OPEN.value)).sum())
    yield Task(opened, "question to answer", "questions to answer", "reviews")
    yield Task(
        again, "question asked again", "questions asked again, for a record has changed", "reviews", "state=stale"
    )


def _cases(visit: Visit) -> Iterator[Task]:
    if not visit.may(Permission.SEE_CASES):
        return
    figures = {row["rule_id"]: int(row["figure"]) for row in visit.rows(_FIGURES)}
    today = dt.datetime.now(dt.UTC).date()
    given = {"months": figures.get("follow_up_months", 4), "days": figures.get("drift_days", 60), "today": today}
    row = visit.one(_CASES, given) or {}
    yield Task(row["follow_ups"], "follow-up due", "follow-ups due", "cases", "show=follow_up")
    yield Task(row["plans"], "plan to review", "plans to review", "cases", "show=review")
    yield Task(row["consents"], "family not yet asked for consent", "families not yet asked for consent", "cases")
    yield Task(row["silent"], "family with nothing recorded lately", "families with nothing recorded lately", "cases")


def _claims(visit: Visit, connection: Connection) -> Iterator[Task]:
    if not visit.may(Permission.CHECK_CLAIMS):
        return
    taken = claims.newest(connection)
    now = {row["claim_id"]: row["status"] for row in visit.rows("select claim_id, status from claims")}
    now |= {claim_id: step.status.value for claim_id, step in taken.items() if claim_id in now}
    checked = [claim for claim, status in now.items() if status == ClaimStatus.CHECKED]
    mine = {claim for claim, step in taken.items() if step.decided_by == visit.me.user_id}
    eligible = sum(status == ClaimStatus.ELIGIBLE for status in now.values())
    yield Task(eligible, "claim to check", "claims to check", "claims", "status=eligible")
    if visit.may(Permission.APPROVE_CLAIMS):
        yield Task(len(set(checked) - mine), "claim to approve", "claims to approve", "claims", "status=checked")
    warned = (visit.one("select count(*) as warned from claims where warning is not null") or {})["warned"]
    yield Task(warned, "claim with a warning", "claims with a warning", "claims", "warned=yes")
