"""How good a linkage is where nobody knows the truth: a random sample, stratified by weight, read by two people.

Pairs are drawn from bands of weight, the joined and the others apart, as many of each as narrow the answer most. Each
reader says `same`, `different` or `cannot tell` without seeing the model's decision or the other reader's. Shares are
weighed back to all pairs of their stratum, and the intervals are those of a stratified sample.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.mixture import probability

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
BANDS = (-np.inf, -2.0, 0.0, 3.0, 8.0, np.inf)
STRATUM = ["band", "is_joined"]
_FEWEST = 5  # pairs of a stratum, so that each is looked at
_DISTRUST = 0.01  # errors that a stratum is thought to hold at least, whatever the model says of itself
_DRAWS = 5_000
SAME, DIFFERENT, UNSURE = READINGS = ("same", "different", "cannot tell")
_NORMAL = 1.96


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval, of how many pairs."""

    value: float
    low: float
    high: float
    pairs: int


@dataclass(frozen=True)
class Statement:
    """Precision of the pairs joined, recall among the pairs kept, and how far the two readers agree (kappa).

    `settled`: pairs of which both say `same`, or both `different`; `disputed`: one says `same`, the other `different`;
    `unsure`: at least one cannot tell.
    """

    precision: Share
    recall: Share
    kappa: float
    settled: int
    disputed: int
    unsure: int


def draw(links: pd.DataFrame, size: int, chooser: np.random.Generator) -> pd.DataFrame:
    """Pairs to read: left_id, right_id, is_joined, band, stands_for (pairs of the band that each stands for).

    `links`: left_id, right_id, weight, is_joined. In random order, and at most as many as there are.
    """
    strata = links.assign(band=np.digitize(links["weight"], BANDS[1:-1])).groupby(STRATUM)
    wanted = _allotted(size, np.asarray(strata.size(), np.int64), probability(strata["weight"].mean().to_numpy()))
    parts = []
    for (_, members), share in zip(strata, wanted, strict=True):
        chosen = np.sort(chooser.choice(len(members), share, replace=False))
        part = members.iloc[chosen][["left_id", "right_id", "is_joined", "band"]]
        parts.append(part.assign(stands_for=len(members) / max(share, 1)))
    drawn = pd.concat(parts)
    return drawn.iloc[chooser.permutation(len(drawn))].reset_index(drop=True)


