"""Proving who one is by name and password, with as many attempts as an honest mistake needs."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from casebook import audit, events, passwords
from casebook.opening import Casebook
from casebook.people import User, user_of
from casebook.signature import Signature
from casebook.tables import users

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)


def verify(casebook: Casebook, username: str, password: str, *, at: datetime) -> User | None:
    """The user, where name and password are right and the account is neither disabled nor locked; else nothing.

    Takes the same time whether or not there is such a user, and counts failures: after five the account is locked for
    a quarter of an hour, whatever is typed. Refusals are recorded here, and the sign-in by `sessions.begin`.
    """
    with casebook.reading() as connection:
        before = _row(connection, username)
    kept = before.password_hash if before else None
    # Hashing takes a while on purpose, so nobody waits for it.
    is_right = passwords.matches(kept, password)
    renewed = passwords.hashed(password) if is_right and kept and passwords.is_dated(kept) else None
    with casebook.begin() as connection:
        row = _row(connection, username)
        if row is None or row.password_hash != kept:
            audit.record(connection, events.SignInRefused(row.user_id if row else None), Signature(None, at))
            return None
        return _judged(connection, row, is_right=is_right, renewed=renewed, at=at)


def _row(connection: Connection, username: str) -> Row[Any] | None:
    return connection.execute(select(users).where(users.c.username == username.casefold())).one_or_none()


def _judged(connection: Connection, row: Row[Any], *, is_right: bool, renewed: str | None, at: datetime) -> User | None:
    is_locked = row.locked_until is not None and row.locked_until > at
    if is_right and not is_locked and row.disabled_at is None:
        better = {"password_hash": renewed} if renewed else {}
        _note(connection, row, failed_attempts=0, locked_until=None, **better)
        return user_of(row)
    signature = Signature(None, at)
    audit.record(connection, events.SignInRefused(row.user_id), signature)
    if not is_locked:
        _count_failure(connection, row, signature)
    return None


def _count_failure(connection: Connection, row: Row[Any], signature: Signature) -> None:
    failures = row.failed_attempts + 1
    if failures < MOST_FAILURES:
        _note(connection, row, failed_attempts=failures)
        return
    _note(connection, row, failed_attempts=0, locked_until=signature.at + LOCKED_FOR)
    audit.record(connection, events.UserLocked(row.user_id), signature)


def _note(connection: Connection, row: Row[Any], **values: object) -> None:
    connection.execute(update(users).where(users.c.user_id == row.user_id).values(**values))
