"""Which households are asked about, from hand-made stays."""

import numpy as np
import pandas as pd
import pytest

from linkage import doubts as doubting
from linkage.doubts import doubts
from linkage.households import Homes
from linkage.parted import HIDDEN, SILENT, UNTOLD

AS_OF = pd.Timestamp(2026, 10, 31)
OLD, NEW = pd.Timestamp(2025, 1, 31), pd.Timestamp(2026, 9, 30)
NAMES = ["child", "father", "friend", "mother"]
PLACE = {name: place for place, name in enumerate(NAMES)}


class Street:
    """Two dwellings. A mother and her child live in the first; others are put in by hand."""

    def __init__(self):
        self.stays, self.weighed, self.ties, self.incidents, self.parted = [], [], [], [], []
        self.lives("mother", kin=0)
        self.lives("child", kin=0, child=True)
        self.tie("mother", "child", lives=True)

    def lives(
        self, who, dwelling=0, *, kin=9, child=False, basis="address given by school", protected=False, shape="home"
    ):
        self.stays.append(
            {
                "person": PLACE[who], "dwelling": dwelling, "household": dwelling, "kin": kin, "child": child,
                "basis": basis, "protected": protected, "shape": shape,
            }
        )  # fmt: skip

    def says(self, who, dwelling=0, *, worth=2.0, feeds="police", seen_on=NEW, protected=False):
        row = {"person": PLACE[who], "dwelling": dwelling, "worth": worth, "feeds": feeds, "seen_on": seen_on}
        self.weighed.append({**row, "protected": protected})

    def tie(self, left, right, *, lives=None, tie="parent"):
        self.ties.append({"left": PLACE[left], "right": PLACE[right], "tie": tie, "lives": lives})

    def incident(self, victim, accused, *, on=NEW, why=None):
        row = {"left": PLACE[victim], "right": PLACE[accused], "on": on}
        (self.incidents if why is None else self.parted).append({**row, "why": why})

    def homes(self):
        stays = pd.DataFrame(self.stays).astype({"child": "boolean"})
        weighed = pd.DataFrame(
            self.weighed, columns=["person", "dwelling", "worth", "feeds", "seen_on", "protected"]
        ).astype(
            {"person": "int64", "dwelling": "int64", "seen_on": "datetime64[ns]", "protected": bool, "feeds": object}
        )
        weighed = weighed.sort_values(["person", "worth"], ascending=[True, False], ignore_index=True)
        ties = pd.DataFrame(self.ties).astype({"lives": "boolean"})
        pairs = [
            pd.DataFrame(rows, columns=["left", "right", "on", "why"]).astype(
                {"left": "int64", "right": "int64", "on": "datetime64[ns]", "why": object}
            )
            for rows in (self.incidents, self.parted)
        ]
        ids = pd.Series([f"p-{name}" for name in NAMES], dtype="string[pyarrow]")
        blank = pd.DataFrame()
        expecting = np.zeros(len(ids), bool)
        return Homes(ids, blank, blank, stays, ties, None, expecting, weighed, *pairs)

    def asked(self):
        found = doubts(self.homes(), AS_OF)
        columns = ["left_person_id", "right_person_id", "household_id", "answer"]
        return [tuple(text.removeprefix("p-") for text in row) for row in found[columns].itertuples(index=False)]


@pytest.fixture
def street():
    return Street()


def test_a_settled_household_is_not_asked_about(street):
    street.says("mother", feeds="mash and school")
    assert street.asked() == []


def test_an_adult_whose_records_name_two_homes_almost_as_surely_is_asked_about(street):
    street.lives("father")
    street.says("father", worth=2.0)
    street.says("father", 1, worth=1.9)
    assert street.asked() == [("mother", "father", "0", "apart")]


def test_a_home_that_is_much_surer_is_not_asked_about(street):
    street.lives("father")
    street.says("father", worth=2.0, feeds="police and school")
    street.says("father", 1, worth=1.0)
    assert street.asked() == []


def test_whom_a_school_has_with_the_child_is_not_asked_about(street):
    street.lives("father")
    street.tie("father", "child", lives=True)
    street.says("father", worth=2.0)
    street.says("father", 1, worth=1.9)
    assert street.asked() == []


def test_the_person_asked_about_is_set_beside_kin_before_others(street):
    street.lives("father")
    street.tie("father", "child", tie="parent")
    street.says("father", worth=2.0)
    street.says("father", 1, worth=1.9)
    assert street.asked() == [("child", "father", "0", "apart")]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"feeds": "police", "seen_on": OLD}, [("mother", "friend", "0", "apart")]),
        ({"feeds": "police", "seen_on": NEW}, []),
        ({"feeds": "mash and police", "seen_on": OLD}, []),
    ],
    ids=["one feed long ago", "one feed of late", "two feeds"],
)
def test_a_stranger_of_whom_one_feed_told_long_ago_is_asked_about(street, said, asked):
    street.lives("friend")
    street.says("friend", **said)
    assert street.asked() == asked


