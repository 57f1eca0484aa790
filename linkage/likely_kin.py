"""People of one home whom no record ties, but whose ages do: likely partners, parents, grown children, grandparents."""

import numpy as np
import numpy.typing as npt
import pandas as pd

Codes = npt.NDArray[np.int64]
_TWO = 2
_COUPLE_GAP = 12
_PARENT_GAP = (16, 45)
# Few bear children before they are grown: of two whom nothing else ties that is too few.
_USUAL_GAP = (18, 45)
_GRANDPARENT_AT = 50
# A fifth of those a little younger live with their parents, and a twelfth of those a little older (ONS, 2013).
_LEFT_HOME_AT = 30
# So much older than the eldest child there may a brother or sister be, where nobody knows how old their parents are.
_SIBLING_GAP = 10
# Who has not been confirmed there for so long has most likely made room for the people who have.
_STALE = pd.Timedelta(days=400)


def likely_ties(home: pd.DataFrame, as_of: pd.Timestamp) -> tuple[Codes, Codes]:
    """Pairs of kin groups (by their first stay) that likely live together.

    `home` has one row a stay: `person`, `dwelling`, `kin`, `years`, `child`, `own`, `confirmed`. Two groups whom no
    record ties are more often two households one after the other than one, unless one of them is an adult alone who is
    likely the partner, the parent, the grown child or a grandparent of the others. Of several adults alone beside one
    family each may be of it, if no other is there whose age says the same: who share a house are of near age.
    """
    groups = _groups(home)
    groups["fresh"] = (groups["confirmed"] > as_of - _STALE).to_numpy(bool)
    pairs = groups.merge(groups.drop(columns="two"), on="dwelling")
    alone = (pairs["people_x"] == 1) & ~pairs["children_x"]
    beside = pairs["two"] | (pairs["people_y"] > 1)
    pairs = pairs[((pairs["kin_x"] != pairs["kin_y"]) & alone & beside).to_numpy(bool)]
    likely = np.logical_or.reduce(
        [_only_one(pairs, said(pairs)) for said in (_partners, _parents, _grown_child, _grandparents)]
    )
    return pairs["kin_x"].to_numpy(np.int64)[likely], pairs["kin_y"].to_numpy(np.int64)[likely]


def _only_one(pairs: pd.DataFrame, said: pd.Series) -> npt.NDArray[np.bool_]:
    """Whether something is said of an adult alone, and of no other one of three groups or more."""
    others = said.groupby(pairs["kin_y"]).transform("sum") > 1
    return np.asarray((said & (pairs["two"] | ~others)).to_numpy(bool))


def _partners(pairs: pd.DataFrame) -> pd.Series:
    """Two adults of near age, and nobody else.

    Beside a lone parent somebody of near age may as well have another room of the house, or have lived there before: of
    eight boroughs the guess was right of nine families more than it was wrong of, and made one of strangers.
    """
    couple = (pairs["people_y"] == 1) & ~pairs["children_y"]
    return couple & ~((pairs["eldest_x"] - pairs["eldest_y"]).abs() > _COUPLE_GAP)


def _parents(pairs: pd.DataFrame) -> pd.Series:
    """The only adult of an age to be the parent of children without any."""
    gap = (pairs["eldest_x"] - pairs["eldest_y"]).between(*_PARENT_GAP)
    parent = ~pairs["adults_y"] & pairs["children_y"] & gap
    return parent & (parent.groupby(pairs["kin_y"]).transform("sum") == 1)


def _grown_child(pairs: pd.DataFrame) -> pd.Series:
    """Somebody young of an age to be the child of the others' adults, all of them lately confirmed there.

    Where nobody knows how old those are, as of schools' contacts, of an age to be the brother or sister of the eldest
    child. A record of a child's own must name that home: young strangers who share a house are no kin of whoever lets
    rooms.
    """
    gap = (pairs["grown_y"] - pairs["eldest_x"]).between(*_USUAL_GAP)
    undated = pairs["grown_y"].isna() & pairs["adults_y"]
    gap |= undated & ((pairs["eldest_x"] - pairs["eldest_y"]) <= _SIBLING_GAP)
    there = pairs["child_named_y"] & pairs["fresh_x"] & pairs["fresh_y"]
    return gap & there & (pairs["eldest_x"] < _LEFT_HOME_AT)


def _grandparents(pairs: pd.DataFrame) -> pd.Series:
    """Somebody lately confirmed there, of an age to be the parent of the others' adults or a grandparent's partner."""
    elder = (pairs["eldest_x"] - pairs["grown_y"]).between(*_PARENT_GAP)
    beside_elder = _of_near_age(pairs) & ((pairs["grown_y"] - pairs["youngest_y"]) >= _PARENT_GAP[0])
    return (elder | beside_elder) & (pairs["eldest_x"] >= _GRANDPARENT_AT) & pairs["fresh_x"]


def _of_near_age(pairs: pd.DataFrame) -> pd.Series:
    """Whether somebody is of near age to the eldest of the others; of an unknown age nobody is excluded."""
    return ~((pairs["eldest_x"] - pairs["grown_y"]).abs() > _COUPLE_GAP)


def children_alone(home: pd.DataFrame, as_of: pd.Timestamp) -> tuple[Codes, Codes]:
    """Pairs of kin groups (by their first stay) of which the one is children alone and the other all the adults there.

    Children do not live by themselves: both lately confirmed, they are one household. They are kin as well, save a
    child in care.
    """
    groups = _groups(home)
    groups = groups[(groups["two"] & (groups["confirmed"] > as_of - _STALE)).to_numpy(bool)]
    children = groups[(groups["children"] & ~groups["adults"]).to_numpy(bool)]
    both = children.merge(groups[groups["adults"].to_numpy(bool)], on="dwelling")
    return both["kin_x"].to_numpy(np.int64), both["kin_y"].to_numpy(np.int64)


def _groups(home: pd.DataFrame) -> pd.DataFrame:
    """One row per kin group of a dwelling with `two`, or with one family beside two adults alone."""
    several = home["kin"].where(home.groupby(["dwelling", "kin"])["person"].transform("nunique") > 1)
    families = several.groupby(home["dwelling"]).transform("nunique")
    groups = home.groupby("dwelling")["kin"].transform("nunique")
    home = home[((groups == _TWO) | (groups == _TWO + 1) & (families == 1)).to_numpy(bool)]
    grown = home["years"].where(~home["child"])
    home = home.assign(grown=grown, youngest=grown, adult=~home["child"], child_named=home["child"] & home["own"])
    home["two"] = groups[home.index] == _TWO
    return home.groupby(["dwelling", "kin"], sort=True).agg(
        people=("person", "nunique"), children=("child", "max"), eldest=("years", "max"), grown=("grown", "max"),
        youngest=("youngest", "min"), adults=("adult", "max"), confirmed=("confirmed", "max"),
        child_named=("child_named", "max"), two=("two", "max"),
    ).reset_index()  # fmt: skip
