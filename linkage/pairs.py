"""Pairs of records as one whole number each: left position * 2**32 + right position, left < right."""

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Codes = npt.NDArray[np.int32]
Pairs = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_CHUNK, _FEW, _PIECE = 1 << 19, 1 << 16, 1 << 15


def pack(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> Pairs:
    """Pairs of positions as one whole number each, the smaller position first."""
    packed: Pairs = np.minimum(left, right).astype(np.int64)
    packed <<= 32
    packed |= np.maximum(left, right)
    return packed


def unpack(pairs: Pairs) -> tuple[Codes, Codes]:
    """The positions of each packed pair."""
    halves = np.ascontiguousarray(pairs, "<i8").view("<i4").reshape(-1, 2)
    return np.ascontiguousarray(halves[:, 1]), np.ascontiguousarray(halves[:, 0])


def any_of(pairs: Pairs, some: Mask) -> Mask:
    """Of which pairs a record is among some."""
    return _of_sides(pairs, some, np.logical_or)


def both_of(pairs: Pairs, some: Mask) -> Mask:
    """Of which pairs both records are among some."""
    return _of_sides(pairs, some, np.logical_and)


def _of_sides(pairs: Pairs, some: Mask, told: np.ufunc) -> Mask:
    found = np.empty(len(pairs), bool)
    # Piece by piece, for what is worked out between then stays where the processor has it at hand.
    for start in range(0, len(pairs), _PIECE):
        piece = pairs[start : start + _PIECE]
        told(some.take(piece >> 32), some.take(piece & 0xFFFFFFFF), out=found[start : start + _PIECE])
    return found


def distinct(*pairs: Pairs) -> Pairs:
    """All the pairs, sorted, each once; several times quicker than numpy's own."""
    return each_once(np.concatenate([np.empty(0, np.int64), *pairs]))


def each_once(numbers: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Whole numbers, sorted where they are, each once."""
    numbers.sort()
    fresh = np.ones(len(numbers), bool)
    np.not_equal(numbers[1:], numbers[:-1], out=fresh[1:])
    return numbers if fresh.all() else numbers[fresh]


def moved(pairs: Pairs, to: Codes) -> tuple[Pairs, npt.NDArray[np.intp]]:
    """The pairs at the new places of their records, in no order, and which they are: those of which no place is -1."""
    left, right = (to[side] for side in unpack(pairs))
    stay = np.flatnonzero((left >= 0) & (right >= 0))
    return pack(left[stay], right[stay]), stay


def order_of(pairs: Pairs) -> npt.NDArray[np.intp]:
    """What puts pairs in order; quickest where they are a few runs that are in order already, for those are merged."""
    return np.argsort(pairs, kind="stable")


def as_index(pairs: Pairs, labels: Any) -> pd.MultiIndex:
    """Packed pairs as recordlinkage wants them, without a look-up of labels."""
    codes: Any = list(unpack(pairs))
    return pd.MultiIndex(levels=[labels, labels], codes=codes, verify_integrity=False)


def in_pairs(pairs: Pairs, among: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Whether each packed pair is among some sorted ones."""
    return places_in(pairs, among)[1]


def places_in(pairs: Pairs, among: npt.NDArray[Any]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Where each packed pair stands or would stand among some sorted ones, and whether it does stand there."""
    place = np.searchsorted(among, pairs)
    if not len(among):
        return place, np.zeros(len(pairs), bool)
    # What would stand beyond the last is no pair of theirs, so the last is not equal to it.
    return place, among.take(place, mode="clip") == pairs


def chunks(size: int, threads: int) -> list[slice]:
    """So many pairs in parts for several threads.

    Even ones, so that no thread waits for another in the end; few pairs are not worth a second thread.
    """
    rounds = -(-size // (_CHUNK * threads))
    parts = max(rounds * threads if size >= _FEW else 1, 1)
    ends = np.linspace(0, size, parts + 1).astype(int).tolist()
    return [slice(start, end) for start, end in itertools.pairwise(ends)]
