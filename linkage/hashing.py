"""Hashes made of hashes: of several values together, in the order given; the same in every table and every run."""

from typing import Any

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


def of_numbers(values: npt.NDArray[Any]) -> Hashes:
    """Whole numbers from nought on as hashes, each of another one; nought itself is no missing value."""
    return (values.astype(np.int64) + 1).astype(np.uint64) * _MIX


def mixed(first: Hashes, *others: Hashes) -> Hashes:
    """One hash for each row of hashes."""
    for other in others:
        both = first + np.uint64(1)
        both *= _MIX
        both ^= both >> _SHIFT
        both ^= other + np.uint64(1)
        both *= _MIX
        first = both
    return first
