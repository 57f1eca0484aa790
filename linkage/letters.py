"""How alike two texts can be at most, told from which letters they have: most pairs need no closer look."""

from typing import Any

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[Any]
Yes = npt.NDArray[np.bool_]
_PREFIX_BONUS = 0.4  # Jaro-Winkler's most for a common beginning
_ROUNDING = 1e-4


class Letters:
    """The lengths of texts, their first letters (0 where there is none), and which letters each has.

    Two places in the list make a pair.
    """

    def __init__(self, texts: npt.NDArray[np.object_]) -> None:
        self.lengths = np.fromiter(map(len, texts), np.int32, len(texts))
        codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
        self.bits, self.firsts = np.zeros(len(texts), np.uint32), np.zeros(len(texts), np.int32)
        filled = np.flatnonzero(self.lengths)
        if len(filled):
            starts = (np.cumsum(self.lengths) - self.lengths)[filled]
            self.firsts[filled] = codes[starts]
            # Letters that share a bit make two texts look more alike than they are, never less.
            self.bits[filled] = np.bitwise_or.reduceat(np.uint32(1) << (codes & np.uint32(31)), starts)

    def taken(self, places: Places) -> "Letters":
        """Those of some of the texts, in the order given."""
        some = Letters(np.empty(0, object))
        some.lengths, some.firsts, some.bits = self.lengths[places], self.firsts[places], self.bits[places]
        return some

    def may_be_one_slip(self, a: Places, b: Places) -> Yes:
        """Whether one letter changed, added, left out or moved by one place could make the one text of the other."""
        found: Yes = np.bitwise_count(self.bits[a] ^ self.bits[b]) <= 2
        found &= np.abs(self.lengths[a] - self.lengths[b]) <= 1
        return found

    def may_share(self, a: Places, b: Places, least: npt.NDArray[np.float32]) -> Yes:
        """Whether the share of letters that two texts have in common, in order, could reach `least`."""
        both = (self.lengths[a] + self.lengths[b]).astype(np.float32)
        found: Yes = np.bitwise_count(self.bits[a] ^ self.bits[b]) <= (1.0 - least + _ROUNDING) * both
        return found

    def may_sound_alike(self, a: Places, b: Places, initials: npt.NDArray[Any], least: float) -> Yes:
        """Whether the Jaro-Winkler likeness of two texts, given their first letters, could reach `least`."""
        one, other, size, length = self.bits[a], self.bits[b], self.lengths[a], self.lengths[b]
        common = np.minimum(size - np.bitwise_count(one & ~other), length - np.bitwise_count(other & ~one))
        common = common.astype(np.float32)
        jaro = (common / np.maximum(size, 1) + common / np.maximum(length, 1) + 1) / 3
        bonus = np.where(initials[a] == initials[b], _PREFIX_BONUS, 0.0)
        found: Yes = (jaro + bonus * (1 - jaro) >= least - _ROUNDING) & (common > 0)
        return found
