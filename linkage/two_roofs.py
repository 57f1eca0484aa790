"""Where people live who must stand apart: the old home of both is the home of one of them at most.

Who stands apart, and why, is told in `linkage.parted`.
"""

import numpy as np
import pandas as pd

from linkage.among import among
from linkage.residence import best_first

_SIDES = ("left", "right")


def without_old_roof(weighed: pd.DataFrame, parted: pd.DataFrame) -> pd.DataFrame:
    """What the records are worth, where a dwelling that both name loses to any that one of them has confirmed since.

    The victim yields first, wherever the accused has ever been; then the accused, where the victim most likely is.
    `weighed` is as `linkage.residence.weigh` gives it, and so is what comes back.
    """
    victims = parted.rename(columns={"left": "person", "right": "other"})
    weighed = _yielding(weighed, victims, weighed)
    accused = parted.rename(columns={"right": "person", "left": "other"})
    return _yielding(weighed, accused, weighed.drop_duplicates("person"))


def _yielding(weighed: pd.DataFrame, pairs: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    theirs = pairs.merge(others[["person", "dwelling"]].rename(columns={"person": "other"}), on="other")
    shared = theirs[["person", "dwelling"]]
    since = weighed.merge(pairs.groupby("person", as_index=False)["on"].max(), on="person")
    since = since[(since["seen_on"] >= since["on"]) & (since["worth"] > 0)]
    safe = since[~among(since[["person", "dwelling"]], shared)]
    old = among(weighed[["person", "dwelling"]], shared) & weighed["person"].isin(safe["person"])
    return best_first(weighed.assign(worth=np.where(old, 0.0, weighed["worth"])))


def under_two_roofs(stays: pd.DataFrame, parted: pd.DataFrame) -> pd.DataFrame:
    """The stays, where of a pair under one roof only one stays: whose record names it, else who does not yield."""
    both = parted
    for side in _SIDES:
        here = stays[["person", "dwelling", "own"]].reset_index(names=f"{side}_stay")
        here = here.rename(columns={"person": side, "own": f"{side}_own"})
        both = both.merge(here, on=[side, "dwelling"] if "dwelling" in both else side)
    left, right = both["left_own"].astype(bool), both["right_own"].astype(bool)
    left_goes = np.where(left == right, both["yields"] == both["left"], right)
    goes = np.where(left_goes, both["left_stay"], both["right_stay"])
    return stays[~stays.index.isin(goes)].reset_index(drop=True)
