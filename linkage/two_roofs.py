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


def under_two_roofs(stays: pd.DataFrame, parted: pd.DataFrame, weighed: pd.DataFrame) -> pd.DataFrame:
    """The stays, where of a pair under one roof only one stays: whose record names it, else who does not yield.

    Who goes, and stays nowhere else, is where another of their records has them, if anything does and nobody is there
    from whom they must stand apart. `weighed` is as `linkage.residence.weigh` gives it.
    """
    both = parted
    for side in _SIDES:
        here = stays[["person", "dwelling", "own"]].reset_index(names=f"{side}_stay")
        here = here.rename(columns={"person": side, "own": f"{side}_own"})
        both = both.merge(here, on=[side, "dwelling"] if "dwelling" in both else side)
    left, right = both["left_own"].astype(bool), both["right_own"].astype(bool)
    left_goes = np.where(left == right, both["yields"] == both["left"], right)
    goes = np.where(left_goes, both["left_stay"], both["right_stay"])
    left_over = stays[~stays.index.isin(goes)]
    return pd.concat([left_over, _elsewhere(stays.loc[goes, "person"], left_over, parted, weighed)], ignore_index=True)


def _elsewhere(gone: pd.Series, stays: pd.DataFrame, parted: pd.DataFrame, weighed: pd.DataFrame) -> pd.DataFrame:
    """Stays of those `gone` who stay nowhere, each at the best other dwelling that their own records name."""
    homeless = weighed[(weighed["person"].isin(gone) & ~weighed["person"].isin(stays["person"])).to_numpy(bool)]
    named = homeless[(homeless["worth"] > 0).to_numpy()]
    ways = np.concatenate([parted[list(_SIDES)].to_numpy(), parted[list(_SIDES[::-1])].to_numpy()])
    pairs = pd.DataFrame(ways, columns=["person", "other"])
    # Wherever the other has ever been, and not only stays, is no place to show them.
    theirs = pairs.merge(weighed[["person", "dwelling"]].rename(columns={"person": "other"}), on="other")
    held = pairs.merge(stays[["person", "dwelling"]].rename(columns={"person": "other"}), on="other")
    shut = pd.concat([theirs, held])[["person", "dwelling"]]
    free = named[~among(named[["person", "dwelling"]], shut)].drop_duplicates("person")
    return free.assign(own=True, basis="address given by " + free["feeds"])[list(stays.columns)]
