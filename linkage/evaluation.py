"""How good a linkage is, against truth: by pairs, by clusters, within households and by record."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd


@dataclass(frozen=True)
class Accuracy:
    """Precision, recall and their harmonic mean; `right` pairs found of `found`, of `true`."""

    precision: float
    recall: float
    f1: float
    right: int
    found: int
    true: int


def pairwise(cluster: pd.Series, truth: pd.Series) -> Accuracy:
    """Of all pairs of records that the clusters join, and that the truth joins. Series are aligned by position."""
    return pairwise_of(pairs_in(cluster), pairs_in(truth), pairs_in(cluster, truth))


def pairwise_of(found: int, true: int, right: int) -> Accuracy:
    """The same from counts; nothing found is precise, and nothing to find is complete."""
    precision, recall = right / found if found else 1.0, right / true if true else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Accuracy(precision, recall, f1, right, found, true)


def b_cubed(cluster: pd.Series, truth: pd.Series) -> Accuracy:
    """Precision and recall averaged over records, so that a large cluster weighs as much as its records."""
    both, found, true = _own_size(cluster, truth), _own_size(cluster), _own_size(truth)
    precision, recall = float(np.mean(both / found)), float(np.mean(both / true))
    return Accuracy(
        precision,
        recall,
        2 * precision * recall / (precision + recall),
        *map(int, (both.sum(), found.sum(), true.sum())),
    )


def pairs_in(*groups: pd.Series) -> int:
    """How many pairs of records agree on all the groupings."""
    sizes = np.bincount(_codes(*groups)).astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def within_household(cluster: pd.Series, truth: pd.Series, household: pd.Series) -> float:
    """False links between two people of one true household, per 1,000 true pairs."""
    known = household.notna().to_numpy()
    group, person, home = cluster[known], truth[known], household[known]
    wrong = pairs_in(group, home) - pairs_in(group, home, person)
    return 1000 * wrong / max(pairs_in(truth), 1)


def kept_apart(cluster: pd.Series, truth: pd.Series, pairs: pd.DataFrame) -> tuple[int, int]:
    """Of pairs of different people (`left`, `right`) with records, how many share no cluster, and how many there are.

    One record of the one among the other's is enough to fail: it brings a stranger's history into somebody's life.
    """
    held = pd.DataFrame({"cluster": cluster.to_numpy(object), "person": truth.to_numpy(object)}).drop_duplicates()
    met = held.merge(held, on="cluster", suffixes=("", "_other"))
    together = pd.MultiIndex.from_frame(met[["person", "person_other"]])
    known = pairs[pairs["left"].isin(held["person"]) & pairs["right"].isin(held["person"])]
    apart = ~pd.MultiIndex.from_frame(known[["left", "right"]]).isin(together)
    return int(apart.sum()), len(known)


def wrong_records(cluster: pd.Series, truth: pd.Series) -> pd.DataFrame:
    """Of each record, whether it is `missed` by one of its own person, and stands `false`, with another's."""
    both, found, true = _own_size(cluster, truth), _own_size(cluster), _own_size(truth)
    return pd.DataFrame({"missed": both < true, "false": both < found})


def _codes(*groups: pd.Series) -> npt.NDArray[np.int64]:
    codes = np.zeros(len(groups[0]), np.int64)
    for group in groups:
        values, names = pd.factorize(group.to_numpy(object))
        codes = pd.factorize(codes * (len(names) + 1) + values)[0].astype(np.int64)
    return codes


def _own_size(*groups: pd.Series) -> npt.NDArray[np.float64]:
    codes = _codes(*groups)
    return np.bincount(codes)[codes].astype(float)
