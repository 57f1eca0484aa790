"""Chance that a record keeps: the same key has the same luck, whichever month asks and whatever else is there."""

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from borough.chance import Flags, Ints

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Luck:
    """One number in [0, 1) for each record and each thing that may happen to it, computed from the record's key."""

    keys: Ints

    @classmethod
    def about(cls, seed: int, subject: str, *parts: Ints) -> "Luck":
        """The luck of records known by these numbers, for one subject (an agency, a table)."""
        keys = np.full(len(parts[0]), np.uint64(zlib.crc32(f"{seed}/{subject}".encode())))
        for part in parts:
            keys = _mixed(keys ^ part.astype(np.int64).view(np.uint64))
        return cls(keys=keys.view(np.int64))

    def of(self, name: str) -> NDArray[np.float64]:
        """The numbers for one thing."""
        mixed = _mixed(self.keys.view(np.uint64) ^ np.uint64(zlib.crc32(name.encode()) * 0x9E3779B1))
        return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / float(1 << 53))

    def fails(self, name: str, rate: NDArray[np.float64] | float) -> Flags:
        """Which records have this happen, at this rate."""
        return np.asarray(self.of(name) < rate)

    def take(self, rows: Ints | Flags) -> "Luck":
        """The luck of some of the records."""
        return Luck(keys=self.keys[rows])

    def codes(self, digits: int = 13) -> NDArray[np.object_]:
        """A code of hexadecimal digits for each record, as systems give that do not count."""
        mixed = _mixed(self.keys.view(np.uint64) ^ _GOLDEN) >> np.uint64(64 - 4 * digits)
        return np.array([f"{number:0{digits}x}" for number in mixed.tolist()], dtype=object)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Sebastiano Vigna's splitmix64 finaliser: every bit of the input stirs every bit of the output."""
    with np.errstate(over="ignore"):
        out = values + _GOLDEN
        out = (out ^ (out >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        out = (out ^ (out >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(out ^ (out >> np.uint64(31)))
