"""What waits for the visitor: questions to answer, families to look after, claims to take further."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from casebook import claims
from desk.access import Permission
from desk.case_list import SHOWN, case_rows
from desk.questions import questions_of
from desk.visit import Visit
from schemas.casebook import Standing
from schemas.vocabulary import ClaimStatus

_DUE = (
    ("follow_up", "follow-up due", "follow-ups due"),
    ("review", "plan to review", "plans to review"),
    ("consent", "family not yet asked for consent", "families not yet asked for consent"),
    ("silent", "family with nothing recorded lately", "families with nothing recorded lately"),
)


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
        found = [*_reviews(visit, connection), *_cases(visit, connection), *_claims(visit, connection)]
    return [task for task in found if task.count]


def _reviews(visit: Visit, connection: Connection) -> Iterator[Task]:
    if not visit.may(Permission.SEE_REVIEWS):
        return
    standing = Counter(question.standing for question in questions_of(visit, connection))
    opened, again = standing[Standing.OPEN], standing[Standing.STALE]
    yield Task(opened, "question to answer", "questions to answer", "reviews")
    yield Task(
        again, "question asked again", "questions asked again, for a record has changed", "reviews", "state=stale"
    )


def _cases(visit: Visit, connection: Connection) -> Iterator[Task]:
    if not visit.may(Permission.SEE_CASES):
        return
    rows = case_rows(visit, connection)
    for shown, one, many in _DUE:
        yield Task(sum(map(SHOWN[shown][1], rows)), one, many, "cases", f"show={shown}")


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
