"""Who may use the desk, and how they prove who they are."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from casebook import audit, passwords, people, sessions, signing_in
from casebook.audit import Wanted
from casebook.errors import PasswordRefusedError, UnknownRowError, UserError
from casebook.people import Identity, NewUser
from casebook.signature import Signature
from casebook.tables import users as table
from schemas.vocabulary import DeskRole

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
GOOD = "plum orchard gate seven"
MACHINE = Signature(None, NOW)


@pytest.fixture
def kim(book):
    with book.begin() as connection:
        return people.add(connection, NewUser("Kim.Lee", "Kim Lee", DeskRole.MANAGER), MACHINE, password=GOOD)


def signs_in(book, password=GOOD, *, name="kim.lee", at=NOW):
    return signing_in.verify(book, name, password, at=at) is not None


def told(book, **wanted):
    with book.reading() as connection:
        return [entry.event for entry in reversed(audit.search(connection, Wanted(**wanted)))]


def test_a_user_is_found_by_id_by_name_in_any_case_and_among_all(book, kim):
    with book.reading() as connection:
        assert people.find(connection, kim.user_id) == kim
        assert people.named(connection, "KIM.LEE") == kim
        assert people.everyone(connection) == [kim]
        assert people.named(connection, "nobody") is None
        with pytest.raises(UnknownRowError, match="hearth users list"):
            people.find(connection, "U0")
    assert (kim.role, kim.must_change_password, kim.is_disabled) == (DeskRole.MANAGER, True, False)


def test_a_first_password_lets_in_and_must_be_changed(book, kim):
    assert signs_in(book)
    with book.begin() as connection:
        people.set_password(connection, kim.user_id, "another long password", Signature(kim.user_id, NOW))
        assert not people.find(connection, kim.user_id).must_change_password
    assert not signs_in(book)
    assert signs_in(book, "another long password")
    assert "another long password" not in stored(book)


def stored(book):
    with book.reading() as connection:
        return str(connection.execute(select(table)).all())


def test_a_password_that_somebody_else_sets_must_be_changed(book, kim, users):
    with book.begin() as connection:
        people.set_password(connection, kim.user_id, "another long password", Signature(users["cedar"].user_id, NOW))
        assert people.find(connection, kim.user_id).must_change_password


def test_a_new_password_must_be_new(book, kim):
    with book.begin() as connection, pytest.raises(UserError, match="in use"):
        people.set_password(connection, kim.user_id, GOOD, Signature(kim.user_id, NOW))


@pytest.mark.parametrize("name", ["kim.lee", "KIM.LEE", "nobody", ""])
def test_a_wrong_password_and_an_unknown_name_look_the_same(book, kim, name):
    assert signing_in.verify(book, name, "not the password", at=NOW) is None
    assert told(book, event="SignInRefused") == ["SignInRefused"]


def test_an_unknown_name_takes_as_long_as_a_known_one(book, kim, monkeypatch):
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=16_384, parallelism=1))
    passwords._nobodys.cache_clear()
    with book.begin() as connection:
        people.set_password(connection, kim.user_id, "another long password", MACHINE)
    signs_in(book, "wrong", name="nobody")
    known, unknown = (min(seconds(book, name) for _ in range(5)) for name in ("kim.lee", "nobody"))
    assert unknown > known / 2


def seconds(book, name):
    before = time.process_time()
    signing_in.verify(book, name, "wrong password", at=NOW)
    return time.process_time() - before


def test_five_failures_lock_for_a_quarter_of_an_hour_whatever_is_typed(book, kim):
    for _ in range(5):
        assert not signs_in(book, "wrong password")
    assert not signs_in(book)
    assert not signs_in(book, at=NOW + timedelta(minutes=14, seconds=59))
    assert signs_in(book, at=NOW + timedelta(minutes=15))
    assert told(book, event="UserLocked") == ["UserLocked"]


def test_attempts_while_locked_do_not_lock_for_longer(book, kim):
    for minute in range(5, -1, -1):
        assert not signs_in(book, "wrong password", at=NOW - timedelta(minutes=minute))
    assert signs_in(book, at=NOW + timedelta(minutes=15))


def test_a_success_forgives_the_failures_before_it(book, kim):
    for _ in range(3):
        for _ in range(4):
            assert not signs_in(book, "wrong password")
        assert signs_in(book)


def test_a_manager_lets_a_locked_user_in_again(book, kim):
    for _ in range(5):
        signs_in(book, "wrong password")
    with book.begin() as connection:
        people.enable(connection, kim.user_id, MACHINE)
    assert signs_in(book)


def test_a_disabled_user_does_not_get_in_and_their_session_ends(book, kim):
    with book.begin() as connection:
        token = sessions.begin(connection, kim.user_id, at=NOW)
        people.disable(connection, kim.user_id, MACHINE)
    assert not signs_in(book)
    assert sessions.current(book, token, at=NOW) is None
    with book.begin() as connection:
        people.enable(connection, kim.user_id, MACHINE)
    assert signs_in(book)
    assert sessions.current(book, token, at=NOW) is None


def test_a_hash_made_with_weaker_parameters_is_renewed_at_sign_in(book, kim, monkeypatch):
    before = stored(book)
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert signs_in(book)
    assert stored(book) != before
    assert "t=2" in stored(book)
    assert signs_in(book)


def test_passwords_are_hashed_by_argon2id_as_its_authors_advise():
    from argon2.profiles import RFC_9106_LOW_MEMORY  # noqa: PLC0415

    assert PasswordHasher().memory_cost >= RFC_9106_LOW_MEMORY.memory_cost
    assert passwords.hashed(GOOD).startswith("$argon2id$")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "12 to 1000 characters"),
        ("elevenchars", "12 to 1000 characters"),
        ("x" * 1001, "12 to 1000 characters"),
        ("PasswordPassword", "among the first"),
        ("aaaaaaaaaaaaaaaa", "among the first"),
        ("kim goes to work", "own name"),
        ("ORCHARD-LEE-ORCHARD", "own name"),
    ],
)
def test_a_poor_password_is_refused_and_not_repeated(password, why):
    with pytest.raises(PasswordRefusedError, match=why) as refused:
        passwords.allow(password, names=("kim.lee", "Kim Lee"))
    assert password not in str(refused.value)


@given(st.text(min_size=12, max_size=60).filter(lambda password: len(set(password.casefold())) >= 5))
def test_any_other_password_will_do(password):
    passwords.allow(password, names=("zz", "yy"))


@pytest.mark.parametrize("name", ["", "x", "two words", "a/b", "é" * 3, "x" * 101])
def test_a_user_name_that_would_not_do_is_refused(book, name):
    with book.begin() as connection, pytest.raises(UserError, match="2 to 100"):
        people.add(connection, NewUser(name, "Somebody", DeskRole.MANAGER), MACHINE)


def test_a_name_is_given_once_in_whatever_case_and_the_transaction_goes_on(book, kim):
    with book.begin() as connection:
        with pytest.raises(UserError, match="already"):
            people.add(connection, NewUser("KIM.LEE", "Another", DeskRole.MANAGER), MACHINE)
        people.change_role(connection, kim.user_id, DeskRole.AUDITOR, MACHINE)
    with book.reading() as connection:
        assert people.find(connection, kim.user_id).role == DeskRole.AUDITOR


def test_an_outside_account_signs_one_user_in(book, kim, users):
    entra = Identity("https://login.example/tenant", "subject-1")
    with book.begin() as connection:
        people.tie_identity(connection, kim.user_id, entra, MACHINE)
        assert people.identified(connection, entra).user_id == kim.user_id
        with pytest.raises(UserError, match="tied to another"):
            people.tie_identity(connection, users["ash"].user_id, entra, MACHINE)
        assert people.identified(connection, Identity("https://other.example", "subject-1")) is None
        people.disable(connection, kim.user_id, MACHINE)
        assert people.identified(connection, entra) is None


def test_a_user_without_a_password_does_not_sign_in_by_one(book, users):
    assert signing_in.verify(book, "ash", "", at=NOW) is None
    assert signing_in.verify(book, "ash", "nobody has this password", at=NOW) is None


def test_what_changes_a_user_is_in_the_trail_and_ends_their_sessions(book, kim, users):
    boss = Signature(users["cedar"].user_id, NOW)
    changes = {
        "RoleChanged": lambda connection: people.change_role(connection, kim.user_id, DeskRole.SCRUTINY, boss),
        "ClearanceChanged": lambda connection: people.change_clearance(
            connection, kim.user_id, sees_protected_addresses=True, signature=boss
        ),
        "PasswordChanged": lambda connection: people.set_password(connection, kim.user_id, "yet another pass", boss),
        "IdentityTied": lambda connection: people.tie_identity(connection, kim.user_id, Identity("i", "s"), boss),
        "UserDisabled": lambda connection: people.disable(connection, kim.user_id, boss),
    }
    for name, change in changes.items():
        with book.begin() as connection:
            token = sessions.begin(connection, kim.user_id, at=NOW)
        with book.begin() as connection:
            change(connection)
        assert sessions.current(book, token, at=NOW) is None, name
        assert told(book, about=kim.user_id)[-2:] == [name, "SessionsEnded"]


def test_a_password_is_nowhere_in_the_trail(book, kim):
    with book.reading() as connection:
        rows = str(connection.execute(text("select * from audit")).all())
    assert GOOD not in rows
    assert "kim" not in rows.casefold()
