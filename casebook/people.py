"""The people who use the desk: who they are and what they are there for.

Whatever changes a user is recorded in the audit trail here; callers need not.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Executable, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from casebook import audit, events, passwords, sessions
from casebook.errors import UnknownRowError, UserError
from casebook.signature import Signature
from casebook.tables import users
from casebook.tokens import new_id
from schemas.vocabulary import DeskRole

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,99}")


@dataclass(frozen=True)
class Identity:
    """An account of the council's own sign-in service, as OpenID Connect names it."""

    issuer: str
    subject: str


@dataclass(frozen=True)
class User:
    """Somebody who uses the desk."""

    user_id: str
    username: str
    display_name: str
    role: DeskRole
    sees_protected_addresses: bool
    must_change_password: bool
    is_disabled: bool
    locked_until: datetime | None
    identity: Identity | None


@dataclass(frozen=True)
class NewUser:
    """Somebody to be added. Without a password they sign in by their `identity` only."""

    username: str
    display_name: str
    role: DeskRole
    sees_protected_addresses: bool = False
    identity: Identity | None = None


def add(
    connection: Connection, new: NewUser, signature: Signature, *, password: str | None = None, must_change: bool = True
) -> User:
    """Let somebody use the desk. Raises UserError and PasswordRefusedError."""
    username = new.username.casefold()
    if not _USERNAME.fullmatch(username):
        raise UserError("A user name has 2 to 100 letters, digits, dots, hyphens, underscores or @, and no spaces.")
    if password is not None:
        passwords.allow(password, names=(username, new.display_name))
    user_id = new_id("U")
    _insert(
        connection,
        user_id=user_id,
        username=username,
        display_name=new.display_name.strip() or username,
        role=DeskRole(new.role).value,
        sees_protected_addresses=new.sees_protected_addresses,
        password_hash=None if password is None else passwords.hashed(password),
        must_change_password=password is not None and must_change,
        issuer=new.identity.issuer if new.identity else None,
        subject=new.identity.subject if new.identity else None,
        created_at=signature.at,
    )
    audit.record(connection, events.UserAdded(user_id, DeskRole(new.role)), signature)
    if new.sees_protected_addresses:
        audit.record(connection, events.ClearanceChanged(user_id, sees_protected_addresses=True), signature)
    return find(connection, user_id)


def _insert(connection: Connection, **values: object) -> None:
    if not _written(connection, insert(users).values(failed_attempts=0, **values)):
        raise UserError("There is a user of this name, or of this outside account, already. Choose another name.")


def find(connection: Connection, user_id: str) -> User:
    """The user of an id; raises UnknownRowError."""
    row = connection.execute(select(users).where(users.c.user_id == user_id)).one_or_none()
    if row is None:
        message = f"There is no user {user_id}. List them: hearth users list"
        raise UnknownRowError(message)
    return user_of(row)


def named(connection: Connection, username: str) -> User | None:
    """The user of a user name, in whatever case it is written."""
    row = connection.execute(select(users).where(users.c.username == username.casefold())).one_or_none()
    return None if row is None else user_of(row)


def identified(connection: Connection, identity: Identity) -> User | None:
    """The user to whom an outside account is tied; nothing where it is nobody's, or the user is disabled."""
    mine = (users.c.issuer == identity.issuer) & (users.c.subject == identity.subject)
    row = connection.execute(select(users).where(mine, users.c.disabled_at.is_(None))).one_or_none()
    return None if row is None else user_of(row)


def everyone(connection: Connection) -> list[User]:
    """All users, disabled ones too, by name."""
    return [user_of(row) for row in connection.execute(select(users).order_by(users.c.username))]


def user_of(row: Row[Any]) -> User:
    """The user of a row of the table."""
    return User(
        user_id=row.user_id,
        username=row.username,
        display_name=row.display_name,
        role=DeskRole(row.role),
        sees_protected_addresses=row.sees_protected_addresses,
        must_change_password=row.must_change_password,
        is_disabled=row.disabled_at is not None,
        locked_until=row.locked_until,
        identity=Identity(row.issuer, row.subject) if row.issuer else None,
    )


def change_role(connection: Connection, user_id: str, role: DeskRole, signature: Signature) -> None:
    """Give a user another role; their sessions end."""
    _change(connection, user_id, role=DeskRole(role).value)
    audit.record(connection, events.RoleChanged(user_id, DeskRole(role)), signature)
    sessions.end_all(connection, user_id, signature)


def change_clearance(
    connection: Connection, user_id: str, *, sees_protected_addresses: bool, signature: Signature
) -> None:
    """Let a user see protected addresses, or no longer; their sessions end."""
    _change(connection, user_id, sees_protected_addresses=sees_protected_addresses)
    audit.record(connection, events.ClearanceChanged(user_id, sees_protected_addresses), signature)
    sessions.end_all(connection, user_id, signature)


def tie_identity(connection: Connection, user_id: str, identity: Identity | None, signature: Signature) -> None:
    """Tie an outside account to a user, or untie it; their sessions end."""
    issuer, subject = (identity.issuer, identity.subject) if identity else (None, None)
    _change(connection, user_id, issuer=issuer, subject=subject)
    audit.record(connection, events.IdentityTied(user_id, is_tied=identity is not None), signature)
    sessions.end_all(connection, user_id, signature)


def disable(connection: Connection, user_id: str, signature: Signature) -> None:
    """Let a user in no more; their sessions end, and what they decided stands."""
    _change(connection, user_id, disabled_at=signature.at)
    audit.record(connection, events.UserDisabled(user_id), signature)
    sessions.end_all(connection, user_id, signature)


def enable(connection: Connection, user_id: str, signature: Signature) -> None:
    """Let a disabled or locked user in again."""
    _change(connection, user_id, disabled_at=None, locked_until=None, failed_attempts=0)
    audit.record(connection, events.UserEnabled(user_id), signature)


def set_password(
    connection: Connection, user_id: str, password: str, signature: Signature, *, must_change: bool | None = None
) -> None:
    """Give a user another password; their sessions end. Raises PasswordRefusedError.

    One that somebody else set must be changed at the next sign-in, unless `must_change` says otherwise.
    """
    user = find(connection, user_id)
    passwords.allow(password, names=(user.username, user.display_name))
    another_set_it = signature.user_id != user_id
    change_next = another_set_it if must_change is None else must_change
    if not another_set_it and passwords.matches(_hash_of(connection, user_id), password):
        raise UserError("The new password is the one in use. Choose another.")
    _change(
        connection,
        user_id,
        password_hash=passwords.hashed(password),
        must_change_password=change_next,
        failed_attempts=0,
        locked_until=None,
    )
    audit.record(connection, events.PasswordChanged(user_id, change_next), signature)
    sessions.end_all(connection, user_id, signature)


def _hash_of(connection: Connection, user_id: str) -> str | None:
    return connection.scalar(select(users.c.password_hash).where(users.c.user_id == user_id))


def _change(connection: Connection, user_id: str, **values: object) -> None:
    find(connection, user_id)
    if not _written(connection, update(users).where(users.c.user_id == user_id).values(**values)):
        raise UserError("This outside account is tied to another user. Untie it there first.")


def _written(connection: Connection, statement: Executable) -> bool:
    """Whether the database took it; where it did not, the transaction can go on."""
    try:
        with connection.begin_nested():
            connection.execute(statement)
    except IntegrityError:
        return False
    return True
