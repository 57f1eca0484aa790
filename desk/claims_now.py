"""Claims as they now stand: what the month found, and the steps that people have taken since."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from casebook import claims
from casebook.claims import PublishedClaim, Step
from desk.access import Permission
from desk.visit import Visit
from schemas.vocabulary import ClaimStatus

_CLAIMS = """
    select c.*, coalesce(r.name, c.route) as route_name from claims c
    left join rules r on r.kind = 'route' and r.rule_id = c.route
    order by c.window_ desc, c.claim_id
""".replace("window_", '"window"')
_NEEDS: Mapping[ClaimStatus, Permission] = {ClaimStatus.APPROVED: Permission.APPROVE_CLAIMS}
STATUS_WORDS: Mapping[str, str] = {
    ClaimStatus.ELIGIBLE: "Eligible",
    ClaimStatus.CHECKED: "Checked",
    ClaimStatus.APPROVED: "Approved",
    ClaimStatus.SUBMITTED: "Submitted",
    ClaimStatus.PAID: "Paid",
    ClaimStatus.WITHDRAWN: "Withdrawn",
}


@dataclass(frozen=True)
class ClaimNow:
    """A claim: what it is for, how far it has come, and what speaks against it."""

    claim_id: str
    family_id: str
    route: str
    route_name: str
    amount_gbp: int
    window: str
    status: ClaimStatus
    warning: str | None
    moved_on: dt.date | None

    def published(self, month: str) -> PublishedClaim:
        """As the casebook takes it a step further."""
        return PublishedClaim(self.claim_id, month, self.status)


def claims_now(visit: Visit) -> list[ClaimNow]:
    """Every claim of the month that the visitor may see, the newest window first."""
    with visit.looking_up() as connection:
        newest = claims.newest(connection)
    return [_claim(row, newest.get(row["claim_id"])) for row in visit.rows(_CLAIMS)]


def _claim(row: Mapping[str, object], step: Step | None) -> ClaimNow:
    return ClaimNow(
        claim_id=str(row["claim_id"]),
        family_id=str(row["family_id"]),
        route=str(row["route"]),
        route_name=str(row["route_name"]),
        amount_gbp=int(str(row["amount_gbp"])),
        window=str(row["window"]),
        status=step.status if step else ClaimStatus(str(row["status"])),
        warning=None if row["warning"] is None else str(row["warning"]),
        moved_on=step.decided_at.date() if step else None,
    )


def next_step(visit: Visit, claim: ClaimNow) -> ClaimStatus | None:
    """The step that comes next, apart from withdrawing; None where none does."""
    following = [status for status in claims.allowed(claim.status) if status is not ClaimStatus.WITHDRAWN]
    return following[0] if following and visit.may(needed(following[0])) else None


def needed(status: ClaimStatus) -> Permission:
    """What somebody must be allowed who would take this step."""
    return _NEEDS.get(status, Permission.CHECK_CLAIMS)


def checked_by_me(connection: Connection, visit: Visit, claim: ClaimNow) -> bool:
    """Whether the visitor checked the claim, so that somebody else must approve it."""
    taken: Sequence[Step] = claims.steps(connection, claim.claim_id)
    return any(step.status is ClaimStatus.CHECKED and step.decided_by == visit.me.user_id for step in taken)
