"""The audit trail: rows that are only added, each bound to the one before by its hash."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select

from casebook.events import Event
from casebook.signature import Signature
from casebook.tables import audit

START = "0" * 64
_BATCH = 1_000


@dataclass(frozen=True)
class Entry:
    """A row of the trail; `details` are the event's fields as JSON text."""

    sequence: int
    at: datetime
    user_id: str | None
    event: str
    about: str | None
    details: str
    previous: str
    hash: str

    @property
    def said(self) -> dict[str, object]:
        """The event's fields."""
        return dict(json.loads(self.details))


@dataclass(frozen=True)
class Wanted:
    """What an auditor asks by; what is left empty is not asked. `until` itself is left out."""

    event: str | None = None
    user_id: str | None = None
    about: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on the table."""
        exact = {audit.c.event: self.event, audit.c.user_id: self.user_id, audit.c.about: self.about}
        asked = [column == value for column, value in exact.items() if value is not None]
        asked += [audit.c.at >= self.since] if self.since else []
        return asked + ([audit.c.at < self.until] if self.until else [])


@dataclass(frozen=True)
class Breach:
    """Where the trail is not what was written: the row, and what is wrong with it."""

    sequence: int
    what: str


def record(connection: Connection, event: Event, signature: Signature) -> str:
    """Add an event to the trail, within the transaction of what it records; gives the trail's new head."""
    last = _last(connection)
    entry = Entry(
        sequence=last.sequence + 1 if last else 1,
        at=signature.at.astimezone(UTC),
        user_id=signature.user_id,
        event=type(event).__name__,
        about=event.about,
        details=_canonical(asdict(event)),
        previous=last.hash if last else START,
        hash="",
    )
    hashed = _hash(entry)
    connection.execute(insert(audit).values(**asdict(entry) | {"hash": hashed}))
    return hashed


def head(connection: Connection) -> str:
    """The hash of the newest row. Kept elsewhere, it later shows whether rows were cut off the trail's end."""
    last = _last(connection)
    return last.hash if last else START


def verify(connection: Connection, *, heads: frozenset[str] = frozenset()) -> Breach | None:
    """The first row that is not what was written, or nothing. `heads` noted earlier must all be in the trail."""
    previous, sought = START, set(heads) - {START}
    number = 0
    for number, entry in enumerate(entries(connection, select(audit).order_by(audit.c.sequence)), start=1):
        if wrong := _wrong(entry, number, previous):
            return Breach(entry.sequence, wrong)
        previous = entry.hash
        sought.discard(previous)
    if sought:
        return Breach(number + 1, f"{len(sought)} of the heads noted earlier are not in the trail: its end was cut off")
    return None


def _wrong(entry: Entry, number: int, previous: str) -> str | None:
    if entry.sequence != number:
        return f"row {number} is missing before it"
    if entry.previous != previous:
        return "it does not follow the row before it"
    return None if entry.hash == _hash(entry) else "it is not what was written"


def search(connection: Connection, wanted: Wanted, *, before: int | None = None, limit: int = 100) -> list[Entry]:
    """Rows of the trail, the newest first; `before` a row's number, to page on."""
    asked = select(audit).where(*wanted.conditions())
    if before is not None:
        asked = asked.where(audit.c.sequence < before)
    return list(entries(connection, asked.order_by(audit.c.sequence.desc()).limit(limit)))


def count(connection: Connection, wanted: Wanted) -> int:
    """How many rows `search` would find without a limit."""
    return connection.scalar(select(func.count()).select_from(audit).where(*wanted.conditions())) or 0


def _last(connection: Connection) -> Row[int, str] | None:
    newest = select(audit.c.sequence, audit.c.hash).order_by(audit.c.sequence.desc()).limit(1)
    return connection.execute(newest).one_or_none()


def entries(connection: Connection, rows: Select[Any]) -> Iterator[Entry]:
    """The entries of a selection of whole rows, read as they are wanted."""
    # Whoever stops half way lets go of the rows at once.
    with connection.execute(rows.execution_options(yield_per=_BATCH)) as found:
        yield from (Entry(**row) for row in found.mappings())


def _hash(entry: Entry) -> str:
    said = vars(entry) | {"at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}
    said.pop("hash")
    return hashlib.sha256(_canonical(said).encode()).hexdigest()


def _canonical(said: dict[str, object]) -> str:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
