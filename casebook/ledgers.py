"""Ledgers of decisions: rows are added, withdrawn by further rows, and never lost; the newest that stands binds."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, insert, select

from casebook import audit, events
from casebook.audit import Breach
from casebook.errors import AlreadyWithdrawnError, CasebookError, UnknownRowError
from casebook.signature import Signature
from casebook.tables import LEDGERS
from casebook.tables import audit as trail
from casebook.tokens import hashed_under, key_of

# Makes the event from the row's number and its hash.
Telling = Callable[[events.Ledger, int, str], events.LedgerEvent]


@dataclass(frozen=True)
class Saying:
    """Who says something, and why."""

    signature: Signature
    reason: str | None = None


def add(connection: Connection, table: Table, saying: Saying, telling: Telling, **values: object) -> int:
    """Add a row, and its event to the trail; gives the row's number."""
    if saying.signature.user_id is None:
        raise CasebookError("A decision is always somebody's: sign it with a user's id.")
    row = connection.execute(
        insert(table)
        .values(
            decided_by=saying.signature.user_id,
            decided_at=saying.signature.at,
            reason=_trimmed(saying.reason),
            **values,
        )
        .returning(table)
    ).one()
    event = telling(events.Ledger(table.name), row.sequence, _row_hash(key_of(connection), table, row))
    audit.record(connection, event, saying.signature)
    return int(row.sequence)


def withdraw(connection: Connection, table: Table, sequence: int, saying: Saying) -> int:
    """Withdraw a row by another; both stay. Raises UnknownRowError and AlreadyWithdrawnError."""
    row = connection.execute(select(table).where(table.c.sequence == sequence)).one_or_none()
    if row is None or row.withdraws is not None:
        message = (
            f"Nothing in {table.name} has the number {sequence}, or it is itself a withdrawal: decide anew instead."
        )
        raise UnknownRowError(message)
    if connection.scalar(select(table.c.sequence).where(table.c.withdraws == sequence)) is not None:
        message = f"Number {sequence} in {table.name} was withdrawn before. Look at it again: it no longer counts."
        raise AlreadyWithdrawnError(message)

    def telling(ledger: events.Ledger, number: int, row_hash: str) -> events.LedgerEvent:
        return events.Withdrawn(ledger, number, row_hash, sequence)

    return add(connection, table, saying, telling, withdraws=sequence)


def standing(table: Table) -> Select[Any]:
    """The rows that stand, the oldest first: neither withdrawals nor withdrawn."""
    gone = select(table.c.withdraws).where(table.c.withdraws.is_not(None))
    return select(table).where(table.c.withdraws.is_(None), table.c.sequence.not_in(gone)).order_by(table.c.sequence)


def newest(connection: Connection, table: Table, *conditions: Any) -> Row[Any] | None:
    """The newest row that stands and meets the conditions: the one that binds."""
    rows = standing(table).where(*conditions).order_by(None).order_by(table.c.sequence.desc()).limit(1)
    return connection.execute(rows).one_or_none()


def history(connection: Connection, table: Table, *conditions: Any) -> list[Row[Any]]:
    """Every row that meets the conditions, and the withdrawals of those, in the order in which they were added."""
    meant = select(table.c.sequence).where(*conditions)
    either = table.c.sequence.in_(meant) | table.c.withdraws.in_(meant)
    return list(connection.execute(select(table).where(either).order_by(table.c.sequence)))


def verify(connection: Connection) -> Breach | None:
    """The first row of any ledger that is not what the trail says was written, or that the trail knows of in vain.

    Assumes a trail that `audit.verify` has found sound.
    """
    told = {(said["ledger"], said["row"]): (entry.sequence, said["row_hash"]) for entry, said in _told(connection)}
    key = key_of(connection)
    for table in LEDGERS:
        for row in connection.execute(select(table).order_by(table.c.sequence)):
            sequence, row_hash = told.pop((table.name, row.sequence), (0, None))
            if row_hash != _row_hash(key, table, row):
                return Breach(sequence, f"number {row.sequence} of {table.name} is not what the trail says was written")
    for (ledger, number), (sequence, _) in sorted(told.items(), key=lambda each: each[1][0]):
        return Breach(sequence, f"number {number} of {ledger} is gone")
    return None


def _told(connection: Connection) -> Iterator[tuple[audit.Entry, dict[str, Any]]]:
    kinds = [kind.__name__ for kind in _kinds(events.LedgerEvent)]
    rows = select(trail).where(trail.c.event.in_(kinds)).order_by(trail.c.sequence)
    for entry in audit.entries(connection, rows):
        yield entry, entry.said


def _kinds(kind: type[events.LedgerEvent]) -> list[type[events.LedgerEvent]]:
    return [each for below in kind.__subclasses__() for each in (below, *_kinds(below))]


def _row_hash(key: bytes, table: Table, row: Row[Any]) -> str:
    # What is empty is left out, so that a column added by a later version changes no hash.
    said = {name: _plain(value) for name, value in row._mapping.items() if value is not None}  # noqa: SLF001 - SQLAlchemy's public name
    return hashed_under(key, json.dumps({"ledger": table.name, **said}, sort_keys=True, ensure_ascii=False))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _trimmed(text: str | None) -> str | None:
    return (text or "").strip() or None
