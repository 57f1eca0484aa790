"""The trail: nothing is changed, taken out, put in or cut off without its showing."""

import threading
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import NoneType
from typing import get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from casebook import audit, events, ledgers, pairs, tokens
from casebook.audit import Wanted
from casebook.opening import open_casebook, sqlite_url
from casebook.pairs import Pair, RecordKey
from casebook.questions import Asked
from casebook.signature import Signature
from schemas.casebook import PairAnswer

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PAIR = Pair.of(RecordKey("school", "pupils", "A1"), RecordKey("mash", "people", "M1"))


def every_event(kind=events.Event):
    for below in kind.__subclasses__():
        yield below
        yield from every_event(below)


KINDS = sorted(every_event(), key=lambda kind: kind.__name__)


def record_some(book, user_id, count=6):
    with book.begin() as connection:
        for number in range(count):
            signature = Signature(user_id, NOW + timedelta(minutes=number))
            audit.record(connection, events.FamilyViewed(f"f{number}", "2026-10"), signature)


def tampering(book):
    """A connection of somebody who owns the database and takes the refusals away."""
    connection = book.engine.connect()
    connection.begin()
    if connection.dialect.name == "sqlite":
        names = connection.scalars(text("select name from sqlite_master where type = 'trigger'")).all()
        for name in names:
            connection.execute(text(f"drop trigger {name}"))
    else:
        connection.execute(text("set session_replication_role = replica"))
    return connection


def broken(book, statement, **values):
    """What the trail's check finds after a change that is then taken back."""
    connection = tampering(book)
    try:
        connection.execute(text(statement), values)
        return audit.verify(connection)
    finally:
        connection.rollback()
        connection.close()


def test_a_trail_is_sound_from_its_first_row(book, users):
    with book.reading() as connection:
        assert audit.verify(connection) is None
    record_some(book, users["ash"].user_id)
    with book.reading() as connection:
        assert audit.verify(connection) is None
        assert [entry.sequence for entry in audit.search(connection, Wanted())] == list(range(10, 0, -1))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2026-11-20 12:00:01.000001"),
        ("user_id", None),
        ("event", "SignedOut"),
        ("about", "f9"),
        ("details", "{}"),
        ("previous", "f" * 64),
        ("hash", "f" * 64),
    ],
)
def test_any_change_of_a_row_is_found_in_that_row_or_the_next(book, users, column, value):
    record_some(book, users["ash"].user_id)
    kind = "cast(:value as timestamptz)" if column == "at" and book.engine.dialect.name != "sqlite" else ":value"
    found = broken(book, f"update audit set {column} = {kind} where sequence = 7", value=value)
    assert found is not None
    assert found.sequence == 7


def test_a_row_taken_out_is_found(book, users):
    record_some(book, users["ash"].user_id)
    assert broken(book, "delete from audit where sequence = 7") == audit.Breach(8, "row 7 is missing before it")
    assert broken(book, "delete from audit where sequence = 1") == audit.Breach(2, "row 1 is missing before it")


def test_a_tail_cut_off_is_found_by_a_head_noted_before(book, users):
    record_some(book, users["ash"].user_id)
    with book.reading() as connection:
        noted = frozenset({audit.head(connection)})
        assert audit.verify(connection, heads=noted) is None
    record_some(book, users["ash"].user_id, 2)
    with book.reading() as connection:
        assert audit.verify(connection, heads=noted) is None
    connection = tampering(book)
    connection.execute(text("delete from audit where sequence > 8"))
    assert audit.verify(connection) is None
    found = audit.verify(connection, heads=noted)
    connection.rollback()
    connection.close()
    assert found is not None
    assert (found.sequence, "its end was cut off" in found.what) == (9, True)


def test_a_head_of_an_empty_trail_is_always_in_it(book):
    with book.reading() as connection:
        noted = audit.head(connection)
    with book.begin() as connection:
        audit.record(connection, events.AuditRead(0), Signature(None, NOW))
        assert audit.verify(connection, heads=frozenset({noted})) is None


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_byte_of_the_stored_trail_changes_without_its_showing(data):
    """On the texts themselves: each character of each row's columns, replaced by any other."""
    rows = [
        audit.Entry(1, NOW, "Uabc1", "FamilyViewed", "f1", '{"family_id":"f1","month":"2026-10"}', audit.START, ""),
    ]
    first = rows[0]
    hashed = audit._hash(first)
    name = data.draw(st.sampled_from(["user_id", "event", "about", "details", "previous"]))
    value = getattr(first, name)
    place = data.draw(st.integers(0, len(value) - 1))
    other = data.draw(st.characters(exclude_characters=value[place], exclude_categories=("Cs",)))
    changed = audit.Entry(**{**vars(first), name: value[:place] + other + value[place + 1 :]})
    assert audit._hash(changed) != hashed


