"""Families taken on, worked with, handed over, closed, and taken on again."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from sqlalchemy.exc import DBAPIError

from casebook import case_files, cases, reading
from casebook.cases import Attaching, Closing, Plan, Worker
from casebook.errors import OutOfOrderError, ReasonMissingError, RefusedWordError, UnknownRowError
from casebook.events import Ledger
from casebook.tables import plans
from casebook.vocabulary import activity_kinds, close_reasons
from schemas.casebook import Consent

BEGIN, MIDDLE, END, AFTER = date(2026, 3, 2), date(2026, 5, 4), date(2026, 7, 6), date(2026, 11, 6)
ASH = Worker("ash", "early help")


def attaching(family="f1", on=BEGIN, **others):
    return Attaching(family, on, Consent.GIVEN, ASH, **others)


def ending(on=END, reason="outcomes_achieved", plan="school keeps in touch"):
    return Closing(on, reason, plan)


@pytest.fixture
def case_id(book, says):
    with book.begin() as connection:
        return cases.attach(connection, attaching(), says("ash", "agreed at panel"))


def now(book, case_id):
    with book.reading() as connection:
        return case_files.case(connection, case_id)


def test_a_family_taken_on_has_its_consent_worker_and_day(book, case_id):
    found = now(book, case_id)
    assert (found.family_id, found.attached_on, found.consent) == ("f1", BEGIN, "given")
    assert (found.key_worker, found.agency, found.is_open, found.earlier_case_id) == ("ash", "early help", True, None)


def test_a_family_is_not_taken_on_while_it_is_worked_with_under_whatever_id(book, says, case_id):
    for again in (attaching(), attaching("f2", also_known_as=frozenset({"f1"}))):
        with book.begin() as connection, pytest.raises(OutOfOrderError, match="is being worked with"):
            cases.attach(connection, again, says("birch"))


def test_consent_changes_and_both_words_stay(book, says, case_id):
    with book.begin() as connection:
        cases.record_consent(connection, case_id, Consent.DECLINED, says("ash"), on=MIDDLE)
    assert now(book, case_id).consent == "declined"
    with book.reading() as connection:
        said = [entry.said["consent"] for entry in case_files.entries(connection, case_id) if "consent" in entry.said]
    assert said == ["given", "declined"]


def test_a_handover_needs_a_reason_and_leaves_the_earlier_worker_on_record(book, says, case_id):
    with book.begin() as connection, pytest.raises(ReasonMissingError):
        cases.hand_over(connection, case_id, Worker("birch"), says("cedar", ""), from_on=MIDDLE)
    with book.begin() as connection:
        cases.hand_over(connection, case_id, Worker("birch"), says("cedar", "ash leaves"), from_on=MIDDLE)
        with pytest.raises(RefusedWordError, match="Name the key worker"):
            cases.hand_over(connection, case_id, Worker(" "), says("cedar"), from_on=MIDDLE)
    assert (now(book, case_id).key_worker, now(book, case_id).agency) == ("birch", None)
    with book.reading() as connection:
        told = [entry for entry in case_files.entries(connection, case_id) if entry.ledger is Ledger.WORKERS]
    assert [(each.said["key_worker"], each.on, each.reason) for each in told] == [
        ("ash", BEGIN, "agreed at panel"),
        ("birch", MIDDLE, "ash leaves"),
    ]


def test_the_newest_plan_is_in_force(book, says, case_id):
    with book.begin() as connection:
        cases.plan(connection, case_id, Plan(BEGIN, "attendance first"), says("ash"))
        cases.plan(connection, case_id, Plan(MIDDLE, "work for both parents", END), says("ash"))
        with pytest.raises(RefusedWordError, match="aims at"):
            cases.plan(connection, case_id, Plan(MIDDLE, " "), says("ash"))
    assert (now(book, case_id).aims, now(book, case_id).review_on) == ("work for both parents", END)


def test_activities_are_coded_and_the_last_one_is_known(book, says, case_id):
    with book.begin() as connection:
        cases.record_activity(connection, case_id, "call", says("ash", None), done_on=END)
        cases.record_activity(connection, case_id, "visit", says("ash", None), done_on=MIDDLE)
        with pytest.raises(RefusedWordError, match="Known: visit, "):
            cases.record_activity(connection, case_id, "chat", says("ash"), done_on=END)
        with pytest.raises(UnknownRowError, match="no case K0"):
            cases.record_activity(connection, "K0", "visit", says("ash"), done_on=END)
        with pytest.raises(OutOfOrderError, match="still to come"):
            cases.record_activity(connection, case_id, "visit", says("ash"), done_on=date(2027, 1, 1))
        read = reading.activity(connection)
    assert now(book, case_id).last_activity_on == END
    assert read[["family_id", "kind"]].to_numpy().tolist() == [["f1", "call"], ["f1", "visit"]]


def close(book, case_id, saying, closing=None):
    with book.begin() as connection:
        return cases.close(connection, case_id, closing or ending(), saying)


def test_closing_needs_a_known_reason_an_exit_plan_and_a_day_that_can_be(book, says, case_id):
    for wrong, error in (
        (ending(reason="tired"), RefusedWordError),
        (ending(plan=" "), RefusedWordError),
        (ending(on=date(2026, 3, 1)), OutOfOrderError),
        (ending(on=date(2027, 3, 1)), OutOfOrderError),
    ):
        with pytest.raises(error):
            close(book, case_id, says("ash"), wrong)
    close(book, case_id, says("ash"))
    found = now(book, case_id)
    assert (found.is_open, found.closed_on, found.close_reason) == (False, END, "outcomes_achieved")
    with pytest.raises(OutOfOrderError, match="is closed"):
        close(book, case_id, says("birch"))


def test_after_closure_only_a_follow_up_is_recorded(book, says, case_id):
    close(book, case_id, says("ash"))
    with book.begin() as connection:
        with pytest.raises(OutOfOrderError, match="was closed before that day"):
            cases.record_activity(connection, case_id, "visit", says("ash"), done_on=AFTER)
        cases.record_activity(connection, case_id, "visit", says("ash"), done_on=MIDDLE)
        cases.record_activity(connection, case_id, "follow_up", says("ash"), done_on=AFTER)
        with pytest.raises(OutOfOrderError, match="is closed"):
            cases.hand_over(connection, case_id, Worker("birch"), says("ash"), from_on=AFTER)


def test_a_closure_that_was_a_mistake_is_withdrawn_and_stays_on_record(book, says, case_id):
    number = close(book, case_id, says("ash"))
    with book.begin() as connection:
        with pytest.raises(ReasonMissingError):
            cases.withdraw(connection, Ledger.CLOSURES, number, says("ash", ""))
        cases.withdraw(connection, Ledger.CLOSURES, number, says("ash", "the wrong family"))
    assert now(book, case_id).is_open
    with book.reading() as connection:
        told = [entry for entry in case_files.entries(connection, case_id) if entry.ledger is Ledger.CLOSURES]
    assert [each.is_withdrawn for each in told] == [True]


def test_a_family_taken_on_again_is_tied_to_its_earlier_work_also_under_another_id(book, says, case_id):
    close(book, case_id, says("ash"))
    renamed = attaching("f2", AFTER, also_known_as=frozenset({"f1"}))
    with book.begin() as connection:
        early = attaching("f2", MIDDLE, also_known_as=frozenset({"f1"}))
        with pytest.raises(OutOfOrderError, match="before the earlier work ended"):
            cases.attach(connection, early, says("birch"))
        again = cases.attach(connection, renamed, says("birch"))
        assert [each.case_id for each in case_files.cases_of(connection, "f1", "f2")] == [case_id, again]
    assert now(book, again).earlier_case_id == case_id
    with book.reading() as connection:
        read = reading.attachments(connection)
    assert read["family_id"].tolist() == ["f1", "f2"]
    assert read["closed_on"].tolist()[0] == pd.Timestamp(END)
    assert pd.isna(read["closed_on"].tolist()[1])


def test_a_family_taken_on_in_error_is_withdrawn_and_leaves_the_run(book, says, case_id):
    with book.begin() as connection:
        cases.withdraw(connection, Ledger.CASES, now(book, case_id).sequence, says("ash", "the wrong family"))
        assert reading.attachments(connection).empty
        assert cases.attach(connection, attaching(), says("ash")) != case_id
        with pytest.raises(UnknownRowError, match="was withdrawn"):
            case_files.case(connection, case_id)


def test_a_ledger_that_is_no_part_of_a_case_is_refused(book, says):
    with book.begin() as connection, pytest.raises(RefusedWordError):
        cases.withdraw(connection, Ledger.PAIRS, 1, says("ash"))


def test_the_database_itself_knows_no_entry_without_its_case(book, users):
    values = {"case_id": "K0", "planned_on": BEGIN, "aims": "x", "decided_by": users["ash"].user_id}
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), book.begin() as connection:
        connection.execute(plans.insert().values(decided_at=datetime(2026, 1, 1, tzinfo=UTC), **values))


def test_codes_are_data_with_words():
    assert activity_kinds()["follow_up"].after_closure
    assert activity_kinds()["visit"].is_contact
    assert all(kind.words for kind in activity_kinds().values())
    assert "outcomes_achieved" in close_reasons()
