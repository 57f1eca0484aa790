"""What was in front of somebody who answers a question, and what stands of the answers so far."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table

from casebook.errors import ReasonMissingError
from casebook.ledgers import Saying, standing


@dataclass(frozen=True)
class Asked:
    """The question as it was published: its id, the fingerprint of what it compares, and the month looked at."""

    review_id: str | None = None
    fingerprint: str | None = None
    month: str | None = None


@dataclass(frozen=True)
class Answer:
    """A row of a ledger of answers: a decision, or the withdrawal of the one that `withdraws` names."""

    sequence: int
    decision: str | None
    withdraws: int | None
    group_id: str | None
    fingerprint: str | None
    month: str | None
    reason: str | None
    decided_by: str
    decided_at: datetime


def answer_of(row: Row[Any]) -> Answer:
    """The answer of a ledger's row."""
    return Answer(
        sequence=row.sequence,
        decision=row.decision,
        withdraws=row.withdraws,
        group_id=getattr(row, "group_id", None),
        fingerprint=row.fingerprint,
        month=row.month,
        reason=row.reason,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def binding(connection: Connection, table: Table, key: tuple[str, ...]) -> dict[tuple[str, ...], Row[Any]]:
    """For each thing asked about, the newest answer that is not withdrawn."""
    rows = connection.execute(standing(table))
    return {tuple(getattr(row, name) for name in key): row for row in rows}


def need_reason(saying: Saying) -> None:
    """Raises ReasonMissingError where nothing is said of why."""
    if not (saying.reason or "").strip():
        raise ReasonMissingError("Say why: whoever looks at it in a year needs the reason.")
