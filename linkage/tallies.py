"""Sums over level patterns: what is said of levels, added up for each pattern, and of patterns for each level.

Some ten thousand patterns share a few hundred beginnings, middles and ends, so each of these is added up once: learning
asks for such sums a hundred times over.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from linkage.patterns import distinct_patterns, packed

Levels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
_PARTS = 3


class Tallies:
    """Sums over patterns of fields of so many levels each; levels go by their row, one field after the other."""

    def __init__(self, patterns: Levels, levels: Sequence[int]) -> None:
        first_rows = np.cumsum([0, *levels[:-1]])
        columns, members, rows, count = [], [], [], 0
        parts = np.array_split(np.arange(len(levels)), min(_PARTS, len(levels)))
        for fields in parts:
            radices = [levels[field] for field in fields]
            index, distinct = distinct_patterns(packed(patterns[:, fields], radices), radices)
            columns.append(index + count)
            members.append(np.repeat(np.arange(count, count + len(distinct)), len(fields)))
            rows.append((distinct + first_rows[fields]).ravel())
            count += len(distinct)
        self._parts_of_patterns = _ones(np.tile(np.arange(len(patterns)), len(parts)), columns, (len(patterns), count))
        self._levels_of_parts = _ones(np.concatenate(members), rows, (count, sum(levels)))
        self._patterns_of_parts = csr_array(self._parts_of_patterns.T)
        self._parts_of_levels = csr_array(self._levels_of_parts.T)

    def of_patterns(self, said: Floats) -> Floats:
        """Levels x classes in; classes x patterns out: the sum of what is said of the levels that each stands on."""
        sums: Floats = self._parts_of_patterns @ (self._levels_of_parts @ said)
        return np.ascontiguousarray(sums.T)

    def of_levels(self, held: Floats) -> Floats:
        """Classes x patterns in; levels x classes out: the sum of what is held of the patterns on each level."""
        sums: Floats = self._parts_of_levels @ (self._patterns_of_parts @ np.ascontiguousarray(held.T))
        return sums


def _ones(rows: npt.NDArray[np.intp], columns: Sequence[npt.NDArray[np.integer]], shape: tuple[int, int]) -> csr_array:
    return csr_array((np.ones(len(rows)), (rows, np.concatenate(columns))), shape=shape)
