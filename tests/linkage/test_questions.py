"""What people are asked: which question is the same, and when an answer no longer stands."""

import pandas as pd
import pytest

from linkage.questions import fingerprint, households, pairs, review_id
from schemas.frames import column_names, conform, empty
from schemas.published import Review
from schemas.registry import PUBLISHED_TABLES

TEXT = "string[pyarrow]"
EFFECTS = {"families_entering", "families_leaving", "needs_flipping", "claims_falling", "effect", "family_ids", "rank"}
LEFT, RIGHT = ("school", "pupils", "A1"), ("police", "nominals", "N1")


def frame(table, rows):
    blank = empty(PUBLISHED_TABLES[table])
    return pd.DataFrame(rows, columns=blank.columns).astype(blank.dtypes.to_dict())


def links(*decisions):
    sides = {
        f"{side}_{part}": value
        for side, record in (("left", LEFT), ("right", RIGHT))
        for part, value in zip(("feed", "table", "id"), record, strict=True)
    }
    rows = [{**sides, "weight": 1.5, "decision": decision} for decision in decisions]
    return frame("links", rows)


def records(left="p1", right="p2"):
    rows = [(*LEFT, left), (*RIGHT, right)]
    return pd.DataFrame(rows, columns=["feed", "table_name", "source_id", "person_id"], dtype=TEXT)


def prints(left="x", right="y"):
    rows = [(*LEFT, left), (*RIGHT, right)]
    return pd.DataFrame(rows, columns=["feed", "table_name", "source_id", "fingerprint"], dtype=TEXT)


def answer(kind, left, right, said):
    smaller, greater = sorted((left, right))
    row = {"kind": kind, "left": smaller, "right": greater, "fingerprint": said}
    return pd.DataFrame([row], dtype=TEXT)


def asked(*decisions, people=None, marks=None, answers=None, key="secret"):
    return pairs(
        links(*decisions), records() if people is None else people, prints() if marks is None else marks,
        key=key, same=6.0, answers=answers,
    )  # fmt: skip


def pair_answer(said):
    return answer("pair", "|".join(LEFT), "|".join(RIGHT), said)


def test_a_doubtful_pair_is_a_question_with_both_records_and_people():
    (row,) = asked("review").to_dict("records")
    assert (row["kind"], row["answer"], row["was_decided"]) == ("pair", "same", False)
    assert (row["left_person_id"], row["right_person_id"], row["left_id"], row["right_id"]) == ("p1", "p2", "A1", "N1")


def test_a_question_has_every_column_that_is_published_but_for_its_effect():
    assert EFFECTS | set(asked("review").columns) >= set(column_names(Review))
    told = asked("review").assign(
        **dict.fromkeys(EFFECTS - {"effect", "family_ids"}, 1), effect="nothing", family_ids="[]"
    )
    assert len(conform(told, Review)) == 1


@pytest.mark.parametrize(
    ("weight", "decided_by", "why"),
    [
        (1.5, "model", "not alike enough to be sure of"),
        (9.0, "model", "records joined with the one contradict the other"),
        (9.0, "rule", "they bear two numbers of which a person has one"),
    ],
)
def test_why_a_pair_is_asked_about_is_what_kept_it_from_being_joined(weight, decided_by, why):
    doubtful = links("review").assign(weight=weight, decided_by=decided_by)
    (row,) = pairs(doubtful, records(), prints(), key="secret", same=6.0).to_dict("records")
    assert row["why"].endswith(why)


@pytest.mark.parametrize("decision", ["same", "different"])
def test_what_the_model_decided_is_no_question(decision):
    assert asked(decision).empty


def test_no_links_are_no_questions():
    assert asked().empty


def test_the_same_two_records_are_the_same_question_whichever_is_named_first():
    both = ["|".join(LEFT), "|".join(RIGHT)]
    assert review_id("k", "pair", both) == review_id("k", "pair", both[::-1])
    assert review_id("k", "pair", both) != review_id("k", "household", both)
    assert review_id("k", "pair", both) != review_id("other", "pair", both)


def test_the_fingerprint_is_of_both_records_and_of_nothing_else():
    first = asked("review")["fingerprint"].iloc[0]
    assert asked("review", people=records("p7", "p8"))["fingerprint"].iloc[0] == first
    assert asked("review", marks=prints(right="z"))["fingerprint"].iloc[0] != first
    assert fingerprint(["a", "b"]) == fingerprint(["b", "a"])


def test_what_was_answered_of_the_same_records_is_not_asked_again_even_if_nobody_could_tell():
    stands = asked("review")["fingerprint"].iloc[0]
    assert asked("review", answers=pair_answer(stands)).empty


def test_an_answer_without_a_fingerprint_stands_for_good():
    assert asked("review", answers=pair_answer(None)).empty


@pytest.mark.parametrize(("decision", "other"), [("same", "different"), ("different", "same"), ("review", "same")])
def test_an_answer_of_records_that_have_changed_since_is_asked_again(decision, other):
    (row,) = asked(decision, answers=pair_answer("of other records")).to_dict("records")
    assert (row["was_decided"], row["answer"]) == (True, other)
    assert row["why"].startswith("it was answered before")


DOUBT = {
    "left_person_id": ["p1"],
    "right_person_id": ["p2"],
    "household_id": ["h1"],
    "question": ["Do these two people live together?"],
    "why": ["because"],
    "answer": ["apart"],
}


def doubted(answers=None, marks=None):
    doubts = pd.DataFrame(DOUBT, dtype=TEXT).assign(after_abuse=pd.array([True], dtype="boolean"))
    return households(doubts, records(), prints() if marks is None else marks, key="secret", answers=answers)


def test_a_doubtful_household_is_a_question_about_two_people():
    (row,) = doubted().to_dict("records")
    assert (row["kind"], row["household_id"], row["was_decided"]) == ("household", "h1", False)
    assert pd.isna(row["left_feed"])


def test_a_household_answered_is_asked_again_when_a_record_of_either_person_changes():
    stands = doubted()["fingerprint"].iloc[0]
    given = answer("household", "p2", "p1", stands)
    assert doubted(given).empty
    again = doubted(given, marks=prints(left="moved"))
    assert again["was_decided"].tolist() == [True]
    assert again["after_abuse"].tolist() == [True]


def test_an_answer_about_a_pair_is_none_about_a_household():
    assert len(doubted(pair_answer(None))) == 1
