"""How good a linkage is where nobody knows the truth: a random sample, stratified by weight, read by two people.

Pairs are drawn from bands of weight, more of them where doubt is. Each reader says `same` or `different` without seeing
the model's decision or the other reader's. Shares are weighed back to all pairs of their band.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

BANDS = (-np.inf, -2.0, 0.0, 3.0, 8.0, np.inf)
SHARE_OF_DOUBT = 0.6
_NORMAL = 1.96


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Statement:
    """Precision of the pairs joined, recall among the pairs kept, and how far the two readers agree (kappa)."""

    precision: Share
    recall: Share
    kappa: float
    pairs_read: int


def draw(links: pd.DataFrame, size: int, chooser: np.random.Generator) -> pd.DataFrame:
    """Pairs to read: left_id, right_id, band, stands_for (pairs of the band each one stands for), in random order."""
    band = pd.Series(np.digitize(links["weight"], BANDS[1:-1]), index=links.index)
    parts = []
    for number, wanted in enumerate(_allotted(size)):
        members = links.index[band.eq(number)]
        chosen = chooser.choice(members.to_numpy(), min(wanted, len(members)), replace=False)
        part = links.loc[np.sort(chosen), ["left_id", "right_id"]]
        parts.append(part.assign(band=number, stands_for=len(members) / max(len(part), 1)))
    drawn = pd.concat(parts)
    return drawn.iloc[chooser.permutation(len(drawn))].reset_index(drop=True)


def _allotted(size: int) -> list[int]:
    """Most of the sample where doubt is: the bands on either side of even odds."""
    doubtful = round(size * SHARE_OF_DOUBT / 2)
    rest = (size - 2 * doubtful) // (len(BANDS) - 3)
    return [doubtful if number in {1, 2} else rest for number in range(len(BANDS) - 1)]


def state(drawn: pd.DataFrame, links: pd.DataFrame, first: pd.Series, second: pd.Series) -> Statement:
    """The statement from two readings, aligned with `drawn`; pairs that they differ on are left out."""
    agreed = (first == second).to_numpy()
    decided = drawn.merge(links[["left_id", "right_id", "decision"]], on=["left_id", "right_id"], how="left")
    joined = decided["decision"].eq("same").to_numpy()
    same = first.eq("same").to_numpy()
    weight = drawn["stands_for"].to_numpy(float)
    return Statement(
        _share(same[agreed & joined], weight[agreed & joined]),
        _share(joined[agreed & same], weight[agreed & same]),
        kappa(first, second),
        int(agreed.sum()),
    )


def kappa(first: pd.Series, second: pd.Series) -> float:
    """Cohen's kappa: agreement beyond what chance would give; 1 where both always say one thing."""
    observed = float((first == second).mean())
    one, other = first.eq("same").mean(), second.eq("same").mean()
    expected = float(one * other + (1 - one) * (1 - other))
    return 1.0 if expected == 1.0 else (observed - expected) / (1 - expected)


def _share(right: np.ndarray, weight: np.ndarray) -> Share:
    """A weighted share with Wilson's interval for the sample's effective size."""
    if len(right) == 0:
        return Share(float("nan"), 0.0, 1.0)
    value = float(np.average(right, weights=weight))
    size = float(weight.sum() ** 2 / (weight**2).sum())
    spread = _NORMAL**2 / size
    middle = (value + spread / 2) / (1 + spread)
    half = _NORMAL / (1 + spread) * np.sqrt(value * (1 - value) / size + spread / (4 * size))
    return Share(value, max(float(middle - half), 0.0), min(float(middle + half), 1.0))
