"""All cases at once: what was last done, and who handed what to whom."""

from datetime import date

import pytest

from casebook import case_files, cases
from casebook.cases import Attaching, Worker
from casebook.events import Ledger
from schemas.casebook import Consent

BEGIN, MIDDLE, LATER = date(2026, 3, 2), date(2026, 5, 4), date(2026, 7, 6)


@pytest.fixture
def case_ids(book, says):
    with book.begin() as connection:
        return [
            cases.attach(connection, Attaching(family, BEGIN, Consent.GIVEN, Worker("ash")), says("ash"))
            for family in ("f1", "f2")
        ]


def test_the_last_day_of_each_kind_of_activity(book, says, case_ids):
    one, other = case_ids
    with book.begin() as connection:
        for day in (LATER, MIDDLE):
            cases.record_activity(connection, one, "visit", says("ash"), done_on=day)
        cases.record_activity(connection, one, "call", says("ash"), done_on=date(2026, 8, 1))
        mistaken = cases.record_activity(connection, other, "visit", says("ash"), done_on=LATER)
        cases.withdraw(connection, Ledger.ACTIVITIES, mistaken, says("ash", "the other family"))
        assert case_files.last_done(connection, "visit", "meeting") == {one: LATER}
        assert case_files.last_done(connection) == {one: date(2026, 8, 1)}


def test_handovers_say_from_whom_and_to_whom(book, says, case_ids):
    one, other = case_ids
    with book.begin() as connection:
        cases.hand_over(connection, one, Worker("birch"), says("ash", "ash leaves"), from_on=MIDDLE)
        row = case_files.case(connection, other).sequence
        cases.withdraw(connection, Ledger.CASES, row, says("ash", "the wrong family"))
        found = case_files.handovers(connection)
    assert [(each.case_id, each.on, each.before, each.after) for each in found] == [
        (one, BEGIN, None, "ash"),
        (one, MIDDLE, "ash", "birch"),
    ]
    assert found[1].reason == "ash leaves"


def test_the_state_of_all_cases_is_another_after_whatever_is_added(book, says, case_ids):
    states = set()
    with book.begin() as connection:
        states.add(case_files.state(connection))
        number = cases.record_activity(connection, case_ids[0], "visit", says("ash"), done_on=LATER)
        states.add(case_files.state(connection))
        cases.withdraw(connection, Ledger.ACTIVITIES, number, says("ash", "the other family"))
        states.add(case_files.state(connection))
    assert len(states) == 3
