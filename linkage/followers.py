"""Stale records of people who moved with their family: a child, or a mother, left alone at an old address."""

import numpy as np
import pandas as pd

from linkage.company import Traits
from linkage.kinship import PARENTS


def follow(main: pd.DataFrame, weighed: pd.DataFrame, ties: pd.DataFrame, people: Traits) -> pd.DataFrame:
    """The main stays, where a person left alone at an old address is moved after the parent or child who was there too.

    Only children and mothers follow: when a couple parts, it is most often the father who stays. `main` has one row a
    person, `weighed` every dwelling that their records name.
    """
    home = np.full(len(people.sex), -1, np.int64)
    home[main["person"].to_numpy()] = main["dwelling"].to_numpy()
    pairs = _pairs(ties, people)
    pairs = pairs.assign(old=home[pairs["person"]], new=home[pairs["other"]])
    pairs = pairs[(pairs["old"] >= 0) & (pairs["new"] >= 0)]
    left_behind = ~pairs["person"].isin(pairs.loc[pairs["old"] == pairs["new"], "person"])
    named = pd.MultiIndex.from_frame(weighed[["person", "dwelling"]])
    were_there = pd.MultiIndex.from_frame(pairs[["other", "old"]]).isin(named)
    hidden = main.set_index("person")["protected"].reindex(pairs["other"]).to_numpy(bool)
    pairs = pairs[left_behind.to_numpy(bool) & were_there & ~hidden]
    chosen = pairs.sort_values(["person", "by_mother", "other"], ascending=[True, False, True], kind="stable")
    chosen = chosen.drop_duplicates("person").set_index("person")
    moves = main["person"].isin(chosen.index).to_numpy(bool)
    said = "no such address of their own: a parent or child who was at the old one moved here"
    return main.assign(
        dwelling=main["person"].map(chosen["new"]).fillna(main["dwelling"]).astype("int64"),
        own=main["own"] & ~moves,
        said=main["said"].mask(moves, said),
    )


def _pairs(ties: pd.DataFrame, people: Traits) -> pd.DataFrame:
    """Children with their parents, and mothers with their children: `person`, `other`, whether it is `by_mother`."""
    stated = ties[ties["tie"].isin(PARENTS).to_numpy() & ties["lives"].fillna(value=True).to_numpy(bool)]
    stated = stated[people.ages.child[stated["right"]]][["left", "right"]].drop_duplicates()
    mother = people.sex[stated["left"]] == "F"
    child = pd.DataFrame({"person": stated["right"], "other": stated["left"], "by_mother": mother})
    mothers = pd.DataFrame({"person": stated["left"], "other": stated["right"], "by_mother": False})[mother]
    return pd.concat([child, mothers], ignore_index=True)
