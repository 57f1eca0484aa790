"""Stale records of people who moved with their family: a child, or a mother, left alone at an old address."""

import numpy as np
import pandas as pd

from linkage.among import among
from linkage.company import Company, Traits
from linkage.kinship import PARENTS

_TIED = "no such address of their own: a parent or child who was at the old one moved here"
_NAMED = "no such address of their own: others of the name who were at the old one moved here"
# Of this age somebody left alone may as well be the one who stayed when a couple parted.
_MAY_HAVE_STAYED = (30, 60)


def follow(main: pd.DataFrame, weighed: pd.DataFrame, company: Company, people: Traits) -> pd.DataFrame:
    """The main stays, where a person left alone at an old address is moved after those who were there too.

    Of those tied only children and mothers follow: when a couple parts, it is most often the father who stays. Of those
    untied, who is of the name of the movers: a child, and anybody of whom nothing is told since. Nobody follows anybody
    from whom they must stand apart, nor anybody who hides, save a child its mother: she fled, and took it with her.
    `main` has one row a person, `weighed` every dwelling that their records name.
    """
    main = _moved(main, _left_behind(_pairs(company, people), main, weighed), _TIED)
    free = main[~main["person"].isin(company.parted).to_numpy()]
    return _moved(main, _namesakes(free, weighed, people), _NAMED)


def _left_behind(pairs: pd.DataFrame, main: pd.DataFrame, weighed: pd.DataFrame) -> pd.DataFrame:
    """Of pairs of `person` and `other` those where the other has moved from where the person is left: `new`."""
    at = main.set_index("person")
    pairs = pairs.assign(old=at["dwelling"].reindex(pairs["person"]).to_numpy())
    pairs = pairs.assign(new=at["dwelling"].reindex(pairs["other"]).to_numpy()).dropna(subset=["old", "new"])
    left_behind = ~pairs["person"].isin(pairs.loc[pairs["old"] == pairs["new"], "person"])
    were_there = among(pairs[["other", "old"]], weighed[["person", "dwelling"]])
    hidden = at["protected"].reindex(pairs["other"]).to_numpy(bool)
    pairs = pairs[left_behind.to_numpy(bool) & were_there & (~hidden | pairs["by_mother"].to_numpy(bool))]
    return pairs.sort_values(["person", "by_mother", "other"], ascending=[True, False, True], kind="stable")


def _namesakes(main: pd.DataFrame, weighed: pd.DataFrame, people: Traits) -> pd.DataFrame:
    """People alone where others of their name were before they moved, with the home to which most of those moved."""
    single = main.groupby("dwelling")["person"].transform("size") == 1
    alone = main[(single & main["own"]).to_numpy(bool)]
    left = alone[["person", "dwelling", "confirmed"]].assign(surname=people.surname[alone["person"]])
    were = weighed[["person", "dwelling"]].rename(columns={"person": "other"})
    were = were.assign(surname=people.surname[were["other"]])
    pairs = left[left["surname"] != ""].merge(were, on=["dwelling", "surname"])
    now = main.set_index("person")[["dwelling", "confirmed", "protected"]].add_suffix("_new").rename_axis(None)
    pairs = pairs[pairs["person"] != pairs["other"]].merge(now, left_on="other", right_index=True)
    since = pairs["confirmed"].isna() | (pairs["confirmed_new"] > pairs["confirmed"])
    # No child is left to live alone, however lately its record was confirmed.
    since |= people.ages.child[pairs["person"]]
    pairs = pairs[(since & (pairs["dwelling_new"] != pairs["dwelling"]) & ~pairs["protected_new"]).to_numpy(bool)]
    homes = pairs.groupby(["person", "dwelling_new"], sort=True).size().rename("movers").reset_index()
    years = people.ages.years[homes["person"]]
    enough = np.where((years < _MAY_HAVE_STAYED[0]) | (years >= _MAY_HAVE_STAYED[1]), 1, 2)
    homes = homes[(homes["movers"] >= enough).to_numpy()]
    homes = homes.sort_values(["person", "movers", "dwelling_new"], ascending=[True, False, True], kind="stable")
    return homes.rename(columns={"dwelling_new": "new"})


def _moved(main: pd.DataFrame, to: pd.DataFrame, said: str) -> pd.DataFrame:
    chosen = to.drop_duplicates("person").set_index("person")["new"]
    moves = main["person"].isin(chosen.index).to_numpy(bool)
    return main.assign(
        dwelling=main["person"].map(chosen).fillna(main["dwelling"]).astype("int64"),
        own=main["own"] & ~moves,
        said=main["said"].mask(moves, said),
    )


def _pairs(company: Company, people: Traits) -> pd.DataFrame:
    """Children with their parents, and mothers with their children: `person`, `other`, whether it is `by_mother`.

    Not those of whom a school says that they do not live together, whatever another feed calls them.
    """
    ties = company.ties[company.ties["tie"].isin(PARENTS).to_numpy()]
    stated = ties.loc[people.ages.child[ties["right"]], ["left", "right"]].drop_duplicates()
    stated = stated[~among(stated, company.apart)]
    mother = people.sex[stated["left"]] == "F"
    child = pd.DataFrame({"person": stated["right"], "other": stated["left"], "by_mother": mother})
    mothers = pd.DataFrame({"person": stated["left"], "other": stated["right"], "by_mother": False})[mother]
    return pd.concat([child, mothers], ignore_index=True)
