"""Pairs into people: clusters that can say no.

Records whose every pair agrees are one person outright. Where some pair does not, the pairs that were never compared are
compared too, and people grow by average linkage: the two groups that agree best on average join first, and none join that
a rule keeps apart. So a single wrong pair cannot chain two families together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkage.pairs import Pairs, in_pairs, pack, unpack
from linkage.records import Codes
from linkage.rules import Rules

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


def cluster(size: int, pairs: Pairs, weights: Weights, rules: Rules, score: Score, by: Clustering) -> Codes:
    """For each of `size` records the position of its cluster's first record. `score` weighs pairs never compared."""
    strong = weights >= by.same
    left, right = unpack(pairs[strong])
    allowed = ~rules.conflicts(left, right)
    edges = np.union1d(pairs[strong][allowed], rules.joined)
    group = _components(size, edges)
    for members in _unsettled(group, edges, rules):
        group[members] = _grown(members, pairs, weights, rules, score, by)
    return _named_by_first(group)


def _components(size: int, edges: Pairs) -> npt.NDArray[np.int64]:
    left, right = unpack(edges)
    graph = coo_array((np.ones(len(edges), np.int8), (left, right)), shape=(size, size))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _named_by_first(group: npt.NDArray[np.int64]) -> Codes:
    _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    return first[inverse].astype(np.int32)


