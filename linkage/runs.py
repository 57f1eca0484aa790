"""Rows that share whole numbers, put side by side: the first, least or most of each such run at once."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]
Values = npt.NDArray[Any]


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
        order = np.lexsort(numbers[::-1])
        begins = np.ones(len(order), bool)
        if len(order):
            begins[1:] = np.logical_or.reduce([np.diff(each[order]) != 0 for each in numbers])
        return cls(order, np.flatnonzero(begins))

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