def test_a_second_home_is_asked_about(street):
    street.lives("father", 1)
    street.lives("child", 1, child=True, kin=9, basis="second home: school says lives with this parent too")
    street.tie("father", "child", lives=True)
    assert street.asked() == [("father", "child", "1", "apart")]


def test_a_grown_person_whose_own_records_name_only_another_home_is_asked_about(street):
    street.lives("father", basis="no such address of their own: partner lives there")
    street.says("father", 1)
    assert street.asked() == [("mother", "father", "0", "apart")]


def test_whether_people_still_live_together_after_abuse_is_asked_first(street):
    street.lives("father")
    street.incident("mother", "father")
    street.lives("friend")
    street.says("friend", feeds="police", seen_on=OLD)
    assert [row[1] for row in street.asked()] == ["father", "friend"]


@pytest.mark.parametrize(("accused", "after_abuse"), [("father", [True]), ("friend", [False])])
def test_a_question_says_that_one_was_accused_of_abusing_the_other_whatever_it_is_asked_for(
    street, accused, after_abuse
):
    street.lives("father", basis="no such address of their own: lives with the same child")
    street.says("father", 1)
    street.incident(accused, "mother", on=pd.Timestamp(2019, 1, 1))
    found = doubts(street.homes(), AS_OF)
    assert found["why"].tolist() == [doubting.ELSEWHERE]
    assert found["after_abuse"].tolist() == after_abuse


def test_abuse_of_long_ago_is_not_asked_about(street):
    street.lives("father")
    street.incident("mother", "father", on=pd.Timestamp(2023, 1, 1))
    assert street.asked() == []


def test_two_shown_apart_after_abuse_are_asked_about_where_records_of_both_name_the_home(street):
    street.says("father", 0)
    street.incident("mother", "father", why=SILENT)
    assert street.asked() == [("mother", "father", "0", "together")]


def test_two_kept_apart_are_asked_about_however_long_ago_it_was(street):
    street.says("father", 0)
    street.incident("mother", "father", why=UNTOLD, on=pd.Timestamp(2019, 1, 1))
    assert street.asked() == [("mother", "father", "0", "together")]


def test_nobody_is_asked_whether_an_accused_lives_with_somebody_hidden(street):
    street.says("father", 0)
    street.incident("mother", "father", why=HIDDEN)
    assert street.asked() == []


@pytest.mark.parametrize("case", ["the home is hidden", "the person is hidden", "a shared place", "no child"])
def test_what_must_not_or_need_not_be_asked_is_not(street, case):
    hidden, shared = case == "the home is hidden", case == "a shared place"
    street.lives("father", protected=hidden, shape="shared" if shared else "home")
    street.says("father", worth=2.0)
    street.says("father", 1, worth=1.9, protected=case == "the person is hidden")
    if shared:
        street.stays = [{**stay, "shape": "shared"} for stay in street.stays]
    if case == "no child":
        street.stays = [{**stay, "child": False} for stay in street.stays]
    assert street.asked() == []


@pytest.mark.parametrize("case", ["nowhere", "elsewhere", "no child of hers", "hidden"])
def test_a_victim_who_is_nowhere_while_her_child_is_with_the_accused_is_asked_about(street, case):
    street.stays = [stay for stay in street.stays if stay["person"] != PLACE["mother"]]
    street.lives("father", kin=0)
    if case == "elsewhere":
        street.lives("mother", 1)
    if case == "no child of hers":
        street.ties = [{**tie, "left": PLACE["friend"]} for tie in street.ties]
    street.incident("mother", "father", why=HIDDEN if case == "hidden" else UNTOLD)
    assert street.asked() == ([("father", "mother", "0", "together")] if case == "nowhere" else [])


def test_other_doubts_are_asked_about_however_much_abuse_there_is(street, monkeypatch):
    monkeypatch.setattr(doubting, "_MOST", 2)
    monkeypatch.setattr(doubting, "_OF_OTHERS", 1 / 2)
    street.says("father", 0)
    street.incident("mother", "father", why=UNTOLD)
    street.incident("child", "father", why=UNTOLD)
    street.lives("friend")
    street.says("friend", seen_on=OLD)
    assert [row[1] for row in street.asked()] == ["father", "friend"]


@pytest.mark.parametrize(("people", "asked"), [(len(NAMES), 1), (len(NAMES) + 1, 0)])
def test_a_large_council_is_asked_more(street, monkeypatch, people, asked):
    monkeypatch.setattr(doubting, "_MOST", 0)
    monkeypatch.setattr(doubting, "_PEOPLE", people)
    street.lives("friend")
    street.says("friend", seen_on=OLD)
    assert len(street.asked()) == asked


def test_no_more_is_asked_than_people_can_answer(street, monkeypatch):
    monkeypatch.setattr(doubting, "_MOST", 1)
    for who in ("father", "friend"):
        street.lives(who)
        street.says(who, seen_on=OLD)
    assert len(street.asked()) == 1
