"""Pairs into people: clusters that can say no.

Records whose every pair agrees are one person outright. Where some pair does not, the pairs that were never compared
are compared too, and people grow by average linkage: the two groups that agree best on average join first, and none
join that a rule keeps apart. So a single wrong pair cannot chain two families together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from linkage.connections import connect
from linkage.pairs import Pairs, distinct, in_pairs, order_of, pack, places_in, unpack
from linkage.rules import Rules
from linkage.vocabulary import Codes

Weights = npt.NDArray[np.float32]
Score = Callable[[Pairs], Weights]

LARGEST = 150  # records in a group worked out at once; a larger one is first cut at stronger pairs
_BATCH = 4_000_000
_CERTAIN = 1e4


@dataclass(frozen=True)
class Clustering:
    """How groups grow: `same` is what joins two records, `low` and `high` bound what one pair may weigh."""

    same: float
    low: float = -8.0
    high: float = 12.0


@dataclass(frozen=True)
class Evidence:
    """What is known of pairs: those kept, sorted, their weights, and how to weigh one that was never compared."""

    pairs: Pairs
    weights: Weights
    score: Score

    def of(self, wanted: Pairs) -> Weights:
        """The weight of each pair."""
        place, known = places_in(wanted, self.pairs)
        found = np.empty(len(wanted), np.float32)
        found[known] = self.weights[place[known]]
        if not known.all():
            missing, place = np.unique(wanted[~known], return_inverse=True)
            found[~known] = self.score(missing)[place]
        return found

    def widened(self, wanted: Pairs) -> "Evidence":
        """The same, with the pairs wanted that were never compared weighed all at once."""
        missing = wanted[~in_pairs(wanted, self.pairs)]
        if not len(missing):
            return self
        pairs = np.concatenate([self.pairs, missing])
        weights = np.concatenate([self.weights, self.score(missing)])
        order = order_of(pairs)
        return Evidence(pairs[order], weights[order], self.score)


@dataclass(frozen=True)
class Grouped:
    """For each record the position of the first one of its `cluster`, and of its `component`.

    No cluster reaches beyond a component, whatever becomes of the records of others.
    """

    cluster: Codes
    component: Codes


def cluster(size: int, evidence: Evidence, rules: Rules, by: Clustering) -> Grouped:
    """The clusters of `size` records."""
    strong = evidence.pairs[evidence.weights >= by.same]
    edges = distinct(strong[~rules.conflicts(*unpack(strong))], rules.joined)
    component = connect(size, *unpack(edges))
    group = component.copy()
    unsettled = list(_unsettled(group, edges, rules))
    within = [pair for members in unsettled if members.shape[1] <= LARGEST for pair in _within(members)]
    growth = _Growth(evidence.widened(distinct(*within)), rules, by)
    for members in unsettled:
        group[members] = growth.of(members)
    return Grouped(group.astype(np.int32), component.astype(np.int32))


def _within(members: npt.NDArray[np.int64]) -> Iterator[Pairs]:
    """All pairs of each of B groups of size k: B x k in."""
    rows, columns = np.triu_indices(members.shape[1], 1)
    yield pack(members[:, rows].ravel(), members[:, columns].ravel())


def _unsettled(group: npt.NDArray[np.int64], edges: Pairs, rules: Rules) -> Iterator[npt.NDArray[np.int64]]:
    """Members of components in which some pair does not agree, many of one size k at a time: B x k."""
    sizes = np.bincount(group)
    found = np.bincount(group[unpack(edges)[0]], minlength=len(sizes))
    unsettled = found < sizes * (sizes - 1) // 2
    unsettled |= _with_conflict(group, sizes > 1, rules)
    rows = np.flatnonzero(unsettled[group])
    order = rows[np.argsort(group[rows], kind="stable")]
    start = np.cumsum(np.where(unsettled, sizes, 0)) - sizes
    for size in np.unique(sizes[unsettled]):
        chosen = np.flatnonzero(unsettled & (sizes == size))
        step = max(_BATCH // int(size) ** 2, 1)
        for first in range(0, len(chosen), step):
            yield order[start[chosen[first : first + step]][:, None] + np.arange(size)]


def _with_conflict(group: npt.NDArray[np.int64], several: npt.NDArray[np.bool_], rules: Rules) -> npt.NDArray[np.bool_]:
    """In which groups, of those that have several records, two can never be one person."""
    conflict = np.zeros(len(several), bool)
    together = several[group]
    left, right = unpack(rules.apart)
    conflict[group[left][group[left] == group[right]]] = True
    for codes in rules.exclusive:
        known = np.flatnonzero(together & (codes >= 0))
        low = np.full(len(conflict), np.iinfo(np.int64).max)
        high = np.full(len(conflict), -1)
        np.minimum.at(low, group[known], codes[known])
        np.maximum.at(high, group[known], codes[known])
        conflict |= (high >= 0) & (low != high)
    return conflict


@dataclass(frozen=True)
class _Growth:
    """How components that do not agree become clusters."""

    evidence: Evidence
    rules: Rules
    by: Clustering

    def of(self, members: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The first record of the cluster of each member of B groups of size k: B x k in, B x k out."""
        size = members.shape[1]
        if size > LARGEST:
            return np.stack([self._cut(row) for row in members])
        rows, columns = np.triu_indices(size, 1)
        left, right = members[:, rows].ravel().astype(np.int32), members[:, columns].ravel().astype(np.int32)
        pairs = pack(left, right)
        weight = np.clip(self.evidence.of(pairs), self.by.low, self.by.high)
        weight[in_pairs(pairs, self.rules.joined)] = _CERTAIN
        apart = self.rules.conflicts(left, right)
        labels = grow(_square(weight, members.shape), _square(apart, members.shape), self.by.same)
        return np.take_along_axis(members, labels, axis=1)

    def _cut(self, row: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """A group too large to be one person, cut at ever stronger pairs until its pieces can be worked out."""
        local = np.full(int(self.evidence.pairs[-1] & 0xFFFFFFFF) + int(row.max()) + 2, -1)
        local[row] = np.arange(len(row))
        left, right = (local[side] for side in unpack(self.evidence.pairs))
        inside = (left >= 0) & (right >= 0)
        left, right, weights = left[inside], right[inside], self.evidence.weights[inside]
        result = np.empty(len(row), np.int64)
        pieces = [(np.arange(len(row)), self.by.same)]
        while pieces:
            piece, bar = pieces.pop()
            if len(piece) <= LARGEST:
                result[piece] = self.of(row[piece][None, :])[0] if len(piece) > 1 else row[piece]
                continue
            chosen = np.full(len(row), -1)
            chosen[piece] = np.arange(len(piece))
            strong = (weights >= bar + 1.0) & (chosen[left] >= 0) & (chosen[right] >= 0)
            parts = connect(len(piece), chosen[left[strong]], chosen[right[strong]])
            pieces.extend((piece[parts == part], bar + 1.0) for part in np.unique(parts))
        return result


def _square(values: npt.NDArray[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
    batch, size = shape
    rows, columns = np.triu_indices(size, 1)
    square = np.zeros((batch, size, size), values.dtype)
    square[:, rows, columns] = values.reshape(batch, -1)
    square[:, columns, rows] = square[:, rows, columns]
    return square


def grow(weight: Weights, apart: npt.NDArray[np.bool_], same: float) -> npt.NDArray[np.int64]:
    """Average linkage in many groups at once: weights and prohibitions B x k x k.

    Returns B x k: the position within its group of each one's cluster's first member.
    """
    forest = _Forest(weight, apart)
    working = np.arange(len(weight))
    while len(working):
        average = forest.averages(working)
        best = average.argmax(axis=1)
        agree = average[np.arange(len(working)), best] >= same
        working = working[agree]
        forest.join(working, best[agree])
    return forest.label


class _Forest:
    """Clusters growing in many groups: the sum of weights between any two of a group, and what keeps them apart."""

    def __init__(self, weight: Weights, apart: npt.NDArray[np.bool_]) -> None:
        batch, self._size, _ = weight.shape
        self._total = weight.astype(np.float64)
        self._closed = apart | np.eye(self._size, dtype=bool)
        self._count = np.ones((batch, self._size))
        self.label = np.tile(np.arange(self._size), (batch, 1))

    def averages(self, groups: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """The average weight between any two clusters of each group, flat; those that may not join are -inf."""
        count = self._count[groups]
        average = self._total[groups] / (count[:, :, None] * count[:, None, :])
        average[self._closed[groups]] = -np.inf
        return average.reshape(len(groups), -1)

    def join(self, groups: npt.NDArray[np.intp], places: npt.NDArray[np.intp]) -> None:
        """Join two clusters of each group, given their place in the flat averages."""
        one, other = np.divmod(places, self._size)
        keep, gone = np.minimum(one, other), np.maximum(one, other)
        self._total[groups, keep] += self._total[groups, gone]
        self._total[groups, :, keep] += self._total[groups, :, gone]
        self._closed[groups, keep] |= self._closed[groups, gone]
        self._closed[groups, :, keep] |= self._closed[groups, :, gone]
        self._closed[groups, gone] = True
        self._closed[groups, :, gone] = True
        self._count[groups, keep] += self._count[groups, gone]
        self.label[groups] = np.where(self.label[groups] == gone[:, None], keep[:, None], self.label[groups])
