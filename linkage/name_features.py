"""Names compared, the likeness of each distinct pair of names worked out once."""

from collections.abc import Sequence
from itertools import product
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from linkage.features import Feature, best_of
from linkage.ladders import EXACT, FORENAME, MIDDLE, MISSING, SURNAME
from linkage.names import Likeness
from linkage.records import People

Levels = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int32]


class Names(Feature):
    """A feature on names, whose likeness is worked out once for each distinct pair."""

    ranks: ClassVar[dict[Likeness, int]]

    def _one(self, left: Codes, right: Codes) -> Levels:
        levels = np.zeros(len(left), np.uint8)
        both, equal = (left | right) >= 0, left == right  # a code below nought is none
        levels[both & equal] = EXACT
        unequal = np.flatnonzero(both & ~equal)
        rank = np.zeros(len(Likeness), np.uint8)
        rank[Likeness.SAME] = EXACT
        for likeness, level in self.ranks.items():
            rank[likeness] = level
        levels[unequal] = rank[self._people.names.likeness(left[unequal], right[unequal])]
        return levels

    def _best(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        levels = self._one(left[0], right[0])
        for a, b in list(product(left, right))[1:]:
            some = np.flatnonzero((a | b) >= 0)
            some = some[levels[some] != EXACT]
            if len(some):
                levels[some] = best_of(levels[some], self._one(a[some], b[some]))
        return levels

    def _crossings(self, left: tuple[Codes, Codes], right: tuple[Codes, Codes]) -> Levels:
        """How many of a pair's names stand as forename here and as surname there: 2 where the two were swapped.

        Given the forename and the surname of each side. Two that were swapped may both have a slip besides.
        """
        (forename, surname), (other_forename, other_surname) = left, right
        one = (forename >= 0) & (forename == other_surname)
        other = (surname >= 0) & (surname == other_forename)
        crossings = np.where(forename != surname, one.astype(np.uint8) + other, 0).astype(np.uint8)
        told = (forename | surname | other_forename | other_surname) >= 0
        some = np.flatnonzero(told & (crossings < 2) & (forename != other_forename) & (surname != other_surname))
        initials = self._people.names.initials
        some = some[initials[forename[some]] == initials[other_surname[some]]]
        some = some[initials[surname[some]] == initials[other_forename[some]]]
        nearly = self._nearly(forename[some], other_surname[some]) & self._nearly(surname[some], other_forename[some])
        crossings[some[nearly]] = 2
        return crossings

    def _nearly(self, left: Codes, right: Codes) -> npt.NDArray[np.bool_]:
        """Whether names are the same, variants, or apart by a slip."""
        nearly: npt.NDArray[np.bool_] = left == right
        unequal = np.flatnonzero(~nearly)
        likeness = self._people.names.likeness(left[unequal], right[unequal])
        nearly[unequal] = np.isin(likeness, [Likeness.SAME, Likeness.VARIANT, Likeness.NEAR])
        return nearly


class Forename(Names):
    """Forenames; a nickname, a middle name in use and a swap with the surname have levels of their own."""

    ladder = FORENAME
    by_equality = False
    ranks: ClassVar[dict[Likeness, int]] = {
        Likeness.VARIANT: 2, Likeness.PART: 2, Likeness.NEAR: 3, Likeness.INITIAL: 5, Likeness.SIMILAR: 8,
        Likeness.DIFFERENT: 9,
    }  # fmt: skip

    def __init__(self, people: People, label: str, columns: Sequence[str]) -> None:
        self._forenames = len(columns)
        extra = [column for column in ("middle_0", "surname_0") if column in people.codes]
        self._middle = len(columns) + extra.index("middle_0") if "middle_0" in extra else None
        self._surname = len(columns) + extra.index("surname_0") if "surname_0" in extra else None
        super().__init__(people, label, [*columns, *extra])

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        levels = self._best(left[: self._forenames], right[: self._forenames])
        if self._surname is not None:
            crossings = self._crossings((left[0], left[self._surname]), (right[0], right[self._surname]))
            levels[(crossings == 1) & (levels > 7)] = 7
            levels[(crossings == 2) & (levels > 6)] = 6
        if self._middle is not None:
            a, b = left[self._middle], right[self._middle]
            levels[((a >= 0) & (a == right[0]) | (b >= 0) & (b == left[0])) & (levels > 4)] = 4
        return levels


class Surname(Names):
    """Surnames, former and preferred ones included; part of a double-barrelled name is a level of its own."""

    ladder = SURNAME
    ranks: ClassVar[dict[Likeness, int]] = {
        Likeness.VARIANT: 3, Likeness.PART: 2, Likeness.NEAR: 3, Likeness.INITIAL: 4, Likeness.SIMILAR: 4,
        Likeness.DIFFERENT: 5,
    }  # fmt: skip

    def __init__(self, people: People, label: str, columns: Sequence[str]) -> None:
        self._surnames = len(columns)
        extra = ["forename_0"] if "forename_0" in people.codes else []
        super().__init__(people, label, [*columns, *extra])

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        levels = self._best(left[: self._surnames], right[: self._surnames])
        if len(left) > self._surnames:
            # The forename's levels `swapped` and `crossed` have said it all; a second time would count it twice.
            crossings = self._crossings((left[-1], left[0]), (right[-1], right[0]))
            levels[(crossings == 2) & (levels > 1) | (crossings == 1) & (levels > 4)] = MISSING
        return levels


class Middle(Names):
    """Middle names."""

    ladder = MIDDLE
    ranks: ClassVar[dict[Likeness, int]] = {
        Likeness.VARIANT: 2, Likeness.PART: 2, Likeness.NEAR: 2, Likeness.INITIAL: 3, Likeness.SIMILAR: 4,
        Likeness.DIFFERENT: 4,
    }  # fmt: skip

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        return self._best(left, right)