def _allotted(size: int, pairs: Counts, same: Floats) -> Counts:
    """How many to draw of each stratum, of whose pairs a share is thought the same.

    Neyman's allocation: as many as the stratum has pairs, times how much they are thought to differ. A stratum of which
    the model is sure is not believed to be without error, else the many pairs it joins for certain would go unread.
    """
    doubt = np.sqrt(np.clip(same * (1 - same), _DISTRUST * (1 - _DISTRUST), None))
    wanted = np.minimum(min(_FEWEST, size // len(pairs)), pairs)
    # One by one to where one more narrows the answer most, for a stratum may be exhausted.
    for _ in range(min(size, int(pairs.sum())) - int(wanted.sum())):
        gain = np.where(wanted < pairs, pairs * doubt / np.sqrt(np.maximum(wanted, 1) * (wanted + 1.0)), -1.0)
        wanted[int(gain.argmax())] += 1
    return wanted


def state(drawn: pd.DataFrame, first: pd.Series, second: pd.Series) -> Statement:
    """The statement from two readings, aligned with `drawn`; what is not settled is left out of the shares."""
    settled = settled_by(first, second)
    unsure = first.eq(UNSURE) | second.eq(UNSURE)
    read = drawn[settled.to_numpy(bool)]
    precision, recall = _weighed_back(drawn, read.assign(is_same=first[settled].eq(SAME)))
    counts = (int(settled.sum()), int((~settled & ~unsure).sum()), int(unsure.sum()))
    return Statement(precision, recall, kappa(first, second), *counts)


def settled_by(first: pd.Series, second: pd.Series) -> pd.Series:
    """Of each pair, whether both readers say `same`, or both `different`."""
    return first.eq(second) & first.ne(UNSURE)


def shares(joined: pd.Series, same: pd.Series) -> tuple[Share, Share]:
    """Precision and recall of pairs of which it is known whether they are joined and whether they are one person."""
    is_joined, is_same = joined.to_numpy(bool), same.to_numpy(bool)
    return _share(is_same[is_joined]), _share(is_joined[is_same])


def _weighed_back(drawn: pd.DataFrame, read: pd.DataFrame) -> tuple[Share, Share]:
    """Precision and recall of all pairs by those read, stratum by stratum; what nobody settled is left out.

    The interval: the least and the most that each stratum may hold of one person, given those read of it (the two Beta
    distributions of Clopper and Pearson's limits), drawn many times and added up. Unlike a normal approximation it
    stays honest where no error was found, as in most strata none is.
    """
    pairs = drawn.groupby(STRATUM)["stands_for"].sum()
    found = read.groupby(STRATUM)["is_same"].agg(["size", "sum"])
    size, same = found["size"].to_numpy(float), found["sum"].to_numpy(float)
    total = np.maximum(pairs.reindex(found.index).to_numpy(float), size)
    least, most = (same + (total - size) * chance for chance in _limits(same, size))
    seen = same / size * total
    joined = found.index.get_level_values("is_joined").to_numpy(bool)
    is_same, is_joined = read["is_same"].to_numpy(bool), read["is_joined"].to_numpy(bool)
    of_joined = max(float(total[joined].sum()), 1.0)
    return (
        _between(
            *(each[..., joined].sum(axis=-1) / of_joined for each in (seen, least, most)), of=int(is_joined.sum())
        ),
        _between(
            _recall(seen, seen, joined),
            _recall(least, most, joined),
            _recall(most, least, joined),
            of=int(is_same.sum()),
        ),
    )


def _limits(same: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Draws of the least and of the most share of one person in each stratum, a column for each."""
    shape, chooser = (_DRAWS, len(same)), np.random.default_rng(0)
    least = chooser.beta(np.maximum(same, 1), size - same + 1, shape)
    most = chooser.beta(same + 1, np.maximum(size - same, 1), shape)
    return np.where(same > 0, least, 0.0), np.where(same < size, most, 1.0)


def _recall(joined_by: Floats, others_by: Floats, joined: npt.NDArray[np.bool_]) -> Floats:
    """The share joined of what is one person, by what is thought of the joined strata and of the others."""
    found, missed = joined_by[..., joined].sum(axis=-1), others_by[..., ~joined].sum(axis=-1)
    recall: Floats = np.divide(found, found + missed, out=np.ones_like(found), where=found + missed > 0)
    return recall


def _between(value: Floats, least: Floats, most: Floats, *, of: int) -> Share:
    """The share, and where 95 of a hundred of what it may be lie; nothing where it is of no pair."""
    if not of:
        return Share(float("nan"), 0.0, 1.0, 0)
    return Share(float(value), float(np.quantile(least, 0.025)), float(np.quantile(most, 0.975)), of)


def kappa(first: pd.Series, second: pd.Series) -> float:
    """Cohen's kappa over all readings: agreement beyond what chance would give; 1 where both always say one thing."""
    observed = float((first == second).mean())
    expected = float(sum(first.eq(reading).mean() * second.eq(reading).mean() for reading in READINGS))
    return 1.0 if expected == 1.0 else (observed - expected) / (1 - expected)


def _share(right: npt.NDArray[np.bool_]) -> Share:
    """A share with Wilson's interval."""
    if len(right) == 0:
        return Share(float("nan"), 0.0, 1.0, 0)
    value, size = float(right.mean()), len(right)
    spread = _NORMAL**2 / size
    middle = (value + spread / 2) / (1 + spread)
    half = _NORMAL / (1 + spread) * np.sqrt(value * (1 - value) / size + spread / (4 * size))
    return Share(value, max(float(middle - half), 0.0), min(float(middle + half), 1.0), size)