def _unsettled(group: npt.NDArray[np.int64], edges: Pairs, rules: Rules) -> Iterator[npt.NDArray[np.int64]]:
    """Members of components in which some pair does not agree, batch by batch: B groups of one size as a B × k array."""
    sizes = np.bincount(group)
    found = np.bincount(group[unpack(edges)[0]], minlength=len(sizes))
    unsettled = found < sizes * (sizes - 1) // 2
    unsettled |= _with_conflict(group, rules)
    order = np.argsort(group, kind="stable")
    start = np.concatenate([[0], np.cumsum(sizes)])
    for size in np.unique(sizes[unsettled]):
        chosen = np.flatnonzero(unsettled & (sizes == size))
        step = max(_BATCH // int(size) ** 2, 1)
        for first in range(0, len(chosen), step):
            yield order[start[chosen[first : first + step]][:, None] + np.arange(size)]


def _with_conflict(group: npt.NDArray[np.int64], rules: Rules) -> npt.NDArray[np.bool_]:
    conflict = np.zeros(int(group.max(initial=-1)) + 1, bool)
    left, right = unpack(rules.apart)
    conflict[group[left][group[left] == group[right]]] = True
    for codes in rules.exclusive:
        known = np.flatnonzero(codes >= 0)
        low = np.full(len(conflict), np.iinfo(np.int64).max)
        high = np.full(len(conflict), -1)
        np.minimum.at(low, group[known], codes[known])
        np.maximum.at(high, group[known], codes[known])
        conflict |= (high >= 0) & (low != high)
    return conflict


def _grown(
    members: npt.NDArray[np.int64], pairs: Pairs, weights: Weights, rules: Rules, score: Score, by: Clustering
) -> npt.NDArray[np.int64]:
    """A cluster number for each member, unique across the table: B × k in, B × k out."""
    if members.shape[1] > LARGEST:
        return np.stack([_cut(row, pairs, weights, rules, score, by) for row in members])
    size = members.shape[1]
    rows, columns = np.triu_indices(size, 1)
    left, right = members[:, rows], members[:, columns]
    weight = _weights_of(pack(left.ravel(), right.ravel()), pairs, weights, score)
    weight = np.clip(weight, by.low, by.high)
    packed = pack(left.ravel(), right.ravel())
    weight[in_pairs(packed, rules.joined)] = _CERTAIN
    apart = rules.conflicts(left.ravel().astype(np.int32), right.ravel().astype(np.int32))
    labels = grow(_square(weight, members.shape), _square(apart, members.shape), by.same)
    # Offsets beyond any component's number keep the new clusters apart from all others.
    return np.take_along_axis(members, labels, axis=1) + np.int64(1 << 40)


def _square(values: npt.NDArray[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
    batch, size = shape
    rows, columns = np.triu_indices(size, 1)
    square = np.zeros((batch, size, size), values.dtype)
    square[:, rows, columns] = values.reshape(batch, -1)
    square[:, columns, rows] = square[:, rows, columns]
    return square


def _weights_of(wanted: Pairs, pairs: Pairs, weights: Weights, score: Score) -> Weights:
    place = np.minimum(np.searchsorted(pairs, wanted), max(len(pairs) - 1, 0))
    known = pairs[place] == wanted if len(pairs) else np.zeros(len(wanted), bool)
    found = np.empty(len(wanted), np.float32)
    found[known] = weights[place[known]]
    if not known.all():
        found[~known] = score(wanted[~known])
    return found


def grow(weight: Weights, apart: npt.NDArray[np.bool_], same: float) -> npt.NDArray[np.int64]:
    """Average linkage in many groups at once: B × k × k weights and prohibitions to the B × k first members of clusters."""
    batch, size, _ = weight.shape
    total = weight.astype(np.float64)
    apart = apart.copy()
    count = np.ones((batch, size))
    label = np.tile(np.arange(size), (batch, 1))
    alive = np.ones((batch, size), bool)
    every = np.arange(batch)
    working = every
    diagonal = np.arange(size)
    while len(working):
        average = total[working] / (count[working][:, :, None] * count[working][:, None, :])
        closed = apart[working] | ~alive[working][:, :, None] | ~alive[working][:, None, :]
        average[closed] = -np.inf
        average[:, diagonal, diagonal] = -np.inf
        best = average.reshape(len(working), -1).argmax(axis=1)
        value = average.reshape(len(working), -1)[np.arange(len(working)), best]
        working, best = working[value >= same], best[value >= same]
        a, b = np.divmod(best, size)
        _join(working, np.minimum(a, b), np.maximum(a, b), total, apart, count, label, alive)
    return label


def _join(working: Any, keep: Any, gone: Any, total: Any, apart: Any, count: Any, label: Any, alive: Any) -> None:
    total[working, keep] += total[working, gone]
    total[working, :, keep] += total[working, :, gone]
    apart[working, keep] |= apart[working, gone]
    apart[working, :, keep] |= apart[working, :, gone]
    count[working, keep] += count[working, gone]
    alive[working, gone] = False
    label[working] = np.where(label[working] == gone[:, None], keep[:, None], label[working])


def _cut(
    row: npt.NDArray[np.int64], pairs: Pairs, weights: Weights, rules: Rules, score: Score, by: Clustering
) -> npt.NDArray[np.int64]:
    """A group too large to be one person, cut at ever stronger pairs until its pieces can be worked out."""
    inside = np.zeros(int(row.max()) + 2, bool)
    inside[row] = True
    left, right = unpack(pairs)
    bound = len(inside) - 1
    within = np.flatnonzero(inside[np.minimum(left, bound)] & inside[np.minimum(right, bound)] & (weights >= by.same))
    place = np.searchsorted(row, np.arange(bound + 1))
    result = np.empty(len(row), np.int64)
    pieces = [(row, by.same)]
    while pieces:
        piece, bar = pieces.pop()
        if len(piece) <= LARGEST:
            grown = _grown(piece[None, :], pairs, weights, rules, score, by)[0] if len(piece) > 1 else piece + (1 << 40)
            result[place[piece]] = grown
            continue
        chosen = np.zeros(len(inside), bool)
        chosen[piece] = True
        edges = within[chosen[left[within]] & chosen[right[within]] & (weights[within] >= bar + 1.0)]
        local = np.zeros(len(inside), np.int64)
        local[piece] = np.arange(len(piece))
        parts = _components(len(piece), pack(local[left[edges]], local[right[edges]]))
        pieces.extend((piece[parts == part], bar + 1.0) for part in np.unique(parts))
    return result
