"""What is decided after a table was matched: an explanation stands by what matched it, and says what is new."""

import pandas as pd
import pytest

from linkage.engine import link
from linkage.explain import explain

WHEN = "It counts from the next run on, or when this month is run again."
ONE, TWO = ("school-001", "police-001"), ("school-001", "police-200")


def decided(*rows):
    return pd.DataFrame(list(rows), columns=["left_id", "right_id", "decision"])


@pytest.fixture(scope="module")
def matched(town, people_spec):
    model = link(town, people_spec).model

    def by(*rows, never=()):
        known = pd.DataFrame(list(never), columns=["left_id", "right_id"])
        return link(town, people_spec, model=model, decisions=decided(*rows), never=known)

    return by


@pytest.mark.parametrize(
    ("then", "now", "first", "since"),
    [
        ([], [(*TWO, "same")], "Not joined: two people.", "Since then a coordinator has decided that they are one."),
        ([], [(*ONE, "different")], "Joined: one person.", "Since then a coordinator has decided that they are two."),
        ([(*TWO, "same")], [], "Joined: one person.", "Since then the decision that they are one has been undone."),
        (
            [(*ONE, "different")],
            [],
            "Not joined: two people.",
            "Since then the decision that they are two has been undone.",
        ),
        (
            [(*ONE, "different")],
            [(*ONE, "different"), (*reversed(ONE), "same")],
            "Not joined: two people.",
            "Since then a coordinator has decided that they are one.",
        ),
        (
            [],
            [("school-002", "police-001", "same")],
            "Joined: one person.",
            "Since then a coordinator has decided something else about records of theirs.",
        ),
    ],
)
def test_a_pair_is_explained_as_it_was_matched_and_what_was_decided_since_is_said(matched, then, now, first, since):
    pair = TWO if TWO in {row[:2] for row in [*then, *now]} else ONE
    reasons = explain(matched(*then), *pair, decisions=decided(*now)).reasons
    assert reasons[0] == first
    assert reasons[-1] == f"{since} {WHEN}"


def test_of_decisions_that_the_matching_went_by_or_that_are_of_others_nothing_is_said(matched):
    known = [(*TWO, "same"), (*ONE, "different")]
    others = [("school-100", "police-150", "same"), ("school-999", "police-001", "same")]
    for pair in (ONE, TWO):
        told = explain(matched(*known), *pair, decisions=decided(*known, *others)).as_text()
        assert "Since then" not in told
        assert "A coordinator decided" in told


def test_a_decision_against_a_certain_fact_is_not_said_to_count(matched):
    linked = matched(never=[TWO])
    assert "Since then" not in explain(linked, *TWO, decisions=decided((*TWO, "same"))).as_text()
