"""Whether two records are one person: decided, withdrawn, and bound to what was compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from sqlalchemy import ColumnElement, Connection, and_, select

from casebook import events, ledgers
from casebook.errors import RefusedWordError, UnknownRowError
from casebook.ledgers import Saying
from casebook.questions import Answer, Asked, answer_of, binding, need_reason
from casebook.tables import pair_decisions as table
from casebook.tokens import new_id
from schemas.casebook import PairAnswer

KEY = ("left_feed", "left_table", "left_id", "right_feed", "right_table", "right_id")


@dataclass(frozen=True, order=True)
class RecordKey:
    """A record by its feed, table and key."""

    feed: str
    table: str
    id: str


@dataclass(frozen=True)
class Pair:
    """Two records, the smaller first, whichever way they were named. Make it with `of`."""

    left: RecordKey
    right: RecordKey

    @classmethod
    def of(cls, one: RecordKey, other: RecordKey) -> Self:
        """The pair of two records; raises RefusedWordError where they are one and the same."""
        if one == other:
            raise RefusedWordError("A pair is of two records: these are one and the same.")
        return cls(*sorted((one, other)))

    @property
    def columns(self) -> dict[str, str]:
        """As the ledger's columns."""
        values = (self.left.feed, self.left.table, self.left.id, self.right.feed, self.right.table, self.right.id)
        return dict(zip(KEY, values, strict=True))


def decide(connection: Connection, pair: Pair, answer: PairAnswer, saying: Saying, *, asked: Asked) -> int:
    """Say of two records whether they are one person; gives the decision's number. Raises ReasonMissingError."""
    return _decide(connection, pair, answer, saying, asked=asked, group_id=None)


def none_of_these(connection: Connection, pairs: Iterable[tuple[Pair, Asked]], saying: Saying) -> str:
    """Say of a whole group that no two of these pairs are one person; gives the group's id, by which it is undone."""
    group_id = new_id("G")
    for pair, asked in pairs:
        _decide(connection, pair, PairAnswer.DIFFERENT, saying, asked=asked, group_id=group_id)
    return group_id


def _decide(  # noqa: PLR0913 - what is said, of what, by whom, and as part of what
    connection: Connection, pair: Pair, answer: PairAnswer, saying: Saying, *, asked: Asked, group_id: str | None
) -> int:
    need_reason(saying)
    decision = PairAnswer(answer)

    def telling(ledger: events.Ledger, row: int, row_hash: str) -> events.LedgerEvent:
        return events.PairDecided(ledger, row, row_hash, asked.review_id, decision)

    return ledgers.add(
        connection,
        table,
        saying,
        telling,
        **pair.columns,
        decision=decision.value,
        group_id=group_id,
        review_id=asked.review_id,
        fingerprint=asked.fingerprint,
        month=asked.month,
    )


def withdraw(connection: Connection, sequence: int, saying: Saying) -> int:
    """Undo one decision by its number; what stood before it binds again. Raises AlreadyWithdrawnError."""
    return ledgers.withdraw(connection, table, sequence, saying)


def withdraw_group(connection: Connection, group_id: str, saying: Saying) -> list[int]:
    """Undo what still stands of a group's decisions; raises UnknownRowError where nothing does."""
    mine = ledgers.standing(table).where(table.c.group_id == group_id)
    rows = list(connection.scalars(mine.with_only_columns(table.c.sequence)))
    if not rows:
        message = f"Nothing stands of the group {group_id}: it was withdrawn, or there is none of this id."
        raise UnknownRowError(message)
    return [ledgers.withdraw(connection, table, sequence, saying) for sequence in rows]


def bound(connection: Connection, pair: Pair) -> Answer | None:
    """The answer that binds: the newest that is not withdrawn."""
    row = ledgers.newest(connection, table, _is(pair))
    return None if row is None else answer_of(row)


def all_bound(connection: Connection) -> dict[tuple[str, ...], Answer]:
    """Every pair's binding answer, by the six parts of its two keys, the smaller record first."""
    return {key: answer_of(row) for key, row in binding(connection, table, KEY).items()}


def history(connection: Connection, pair: Pair) -> list[Answer]:
    """Everything that was ever said of the pair, withdrawals too, in order."""
    return [answer_of(row) for row in ledgers.history(connection, table, _is(pair))]


def pair_of(connection: Connection, sequence: int) -> Pair:
    """The pair that a decision is about; raises UnknownRowError."""
    columns = [table.c[name] for name in KEY]
    row = connection.execute(select(*columns).where(table.c.sequence == sequence)).one_or_none()
    if row is None or row[0] is None:
        message = f"There is no decision of the number {sequence} about two records."
        raise UnknownRowError(message)
    return Pair(RecordKey(*row[:3]), RecordKey(*row[3:]))


def _is(pair: Pair) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in pair.columns.items()))
