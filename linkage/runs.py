"""Rows that share whole numbers, put side by side: the first, least or most of each such run at once."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]
Values = npt.NDArray[Any]

_WORD = 63


def in_order(*numbers: Values) -> Codes:
    """The rows sorted by these numbers, the first foremost, missing ones last; rows of the same keep their order."""
    return _sorted(*packed(*numbers))[0]


def falling(values: Values) -> Values:
    """Numbers, or days, that sort the other way round; missing ones last all the same."""
    if values.dtype.kind != "M":
        return np.asarray(-(values.astype(np.int64) if values.dtype.kind == "b" else values))
    return np.where(np.isnat(values), 1, -_ranks(values))


def _sorted(key: Codes, bits: int) -> tuple[Codes, Codes]:
    place = _bits(len(key))
    if bits + place > _WORD:
        order = np.argsort(key, kind="stable")
        return order, key[order]
    # The row as the last digits of the number: sorting values is many times faster than sorting places.
    both = np.sort(key << place | np.arange(len(key)))
    return both & ((1 << place) - 1), both >> place


def packed(*numbers: Values) -> tuple[Codes, int]:
    """One whole number (not below 0) for each row, which sorts as the row's numbers do; and how many bits it takes.

    Fractions and days are numbered by their rank first, missing ones last.
    """
    key, bits = np.zeros(len(numbers[0]), np.int64), 0
    for each in numbers:
        place, more = _from_0(each)
        if bits + more > _WORD:
            (key, bits), (place, more) = _from_0(_ranks(key)), _from_0(_ranks(place))
        key, bits = key << more | place, bits + more
    return key, bits


def _from_0(numbers: Values) -> tuple[Codes, int]:
    """The numbers less the least of them, or less 0 where none is below it, and how many bits they take."""
    if numbers.dtype.kind not in "iub":
        numbers = _ranks(numbers)
    least = int(numbers.min(initial=0))
    return numbers.astype(np.int64) - least, _bits(int(numbers.max(initial=0)) - least + 1)


def _ranks(values: Values) -> Codes:
    """The place of each value among the distinct ones, sorted; missing ones are one, the last."""
    return np.unique(values, return_inverse=True)[1]


def _bits(size: int) -> int:
    """How many bits hold any whole number from 0 up to, not including, `size`."""
    return max(size - 1, 0).bit_length()


@dataclass(frozen=True)
class Runs:
    """`order` puts the rows side by side, a run after the other; `starts` is where in it each run begins."""

    order: Codes
    starts: Codes

    @classmethod
    def of(cls, *numbers: Values) -> Self:
        """Runs of rows that have the same numbers, sorted by them, the first foremost; rows of a run keep their order.

        `numbers` are of one length; whole numbers, or truths.
        """
        order, key = _sorted(*packed(*numbers))
        return cls(order, np.flatnonzero(np.diff(key, prepend=-1)))

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def firsts(self) -> Codes:
        """The first row of each run."""
        return np.asarray(self.order[self.starts])

    @property
    def of_each(self) -> Codes:
        """The place among the runs of the one to which each row belongs."""
        place = np.empty(len(self.order), np.int64)
        place[self.order] = np.repeat(np.arange(len(self)), np.diff(np.append(self.starts, len(self.order))))
        return place

    def first(self, values: Values) -> Values:
        """The value of each run's first row."""
        return np.asarray(values[self.firsts])

    def total(self, values: Values) -> Values:
        """The sum of each run, exact for whole numbers."""
        return self._reduced(np.add, values)

    def least(self, values: Values) -> Values:
        """The least value of each run."""
        return self._reduced(np.minimum, values)

    def most(self, values: Values) -> Values:
        """The greatest value of each run; of truths, whether any holds."""
        return self._reduced(np.maximum, values)

    def _reduced(self, how: np.ufunc, values: Values) -> Values:
        return np.asarray(how.reduceat(values[self.order], self.starts)) if len(self) else values[:0]