def test_two_rows_cannot_follow_the_same_row(book, users):
    record_some(book, users["ash"].user_id)
    connection = tampering(book)
    row = connection.execute(text("select * from audit where sequence = 7")).mappings().one()
    values = {**row, "sequence": 99, "hash": "e" * 64}
    names = ", ".join(f":{name}" for name in values)
    with pytest.raises(Exception, match=r"(?i)unique"):
        connection.execute(text(f"insert into audit ({', '.join(values)}) values ({names})"), values)
    connection.rollback()
    connection.close()


def test_writers_at_once_make_one_chain(book, users):
    user_id, gate, failed = users["ash"].user_id, threading.Barrier(6), []

    def write(number):
        gate.wait()
        try:
            for each in range(8):
                with book.begin() as connection:
                    audit.record(
                        connection, events.FamilyViewed(f"f{number}x{each}", "2026-10"), Signature(user_id, NOW)
                    )
        except Exception as error:
            failed.append(error)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert failed == []
    with book.reading() as connection:
        assert audit.verify(connection) is None
        assert audit.count(connection, Wanted(event="FamilyViewed")) == 48


def test_an_event_is_undone_with_what_it_tells_of(book, users):
    def half_done():
        with book.begin() as connection:
            audit.record(connection, events.AuditRead(1), Signature(users["ash"].user_id, NOW))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    with book.reading() as connection:
        assert audit.count(connection, Wanted(event="AuditRead")) == 0
        assert audit.verify(connection) is None


def test_an_auditor_finds_by_event_user_subject_and_time(book, users):
    record_some(book, users["ash"].user_id)
    record_some(book, users["birch"].user_id, 2)
    with book.reading() as connection:
        of_birch = audit.search(connection, Wanted(user_id=users["birch"].user_id, event="FamilyViewed"))
        assert [entry.about for entry in of_birch] == ["f1", "f0"]
        assert audit.count(connection, Wanted(about="f1")) == 2
        between = Wanted(event="FamilyViewed", since=NOW + timedelta(minutes=1), until=NOW + timedelta(minutes=3))
        assert {entry.about for entry in audit.search(connection, between)} == {"f1", "f2"}
        newest = audit.search(connection, Wanted(event="FamilyViewed"), limit=1)[0]
        assert newest.said == {"family_id": "f1", "month": "2026-10"}
        assert audit.search(connection, Wanted(event="FamilyViewed"), before=newest.sequence, limit=1)[0].about == "f0"


def test_a_decision_altered_or_removed_behind_the_trails_back_is_found(book, says):
    with book.begin() as connection:
        pairs.decide(connection, PAIR, PairAnswer.SAME, says("ash"), asked=Asked("r1", "print", "2026-10"))
    with book.reading() as connection:
        assert ledgers.verify(connection) is None
    names = (
        "left_feed, left_table, left_id, right_feed, right_table, right_id, decision, group_id, review_id, "
        "fingerprint, month, withdraws, reason, decided_by, decided_at"
    )
    altered = "is not what the trail says was written"
    for statement, what in (
        ("update pair_decisions set decision = 'different'", altered),
        ("update pair_decisions set reason = null", altered),
        ("delete from pair_decisions", "is gone"),
        (f"insert into pair_decisions (sequence, {names}) select 2, {names} from pair_decisions", altered),
    ):
        connection = tampering(book)
        connection.execute(text(statement))
        found = ledgers.verify(connection)
        connection.rollback()
        connection.close()
        assert found is not None, statement
        assert found.what.endswith(what)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_event_has_a_field_that_could_hold_a_name(kind):
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        hint = hints[field.name]
        options = get_args(hint) if NoneType in get_args(hint) else (hint,)
        for each in options:
            closed = isinstance(each, type) and issubclass(each, StrEnum | int | bool | NoneType)
            assert closed or each in (events.Id, events.Hash, events.Month), (kind.__name__, field.name)


NAMES = st.sampled_from(
    ["Orlando", "Quibbleton", "Orlando Quibbleton", "O'Hara", "2014-03-02", "HB1 1AA", "1 Test Row", "a@b.example"]
)


@given(value=NAMES | st.from_regex(r"[A-Z][a-z]{3,15}( [A-Z][a-z]{3,15})?", fullmatch=True))
def test_what_is_no_id_is_refused_and_not_repeated(value):
    with pytest.raises(ValueError, match="is not of the kind") as refused:
        events.FamilyViewed(value, "2026-10")
    assert value not in str(refused.value)


@given(st.text(max_size=60))
def test_a_search_leaves_only_a_hash_and_a_length(text):
    with pytest.raises(ValueError, match="is not of the kind"):
        events.Searched(text, len(text), 0, "2026-10")


def test_a_searched_text_is_hashed_under_the_casebooks_own_key(book, tmp_path):
    other = open_casebook(sqlite_url(tmp_path / "other" / "casebook.db"))
    with book.reading() as connection, other.reading() as elsewhere:
        here = tokens.keyed_hash(connection, "quibbleton")
        assert here == tokens.keyed_hash(connection, "quibbleton")
        assert here != tokens.keyed_hash(elsewhere, "quibbleton")
        assert here != tokens.sha256("quibbleton")
    other.close()
