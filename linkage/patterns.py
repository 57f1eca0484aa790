"""Patterns: the levels of all fields of a pair, packed into whole numbers, each distinct one once.

A million pairs stand in some ten thousand patterns, so what a model says of a pair is worked out for its pattern.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Levels = npt.NDArray[np.uint8]
Words = list[npt.NDArray[np.int64]]
Index = npt.NDArray[np.int32]
_WIDEST = 2**62


def packed(levels: Levels, radices: Sequence[int]) -> Words:
    """Each row of levels as one whole number, or as several where one cannot hold so many fields."""
    words = []
    for fields in _fitting(radices):
        word = np.zeros(len(levels), np.int64)
        for field in fields:
            word *= radices[field]
            word += levels[:, field]
        words.append(word)
    return words


def distinct_rows(levels: Levels, radices: Sequence[int]) -> tuple[Index, npt.NDArray[np.intp]]:
    """Which distinct row each row of levels is, and where each distinct one first stands."""
    return _distinct(packed(levels, radices))


def distinct_patterns(words: Words, radices: Sequence[int]) -> tuple[Index, Levels]:
    """Which distinct pattern each row has, and the levels of each, in their natural order."""
    index, first = _distinct(words)
    patterns = np.empty((len(first), len(radices)), np.uint8)
    for word, fields in zip(words, _fitting(radices), strict=True):
        rest = word[first]
        for field in reversed(fields):
            rest, patterns[:, field] = np.divmod(rest, radices[field])
    order = np.lexsort(patterns.T[::-1])
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place[index], patterns[order]


def together(parts: Sequence[tuple[Index, Levels]], radices: Sequence[int]) -> tuple[Index, Levels]:
    """What `distinct_patterns` would say of all rows at once, given what it says of one part of them after another."""
    place, patterns = distinct_patterns(packed(np.concatenate([levels for _, levels in parts]), radices), radices)
    starts = np.cumsum([0, *(len(levels) for _, levels in parts[:-1])])
    return np.concatenate([place[start:][index] for start, (index, _) in zip(starts, parts, strict=True)]), patterns


def _fitting(radices: Sequence[int]) -> Iterator[list[int]]:
    """The fields that one whole number can hold together."""
    fields: list[int] = []
    span = 1
    for field, radix in enumerate(radices):
        if span * radix >= _WIDEST:
            yield fields
            fields, span = [], 1
        fields.append(field)
        span *= radix
    yield fields


def _distinct(words: Words) -> tuple[Index, npt.NDArray[np.intp]]:
    code = words[0]
    for word in words[1:]:
        more, values = pd.factorize(word)
        code = pd.factorize(code)[0].astype(np.int64) * (len(values) + 1) + more
    index = pd.factorize(code)[0]
    # Numbered as they appear, so each distinct one first stands where the highest number rises.
    first = np.flatnonzero(np.diff(np.maximum.accumulate(index), prepend=-1))
    return index.astype(np.int32), first
