"""How good a linkage is where nobody knows the truth: a random sample, stratified by weight, read by two people.

Pairs are drawn from bands of weight, more of them where doubt is. Each reader says `same`, `different` or `cannot tell`
without seeing the model's decision or the other reader's. Shares are weighed back to all pairs of their band.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

BANDS = (-np.inf, -2.0, 0.0, 3.0, 8.0, np.inf)
SHARE_OF_DOUBT = 0.6
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
    band = pd.Series(np.digitize(links["weight"], BANDS[1:-1]), index=links.index)
    parts = []
    for number, wanted in enumerate(_allotted(size)):
        members = links.index[band.eq(number)]
        chosen = chooser.choice(members.to_numpy(), min(wanted, len(members)), replace=False)
        part = links.loc[np.sort(chosen), ["left_id", "right_id", "is_joined"]]
        parts.append(part.assign(band=number, stands_for=len(members) / max(len(part), 1)))
    drawn = pd.concat(parts)
    return drawn.iloc[chooser.permutation(len(drawn))].reset_index(drop=True)


def _allotted(size: int) -> list[int]:
    """Most of the sample where doubt is: the bands on either side of even odds."""
    doubtful = round(size * SHARE_OF_DOUBT / 2)
    others = len(BANDS) - 3
    rest, over = divmod(size - 2 * doubtful, others)
    wanted = [rest + (number < over) for number in range(others)]
    return [wanted[0], doubtful, doubtful, *wanted[1:]]


def state(drawn: pd.DataFrame, first: pd.Series, second: pd.Series) -> Statement:
    """The statement from two readings, aligned with `drawn`; what is not settled is left out of the shares."""
    settled = settled_by(first, second)
    unsure = first.eq(UNSURE) | second.eq(UNSURE)
    read = drawn[settled.to_numpy(bool)]
    precision, recall = shares(read["is_joined"], first[settled].eq(SAME), read["stands_for"])
    counts = (int(settled.sum()), int((~settled & ~unsure).sum()), int(unsure.sum()))
    return Statement(precision, recall, kappa(first, second), *counts)


def settled_by(first: pd.Series, second: pd.Series) -> pd.Series:
    """Of each pair, whether both readers say `same`, or both `different`."""
    return first.eq(second) & first.ne(UNSURE)


def shares(joined: pd.Series, same: pd.Series, weight: pd.Series | None = None) -> tuple[Share, Share]:
    """Precision and recall of pairs of which it is known whether they are joined and whether they are one person."""
    is_joined, is_same = joined.to_numpy(bool), same.to_numpy(bool)
    weights = np.ones(len(is_joined)) if weight is None else weight.to_numpy(float)
    return _share(is_same[is_joined], weights[is_joined]), _share(is_joined[is_same], weights[is_same])


def kappa(first: pd.Series, second: pd.Series) -> float:
    """Cohen's kappa over all readings: agreement beyond what chance would give; 1 where both always say one thing."""
    observed = float((first == second).mean())
    expected = float(sum(first.eq(reading).mean() * second.eq(reading).mean() for reading in READINGS))
    return 1.0 if expected == 1.0 else (observed - expected) / (1 - expected)


def _share(right: npt.NDArray[np.bool_], weight: npt.NDArray[np.float64]) -> Share:
    """A weighted share with Wilson's interval for the sample's effective size."""
    if len(right) == 0:
        return Share(float("nan"), 0.0, 1.0, 0)
    value = float(np.average(right, weights=weight))
    size = float(weight.sum() ** 2 / (weight**2).sum())
    spread = _NORMAL**2 / size
    middle = (value + spread / 2) / (1 + spread)
    half = _NORMAL / (1 + spread) * np.sqrt(value * (1 - value) / size + spread / (4 * size))
    return Share(value, max(float(middle - half), 0.0), min(float(middle + half), 1.0), len(right))
