"""How far households, families and their ids are from a known truth: figures for synthetic boroughs.

Truth and finding are compared through the records that describe people, so that errors of the person match show too.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class PairFigures:
    """Pairs of records of different true people who share a household."""

    true: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """Share of the pairs found that are right."""
        return self.right / self.found if self.found else float("nan")

    @property
    def recall(self) -> float:
        """Share of the true pairs that were found."""
        return self.right / self.true if self.true else float("nan")

    @property
    def f1(self) -> float:
        """The harmonic mean of both: `x_f1`."""
        return 2 * self.right / (self.true + self.found) if self.true + self.found else float("nan")


@dataclass(frozen=True)
class FamilyFigures:
    """True families, those found with exactly their members, and the families found."""

    true: int
    exact: int
    found: int

    @property
    def exact_share(self) -> float:
        """Share of the true families whose members are exactly right."""
        return self.exact / self.true if self.true else float("nan")


def compare_households(true_people: pd.Series, lived: pd.DataFrame, found: pd.DataFrame) -> PairFigures:
    """The cross-person pairs of records.

    `true_people` is the true person of each record (indexed by record); `lived` (`person`, `home`) the true homes of
    true people; `found` (`record`, `home`) the households in which each record was put.
    """
    records = true_people.rename_axis("record").rename("person").reset_index()
    truth = records.merge(lived.drop_duplicates(), on="person")
    place = pd.Index(records["record"])
    people = pd.factorize(records["person"])[0]
    true_pairs = _pairs(truth, place, people)
    found_pairs = _pairs(found[found["record"].isin(place)].drop_duplicates(), place, people)
    return PairFigures(
        len(true_pairs), len(found_pairs), len(np.intersect1d(true_pairs, found_pairs, assume_unique=True))
    )


def _pairs(homes: pd.DataFrame, place: pd.Index, people: np.ndarray) -> np.ndarray:
    """Each pair of records of different people in one home, once, as one number."""
    members = pd.DataFrame(
        {"home": pd.factorize(homes["home"])[0], "record": place.get_indexer(pd.Index(homes["record"]))}
    )
    both = members.merge(members, on="home")
    left, right = both["record_x"].to_numpy(np.int64), both["record_y"].to_numpy(np.int64)
    apart = (left < right) & (people[left] != people[right])
    return np.unique(left[apart] * len(place) + right[apart])


def compare_families(truth: pd.DataFrame, found: pd.DataFrame, known: set[str]) -> FamilyFigures:
    """Families whose members are exactly right.

    `truth` (`family`, `person`, `role`) and `found` (`family`, `person`) by true person; only people whom some feed
    knows (`known`) count, and of the true families only those with a child among them.
    """
    seen = truth[truth["person"].isin(known)]
    with_child = seen.loc[seen["role"] == "child", "family"].unique()
    true_sets = _sets(seen[seen["family"].isin(with_child)])
    found_sets = _sets(found)
    whole = set(found_sets.values())
    exact = sum(members in whole for members in true_sets.values())
    return FamilyFigures(len(true_sets), exact, len(found_sets))


def told_of(truth: pd.DataFrame, known: set[str], second: pd.DataFrame, ties: pd.DataFrame) -> pd.DataFrame:
    """The true families (`family`, `person`, `role`) of which some feed tells.

    A child who lives with both parents by turns is of two families: `second` (`family`, `person`) names the one where
    it does not live first. `ties` (`left`, `right`) are true people whom some record ties. Left out is a family of
    which each child that any feed knows (`known`) is there by turns, and tied to nobody grown of it.
    """
    keys = ["family", "person"]
    is_child = (truth["role"] == "child").to_numpy()
    children = truth[is_child & truth["person"].isin(known).to_numpy()][keys]
    beside = children.merge(truth[~is_child][keys], on="family", suffixes=("", "_grown"))
    both_ways = pd.concat([ties[["left", "right"]], ties[["right", "left"]].set_axis(["left", "right"], axis=1)])
    tied = beside.merge(both_ways, left_on=["person", "person_grown"], right_on=["left", "right"])
    first = children.merge(second[keys], on=keys, how="left", indicator="where")
    told = {*tied["family"], *first.loc[(first["where"] == "left_only").to_numpy(), "family"]}
    return truth[truth["family"].isin(told).to_numpy()]


def _sets(families: pd.DataFrame) -> dict[str, frozenset[str]]:
    return {str(name): frozenset(people) for name, people in families.groupby("family")["person"]}


def by_majority(person_records: pd.DataFrame, true_people: pd.Series) -> pd.Series:
    """The true person whom most records of each found person describe; `person_records` is `record`, `person_id`."""
    told = person_records.assign(person=person_records["record"].map(true_people)).dropna(subset=["person"])
    counted = told.groupby(["person_id", "person"]).size().rename("records").reset_index()
    best = counted.sort_values(["person_id", "records", "person"], ascending=[True, False, True], kind="stable")
    return best.drop_duplicates("person_id").set_index("person_id")["person"]
