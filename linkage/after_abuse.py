"""Questions about two people of whom one was accused of abusing the other: they come before all others."""

import pandas as pd

from linkage.among import among
from linkage.asked import asked, at, hidden_people, lives_by_word
from linkage.households import Homes
from linkage.kinship import PARENTS
from linkage.parted import HIDDEN
from schemas.vocabulary import Answer

ABUSE_SINCE = "one was accused of abusing the other, and nothing told since says whether they still live together"
ABUSE_APART = "one was accused of abusing the other; they are shown apart:"
VANISHED = "one was accused of abusing the other, of whom nothing says where they are, while a child of theirs is there"
_OF_LATE = pd.DateOffset(years=2)
# The urgency of all other questions.
OTHERS = 2


def after_abuse(homes: Homes, stays: pd.DataFrame, as_of: pd.Timestamp) -> list[pd.DataFrame]:
    """The questions, in parts as `linkage.asked.asked` makes them; `stays` are those of homes that are asked about."""
    return [_vanished(homes, stays, as_of), _together(homes, stays, as_of), _apart(homes, stays, as_of)]


def _vanished(homes: Homes, stays: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Victims who stay nowhere while a child of theirs lives with the accused, of whose home that is asked."""
    pairs = homes.parted[(homes.parted["why"] != HIDDEN).to_numpy()]
    pairs = pairs[~pairs["left"].isin(homes.stays["person"]) & ~pairs["left"].isin(hidden_people(homes))]
    raised = homes.ties.loc[homes.ties["tie"].isin(PARENTS).to_numpy(), ["left", "right"]].drop_duplicates()
    children = raised.rename(columns={"right": "child"}).merge(at(stays, "child"), on="child")
    both = pairs.merge(children, on="left").merge(at(stays, "right"), on=["right", "household"])
    both = both.rename(columns={"left": "right", "right": "left"}).drop_duplicates(["left", "right", "household"])
    days = (as_of - both["on"]).dt.days.to_numpy(float)
    return asked(both, VANISHED, Answer.TOGETHER, urgency=0, closeness=days)


def _together(homes: Homes, stays: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Pairs of an incident of late who are still shown under one roof, and not by a school's word."""
    pairs = homes.incidents[(homes.incidents["on"] >= as_of - _OF_LATE).to_numpy()]
    pairs = pairs[~pairs["right"].isin(lives_by_word(homes))]
    both = pairs.merge(at(stays, "left"), on="left").merge(at(stays, "right"), on=["right", "household"])
    days = (as_of - both["on"]).dt.days.to_numpy(float)
    return asked(both, ABUSE_SINCE, Answer.APART, urgency=0, closeness=days)


def _apart(homes: Homes, stays: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Pairs kept apart since an incident, however long ago, of one home in some record of each."""
    pairs = homes.parted[(homes.parted["why"] != HIDDEN).to_numpy()]
    both = pairs.merge(at(stays, "left"), on="left")
    named = homes.weighed[["person", "dwelling"]]
    of_left = stays[["household", "dwelling"]].drop_duplicates("household")
    both = both.merge(of_left, on="household").merge(
        named.rename(columns={"person": "right"}), on=["right", "dwelling"]
    )
    both = both[~among(both[["right", "household"]], stays[["person", "household"]])]
    both = both[~both["right"].isin(hidden_people(homes))]
    said = ABUSE_APART + " " + both["why"].astype(str)
    days = (as_of - both["on"]).dt.days.to_numpy(float)
    return asked(both, said, Answer.TOGETHER, urgency=1, closeness=days)
