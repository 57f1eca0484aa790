"""Who lives together and who belongs to a family, as people said it."""

import pandas as pd
import pytest

from casebook import homes, reading
from casebook.errors import ReasonMissingError, RefusedWordError
from casebook.homes import Couple, Membership
from casebook.questions import Asked
from schemas.casebook import HomeAnswer

TWO = Couple.of("pb2", "pa1")
ASKED = Asked("r7", "print-1", "2026-10")


def decide(book, saying, answer, people=TWO):
    with book.begin() as connection:
        return homes.decide(connection, people, answer, saying, asked=ASKED, household_id="h1")


def test_two_people_are_the_same_two_whichever_is_named_first(book, says):
    decide(book, says("ash"), HomeAnswer.APART, Couple.of("pa1", "pb2"))
    with book.reading() as connection:
        assert homes.bound(connection, TWO).decision == "apart"
        assert homes.all_bound(connection)["pa1", "pb2"].decision == "apart"
    with pytest.raises(RefusedWordError):
        Couple.of("pa1", "pa1")


def test_the_newest_answer_binds_and_undoing_it_brings_back_the_one_before(book, says):
    decide(book, says("ash"), HomeAnswer.TOGETHER)
    number = decide(book, says("birch"), HomeAnswer.APART)
    with book.begin() as connection:
        assert homes.bound(connection, TWO).decision == "apart"
        homes.withdraw(connection, number, says("birch"))
        assert homes.bound(connection, TWO).decision == "together"
        assert len(homes.history(connection, TWO)) == 3


def test_only_what_settles_something_goes_to_the_run(book, says):
    decide(book, says("ash"), HomeAnswer.APART)
    decide(book, says("ash"), HomeAnswer.CANNOT_TELL, Couple.of("pa1", "pc3"))
    with book.reading() as connection:
        read = reading.household_decisions(connection)
        assert len(reading.answers(connection)) == 2
        assert reading.couples_touched(connection) == [("pa1", "pb2"), ("pa1", "pc3")]
    assert read.to_numpy().tolist() == [["pa1", "pb2", "apart", pd.Timestamp("2026-11-20")]]


def test_a_home_is_not_decided_without_a_reason(book, says):
    with pytest.raises(ReasonMissingError):
        decide(book, says("ash", ""), HomeAnswer.APART)


def test_who_belongs_to_a_family_is_the_newest_word_of_each(book, says):
    with book.begin() as connection:
        homes.confirm(connection, Membership("f1", "pa1", is_member=True), says("ash"), month="2026-10")
        homes.confirm(connection, Membership("f1", "pb2", is_member=True), says("ash"))
        wrong = homes.confirm(connection, Membership("f1", "pb2", is_member=False), says("birch"))
        homes.confirm(connection, Membership("f2", "pb2", is_member=True), says("ash"))
        assert homes.confirmed(connection, "f1") == {"pa1": True, "pb2": False}
        read = reading.family_confirmations(connection)
        homes.withdraw_confirmation(connection, wrong, says("birch"))
        assert homes.confirmed(connection, "f1") == {"pa1": True, "pb2": True}
        with pytest.raises(ReasonMissingError):
            homes.confirm(connection, Membership("f1", "pa1", is_member=True), says("ash", None))
    assert read[["family_id", "person_id", "is_member"]].to_numpy().tolist() == [
        ["f1", "pa1", True],
        ["f1", "pb2", False],
        ["f2", "pb2", True],
    ]
