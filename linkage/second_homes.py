"""Children of parted parents who live with both by turns: with whom they have a second home."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.among import among
from linkage.residence import by_several_feeds

# Log odds that somebody is where their records say: twenty to one. No single record of an open address is worth it.
_SEVERAL = 3.0


def raising(ties: pd.DataFrame, child: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Each child (`right`) with each parent (`left`) whom no school denies it.

    `lives` tells whether a school has them together. `ties` are those stated (`linkage.kinship.stated_ties`), `child`
    tells by person who is one.
    """
    stated = ties[(ties["tie"] == "parent").to_numpy() & child[ties["right"]]]
    lives = stated["lives"].fillna(value=False).astype(bool)
    denied = stated.loc[(~stated["lives"].fillna(value=True).astype(bool)).to_numpy(), ["left", "right"]]
    said = stated.assign(lives=lives).groupby(["left", "right"])["lives"].max().reset_index()
    return said.loc[said["lives"].to_numpy(bool) | ~among(said[["left", "right"]], denied)]


def second_homes(
    stated: pd.DataFrame, weighed: pd.DataFrame, sex: npt.NDArray[np.object_], phones: pd.DataFrame
) -> pd.DataFrame:
    """Children (`person`) and the parent (`other`) with whom they have a second home.

    A school has the child with that parent, whose address is another than the child's, while a first parent is where
    the child is, or is with the child and has no address written down: schools leave out one that is the pupil's. Where
    no first parent is known, and of mothers, more than one record must have the parent elsewhere.
    `stated` is as `raising` gives it, `weighed` as `linkage.residence.weigh`; `sex` is by person, empty where unknown;
    `phones` are people of one telephone. What the police alone wrote down neither makes a home nor takes one away:
    they write where they were called, and do not hear who moves (`docs/decisions/0011`).
    """
    home, sure = np.full(len(sex), -1, np.int64), np.zeros(len(sex), bool)
    best = weighed.drop_duplicates("person")
    home[best["person"].to_numpy()] = best["dwelling"].to_numpy()
    sure[best["person"].to_numpy()] = _by_several(best)
    parents = stated.assign(parent=home[stated["left"]], child=home[stated["right"]])
    parents = parents[(parents["child"] >= 0).to_numpy()]
    silent = (parents["parent"] < 0).to_numpy()
    by_child = among(parents[["right", "parent"]], weighed[["person", "dwelling"]])
    lives = parents["lives"].to_numpy(bool)
    here, away = parents[by_child | (silent & lives)], parents[~by_child & ~silent & lives]
    away = away.assign(sure=sure[away["left"]])
    # Children of parted parents live first with their mothers: a mother elsewhere is more likely a stale record.
    mother = sex[away["left"]] == "F"
    away = away[among(away[["left", "parent"]], _not_by_police(weighed)) & (away["sure"].to_numpy() | ~mother)]
    both = away.merge(here[["left", "right"]], on="right", suffixes=("", "_first"))
    both = both.rename(columns={"left_first": "first"})
    found = pd.concat([both, _alone(away, here, parents, sex)], ignore_index=True)
    found = found[~among(found[["left", "right"]], found.loc[_of_one_home(found, weighed, phones), ["left", "right"]])]
    return pd.DataFrame(found[["right", "left"]]).drop_duplicates().set_axis(["person", "other"], axis=1)


def _alone(away: pd.DataFrame, here: pd.DataFrame, parents: pd.DataFrame, sex: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Fathers whom several records have elsewhere, of children none of whose parents is known to be where they are.

    One row for each other parent, as `first`, and one with nobody (-1).
    """
    fathers = away[(away["sure"] & ~away["right"].isin(here["right"])).to_numpy(bool) & (sex[away["left"]] != "F")]
    pairs = fathers.merge(parents[["left", "right"]].rename(columns={"left": "first"}), on="right")
    other = pairs[(pairs["first"] != pairs["left"]).to_numpy()]
    alone: pd.DataFrame = pd.concat([other, fathers.assign(first=-1)], ignore_index=True)
    return alone


def _by_several(best: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether more than one record has somebody there; of a protected address, records of more than one feed."""
    hidden = best["protected"].to_numpy(bool)
    return np.asarray((best["worth"] >= _SEVERAL).to_numpy() & (~hidden | by_several_feeds(best)))


def _of_one_home(both: pd.DataFrame, weighed: pd.DataFrame, phones: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether the two parents have had one home, so that one address of both is old, or give one telephone."""
    found = among(both[["left", "child"]], _not_by_police(weighed))
    for who in ("first", "right"):
        found |= among(both[[who, "parent"]], weighed[["person", "dwelling"]])
    for one, other in (("left", "first"), ("first", "left")):
        found |= among(both[[one, other]], phones[["left", "right"]])
    return found


def _not_by_police(weighed: pd.DataFrame) -> pd.DataFrame:
    return weighed.loc[(weighed["feeds"] != "police").to_numpy(), ["person", "dwelling"]]
