"""Seeded chance: every part of the borough draws from a stream of its own, so that one part can change alone."""

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]


def stream(seed: int, *names: str) -> np.random.Generator:
    """The generator of one named part of the borough with this seed."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


def weighted(rng: np.random.Generator, weights: NDArray[np.floating], count: int) -> Ints:
    """`count` positions drawn in proportion to `weights`."""
    ladder = np.cumsum(weights, dtype=np.float64)
    return np.asarray(np.searchsorted(ladder, rng.random(count) * ladder[-1], side="right"))


def happens(rng: np.random.Generator, chance: NDArray[np.floating] | float, count: int) -> Flags:
    """For each of `count` cases, whether something of this chance happens."""
    return np.asarray(rng.random(count) < chance)
