"""Who is signed in, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from casebook import audit, sessions
from casebook.audit import Wanted
from casebook.sessions import Limits
from casebook.signature import Signature

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def token(book, users):
    with book.begin() as connection:
        return sessions.begin(connection, users["ash"].user_id, at=NOW)


def runs(book, token, **later):
    return sessions.current(book, token, at=NOW + timedelta(**later)) is not None


def test_a_session_is_of_the_user_who_began_it(book, users, token):
    assert sessions.current(book, token, at=NOW).user_id == users["ash"].user_id


def test_the_token_is_long_and_nowhere_kept(book, token):
    assert len(token) == 43
    with book.reading() as connection:
        assert token not in str(connection.execute(text("select * from sessions")).all())


def test_another_token_is_nobodys(book, token):
    assert sessions.current(book, token[:-1] + ("x" if token[-1] != "x" else "y"), at=NOW) is None
    assert sessions.current(book, "", at=NOW) is None


def test_an_idle_session_ends_after_half_an_hour(book, token):
    assert runs(book, token, minutes=29)
    assert runs(book, token, minutes=58)
    assert not runs(book, token, minutes=88)
    assert not runs(book, token, minutes=88, seconds=1)


def test_a_used_session_ends_after_twelve_hours(book, token):
    for minutes in range(0, 12 * 60, 20):
        assert runs(book, token, minutes=minutes), minutes
    assert not runs(book, token, hours=12)


def test_the_limits_are_the_callers(book, token):
    limits = Limits(idle=timedelta(minutes=5), longest=timedelta(hours=1))
    assert sessions.current(book, token, at=NOW + timedelta(minutes=5), limits=limits) is None


def test_using_a_session_is_noted_once_a_minute_at_most(book, token):
    def noted():
        with book.reading() as connection:
            return connection.scalar(text("select seen_at from sessions"))

    before = noted()
    assert runs(book, token, seconds=59)
    assert noted() == before
    assert runs(book, token, seconds=60)
    assert noted() != before


def test_signing_out_ends_the_session_once(book, users, token):
    session = sessions.current(book, token, at=NOW)
    signature = Signature(users["ash"].user_id, NOW)
    with book.begin() as connection:
        sessions.end(connection, session.session_id, signature)
        sessions.end(connection, session.session_id, signature)
        assert audit.count(connection, Wanted(event="SignedOut")) == 1
    assert not runs(book, token)


def test_all_sessions_of_a_user_end_and_no_others(book, users, token):
    with book.begin() as connection:
        others = sessions.begin(connection, users["birch"].user_id, at=NOW)
        second = sessions.begin(connection, users["ash"].user_id, at=NOW)
        assert sessions.end_all(connection, users["ash"].user_id, Signature(None, NOW)) == 2
        assert sessions.end_all(connection, users["ash"].user_id, Signature(None, NOW)) == 0
    assert [runs(book, each) for each in (token, second, others)] == [False, False, True]


def test_old_sessions_are_forgotten(book, token):
    with book.begin() as connection:
        assert sessions.sweep(connection, before=NOW) == 0
        assert sessions.sweep(connection, before=NOW + timedelta(days=1)) == 1
