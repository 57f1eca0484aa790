"""A child as it was known before an adoption is shown nowhere any more."""

import pandas as pd
import pytest

from tests.linkage.test_households import AWAY, HOME, Feeds, contact, people_together, pupil

BORN = "2021-04-05"


def known_to_the_hub(feeds, who, *, born=BORN, **more):
    feeds.add("mash", "people", f"M-{who}", who=who, forename=who, date_of_birth=pd.Timestamp(born), **{**HOME, **more})


def looked_after(feeds, who, started_on="2025-01-10", ended_on="2026-03-01"):
    ended = None if ended_on is None else pd.Timestamp(ended_on)
    feeds.add(
        "mash", "episodes", f"E-{who}", mash_id=f"M-{who}", kind="looked_after",
        started_on=pd.Timestamp(started_on), ended_on=ended,
    )  # fmt: skip


def parent(feeds, of, who):
    feeds.add("mash", "relationships", f"M-{of}|M-{who}", relationship="parent")


def never_link(feeds, one, other):
    feeds.add("mash", "never_link", f"M-{one}|mash|M-{other}", other_table="people")


@pytest.fixture
def adopted():
    """Old, of Eve's family, became New, of Una's."""
    feeds = Feeds()
    known_to_the_hub(feeds, "eve", born="1990-01-02")
    known_to_the_hub(feeds, "una", born="1985-01-02", **AWAY)
    known_to_the_hub(feeds, "old")
    known_to_the_hub(feeds, "new", **AWAY)
    parent(feeds, "old", "eve")
    parent(feeds, "new", "una")
    return feeds


@pytest.mark.parametrize(("one", "other"), [("old", "new"), ("new", "old")])
def test_the_record_from_before_lives_nowhere_whichever_is_named_first(adopted, one, other):
    looked_after(adopted, "old")
    never_link(adopted, one, other)
    assert people_together(adopted.homes()) == [["eve"], ["new", "una"]]


def test_without_a_word_that_the_two_must_not_be_joined_the_child_has_come_home(adopted):
    looked_after(adopted, "old")
    assert ["eve", "old"] in people_together(adopted.homes())


@pytest.mark.parametrize("spell", [{"ended_on": None}, {"ended_on": "2026-12-01"}])
def test_a_child_still_in_care_has_not_been_adopted(adopted, spell):
    looked_after(adopted, "old", **spell)
    never_link(adopted, "old", "new")
    assert any("old" in home for home in people_together(adopted.homes()))


def test_a_child_who_was_never_in_care_has_not_been_adopted(adopted):
    never_link(adopted, "old", "new")
    assert ["eve", "old"] in people_together(adopted.homes())


def test_who_came_into_care_later_is_the_record_from_after(adopted):
    looked_after(adopted, "old")
    looked_after(adopted, "new", "2026-05-01", "2026-08-01")
    never_link(adopted, "new", "old")
    assert people_together(adopted.homes()) == [["eve"], ["new", "una"]]


def test_a_child_who_is_at_school_long_after_has_not_been_adopted(adopted):
    looked_after(adopted, "old")
    never_link(adopted, "old", "new")
    pupil(adopted, "old", "Marsh", BORN)
    contact(adopted, "eve", "S-old", "mother", lives=True)
    assert ["eve", "old"] in people_together(adopted.homes())


def test_two_who_were_born_on_other_days_are_not_one_child(adopted):
    looked_after(adopted, "old")
    known_to_the_hub(adopted, "kim", born="2020-09-09")
    never_link(adopted, "old", "kim")
    assert any({"eve", "old"} <= set(home) for home in people_together(adopted.homes()))


@pytest.mark.parametrize("tie", ["one mother", "siblings"])
def test_twins_of_whom_one_was_in_care_are_both_at_home(adopted, tie):
    looked_after(adopted, "old")
    known_to_the_hub(adopted, "kim")
    never_link(adopted, "old", "kim")
    if tie == "one mother":
        parent(adopted, "kim", "eve")
    else:
        adopted.add("mash", "relationships", "M-kim|M-old", relationship="sibling")
    assert any({"eve", "kim", "old"} <= set(home) for home in people_together(adopted.homes()))
