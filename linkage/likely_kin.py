"""People of one home whom no record ties, but whose ages do: a likely couple, a likely parent of grown children."""

import numpy as np
import numpy.typing as npt
import pandas as pd

Codes = npt.NDArray[np.int64]
_COUPLE_GAP = 12
_PARENT_GAP = (16, 45)
_GRANDPARENT_AT = 50
# Who has not been confirmed there for so long has most likely made room for the people who have.
_STALE = pd.Timedelta(days=400)
# What a feed still holds true: a claim that runs, a case that is open, a child on a roll.
_NOW = pd.Timedelta(days=92)


def likely_ties(home: pd.DataFrame, as_of: pd.Timestamp) -> tuple[Codes, Codes]:
    """Pairs of kin groups (by their first stay) that likely live together.

    `home` has one row a stay: `person`, `dwelling`, `kin`, `years`, `child`, `own`, `confirmed`. Two groups whom no
    record ties are more often two households one after the other than one, unless they are two adults of near age; or
    an adult alone, lately confirmed there, of an age to be the parent of the others' adults, or of children without
    any; or an adult alone beside a lone parent of near age, both told to be there now, where a record of a child's own
    names the home.
    """
    groups = _groups(home)
    groups["fresh"] = (groups["confirmed"] > as_of - _STALE).to_numpy(bool)
    groups["now"] = (groups["confirmed"] > as_of - _NOW).to_numpy(bool)
    pairs = groups.merge(groups, on="dwelling")
    pairs = pairs[pairs["kin_x"] != pairs["kin_y"]]
    alone = (pairs["people_x"] == 1) & ~pairs["children_x"]
    apart = (pairs["eldest_x"] - pairs["eldest_y"]).abs()
    couple = alone & (pairs["people_y"] == 1) & ~pairs["children_y"] & ~(apart > _COUPLE_GAP)
    elder = (
        alone
        & pairs["fresh_x"]
        & (pairs["eldest_x"] - pairs["grown_y"]).between(*_PARENT_GAP)
        & (pairs["eldest_x"] >= _GRANDPARENT_AT)
    )
    parent = (
        alone & ~pairs["adults_y"] & pairs["children_y"] & (pairs["eldest_x"] - pairs["eldest_y"]).between(*_PARENT_GAP)
    )
    parent &= parent.groupby(pairs["kin_y"]).transform("sum") == 1
    partner = (
        alone
        & pairs["child_named_y"]
        & (pairs["grown_ups_y"] == 1)
        & ~((pairs["eldest_x"] - pairs["grown_y"]).abs() > _COUPLE_GAP)
        & pairs["now_x"]
        & pairs["now_y"]
    )
    likely = pairs[(couple | elder | parent | partner).to_numpy(bool)]
    return likely["kin_x"].to_numpy(np.int64), likely["kin_y"].to_numpy(np.int64)


def children_alone(home: pd.DataFrame, as_of: pd.Timestamp) -> tuple[Codes, Codes]:
    """Pairs of kin groups (by their first stay) of which the one is children alone and the other all the adults there.

    Children do not live by themselves: both lately confirmed, they are one household. Whether they are kin nobody says,
    for a child in care may live there.
    """
    groups = _groups(home)
    groups = groups[(groups["confirmed"] > as_of - _STALE).to_numpy(bool)]
    children = groups[(groups["children"] & ~groups["adults"]).to_numpy(bool)]
    both = children.merge(groups[groups["adults"].to_numpy(bool)], on="dwelling")
    return both["kin_x"].to_numpy(np.int64), both["kin_y"].to_numpy(np.int64)


def _groups(home: pd.DataFrame) -> pd.DataFrame:
    """One row per kin group of a dwelling with two: three and more are strangers who share it."""
    two = home.groupby("dwelling")["kin"].transform("nunique") == 2
    home = home[two.to_numpy(bool)]
    home = home.assign(
        grown=home["years"].where(~home["child"]), adult=~home["child"], child_named=home["child"] & home["own"]
    )
    return home.groupby(["dwelling", "kin"], sort=True).agg(
        people=("person", "nunique"), children=("child", "max"), eldest=("years", "max"), grown=("grown", "max"),
        adults=("adult", "max"), confirmed=("confirmed", "max"), grown_ups=("adult", "sum"),
        child_named=("child_named", "max"),
    ).reset_index()  # fmt: skip
