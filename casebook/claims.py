"""The steps that people take with a claim: checked, approved by somebody else, submitted, paid, or withdrawn."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from casebook import events, ledgers
from casebook.errors import OutOfOrderError
from casebook.ledgers import Saying
from casebook.questions import need_reason
from casebook.tables import claim_steps as table
from schemas.vocabulary import ClaimStatus

_ORDER = (
    ClaimStatus.ELIGIBLE,
    ClaimStatus.CHECKED,
    ClaimStatus.APPROVED,
    ClaimStatus.SUBMITTED,
    ClaimStatus.PAID,
)


@dataclass(frozen=True)
class Step:
    """A step that somebody took with a claim."""

    claim_id: str
    status: ClaimStatus
    reason: str | None
    month: str | None
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True)
class PublishedClaim:
    """A claim as the month shows it: its id, the month, and how far it had come then."""

    claim_id: str
    month: str
    status: ClaimStatus = ClaimStatus.ELIGIBLE


def take(connection: Connection, claim: PublishedClaim, to: ClaimStatus, saying: Saying) -> int:
    """Take a claim a step further; gives the step's number.

    A claim can be withdrawn from any step, also when paid, with a reason. Raises OutOfOrderError for any other step
    than the next, and where one person would both check and approve.
    """
    wanted, taken = ClaimStatus(to), steps(connection, claim.claim_id)
    now = taken[-1].status if taken else ClaimStatus(claim.status)
    _in_order(claim.claim_id, now, wanted)
    if wanted is ClaimStatus.WITHDRAWN:
        need_reason(saying)
    checked_by = {step.decided_by for step in taken if step.status is ClaimStatus.CHECKED}
    if wanted is ClaimStatus.APPROVED and saying.signature.user_id in checked_by:
        message = f"Claim {claim.claim_id} was checked by the same person. Somebody else must approve it."
        raise OutOfOrderError(message)

    def telling(ledger: events.Ledger, row: int, row_hash: str) -> events.LedgerEvent:
        return events.ClaimMoved(ledger, row, row_hash, claim.claim_id, wanted)

    return ledgers.add(
        connection, table, saying, telling, claim_id=claim.claim_id, status=wanted.value, month=claim.month
    )


def allowed(now: ClaimStatus) -> tuple[ClaimStatus, ...]:
    """The steps that may follow."""
    if now is ClaimStatus.WITHDRAWN:
        return ()
    return (*_ORDER[_ORDER.index(now) + 1 :][:1], ClaimStatus.WITHDRAWN)


def steps(connection: Connection, claim_id: str) -> list[Step]:
    """Every step taken with a claim, in order."""
    rows = connection.execute(select(table).where(table.c.claim_id == claim_id).order_by(table.c.sequence))
    return [_step(row) for row in rows]


def newest(connection: Connection) -> dict[str, Step]:
    """For each claim with which a step was taken, the newest."""
    return {row.claim_id: _step(row) for row in connection.execute(select(table).order_by(table.c.sequence))}


def _step(row: Row[Any]) -> Step:
    return Step(row.claim_id, ClaimStatus(row.status), row.reason, row.month, row.decided_by, row.decided_at)


def _in_order(claim_id: str, now: ClaimStatus, to: ClaimStatus) -> None:
    if to not in allowed(now):
        following = ", ".join(allowed(now)) or "nothing: what is withdrawn stays so"
        message = f"Claim {claim_id} is {now} and cannot become {to}. Next may come: {following}."
        raise OutOfOrderError(message)
