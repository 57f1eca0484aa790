"""Who has signed in."""

import datetime as dt
from dataclasses import dataclass

from casebook import people, sessions
from casebook.opening import Casebook
from desk.settings import DeskSettings
from schemas.vocabulary import DeskRole


@dataclass(frozen=True)
class Member:
    """Somebody who has signed in, as of this request."""

    user_id: str
    username: str
    display_name: str
    role: DeskRole
    session_id: str
    must_change_password: bool
    sees_protected_addresses: bool


def member_of(casebook: Casebook, settings: DeskSettings, secret: str) -> Member | None:
    """Who holds the secret of a running session; None where nobody does."""
    session = sessions.current(casebook, secret, at=dt.datetime.now(dt.UTC), limits=limits_of(settings))
    if session is None:
        return None
    with casebook.reading() as connection:
        user = people.find(connection, session.user_id)
    return Member(
        user_id=user.user_id,
        username=user.username,
        display_name=user.display_name,
        role=user.role,
        session_id=session.session_id,
        must_change_password=user.must_change_password,
        sees_protected_addresses=user.sees_protected_addresses,
    )


def limits_of(settings: DeskSettings) -> sessions.Limits:
    """How long a session lasts."""
    return sessions.Limits(
        idle=dt.timedelta(minutes=settings.idle_minutes), longest=dt.timedelta(minutes=settings.longest_minutes)
    )
