"""The communities of the town: how many, how they form households, how they bear names. All of it data."""

import csv
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Communities:
    """One array entry per community, in the order of `names`.

    `first_birth` is a mother's mean age in years, `children` the mean number in a family; the rest are shares.
    """

    names: tuple[str, ...]
    ethnicity: tuple[str, ...]
    language: tuple[str, ...]
    share: NDArray[np.float64]
    first_birth: NDArray[np.float64]
    children: NDArray[np.float64]
    three_generations: NDArray[np.float64]
    married: NDArray[np.float64]
    surname_kept: NDArray[np.float64]
    double_barrelled: NDArray[np.float64]

    def place(self, name: str) -> int:
        """The number of a community."""
        return self.names.index(name)


def _read() -> Communities:
    text = resources.files("borough").joinpath("data", "communities.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    numbers = {
        name: np.array([float(row[name]) for row in rows])
        for name in rows[0]
        if name not in {"community", "ethnicity", "language"}
    }
    return Communities(
        names=tuple(row["community"] for row in rows),
        ethnicity=tuple(row["ethnicity"] for row in rows),
        language=tuple(row["language"] for row in rows),
        **numbers,
    )


COMMUNITIES = _read()
