"""Who is signed in: opaque tokens, kept hashed, that end when idle, when old, or when somebody ends them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from casebook import audit, events
from casebook.opening import Casebook
from casebook.signature import Signature
from casebook.tables import sessions, users
from casebook.tokens import new_id, new_token, sha256

# A session that is used is noted as such this often: not at every page, for every page would then be a write.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Limits:
    """How long a session lasts: unused, and at most."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=12)


@dataclass(frozen=True)
class Session:
    """A running session."""

    session_id: str
    user_id: str
    began_at: datetime


def begin(connection: Connection, user_id: str, *, at: datetime) -> str:
    """Begin a session; gives the token for the cookie, which is nowhere kept. Records the sign-in."""
    token, session_id = new_token(), new_id("S")
    connection.execute(
        insert(sessions).values(
            session_id=session_id, token_sha256=sha256(token), user_id=user_id, began_at=at, seen_at=at
        )
    )
    audit.record(connection, events.SignedIn(session_id), Signature(user_id, at))
    return token


def current(casebook: Casebook, token: str, *, at: datetime, limits: Limits | None = None) -> Session | None:
    """The running session of a token, noted as used; nothing where there is none, or it has ended."""
    with casebook.reading() as connection:
        row = connection.execute(select(sessions).where(_runs(token, at, limits or Limits()))).one_or_none()
    if row is None:
        return None
    if at - row.seen_at >= _NOTED_EVERY:
        with casebook.begin() as connection:
            connection.execute(update(sessions).where(sessions.c.session_id == row.session_id).values(seen_at=at))
    return Session(row.session_id, row.user_id, row.began_at)


def _runs(token: str, at: datetime, limits: Limits) -> ColumnElement[bool]:
    enabled = select(users.c.user_id).where(users.c.disabled_at.is_(None))
    return (
        (sessions.c.token_sha256 == sha256(token))
        & sessions.c.ended_at.is_(None)
        & (sessions.c.seen_at > at - limits.idle)
        & (sessions.c.began_at > at - limits.longest)
        & sessions.c.user_id.in_(enabled)
    )


def end(connection: Connection, session_id: str, signature: Signature) -> None:
    """Sign out: the session ends, and its token with it."""
    running = (sessions.c.session_id == session_id) & sessions.c.ended_at.is_(None)
    if connection.execute(update(sessions).where(running).values(ended_at=signature.at)).rowcount:
        audit.record(connection, events.SignedOut(session_id), signature)


def end_all(connection: Connection, user_id: str, signature: Signature) -> int:
    """End all of a user's sessions; gives how many were running."""
    running = (sessions.c.user_id == user_id) & sessions.c.ended_at.is_(None)
    ended = connection.execute(update(sessions).where(running).values(ended_at=signature.at)).rowcount
    if ended:
        audit.record(connection, events.SessionsEnded(user_id, ended), signature)
    return ended


def sweep(connection: Connection, *, before: datetime) -> int:
    """Forget sessions that began before a moment; the trail still tells of them."""
    return connection.execute(delete(sessions).where(sessions.c.began_at < before)).rowcount
