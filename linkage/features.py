"""What every compared field has in common, and the fields that agree, nearly agree or do not (recordlinkage features).

Where a record has several values of a kind, the best level of any combination counts.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import product
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from linkage.dates import date_levels
from linkage.interfaces import BaseCompareFeature
from linkage.ladders import (
    BIRTH,
    BORN_ABOUT,
    CONTACT,
    EMAIL,
    EXACT,
    EXCLUSIVE,
    IDENTIFIER,
    KIN,
    MISSING,
    SEX,
    TEXT,
    Ladder,
)
from linkage.pairs import Pairs, in_pairs, pack, unpack
from linkage.records import People

Levels = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int32]


class Feature(BaseCompareFeature):  # type: ignore[misc]
    """A field compared on codes: `name`, its ladder, and the code columns that it reads.

    `by_equality`: whether two records agree only in one value of the first column, so that such pairs can be counted.
    """

    ladder: ClassVar[Ladder]
    by_equality: ClassVar[bool] = True

    def __init__(self, people: People, label: str, columns: Sequence[str]) -> None:
        super().__init__(list(columns), list(columns), label=label)
        self._people = people
        self._width = len(columns)

    def _compute_vectorized(self, *columns: Any) -> Levels:
        codes = [np.asarray(column) for column in columns]
        return self.levels(codes[: self._width], codes[self._width :])

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """The level of each pair, given the left and the right records' code columns."""
        raise NotImplementedError


def best_of(levels: Levels, other: Levels) -> Levels:
    """The better of two levels, missing being worse than any."""
    best: Levels = np.minimum(levels - np.uint8(1), other - np.uint8(1)) + np.uint8(1)
    return best


class Birth(Feature):
    """Dates of birth; where one is missing, whether the two are of one age group."""

    ladder = BIRTH

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        a, b = left[0], right[0]
        levels = np.zeros(len(a), np.uint8)
        both = np.flatnonzero((a >= 0) & (b >= 0))
        levels[both] = date_levels(a[both], b[both])
        if len(left) > 1:
            g, h = left[1], right[1]
            told = (levels == MISSING) & (g >= 0) & (h >= 0)
            levels[told] = np.where(g[told] == h[told], 9, 10)
        return levels


class BornAbout(Feature):
    """Where one date of birth is missing: how far the other is from when that person was most likely born.

    Only of people of one age group, as far as that is known: that a parent is no child is told by it already.
    """

    ladder = BORN_ABOUT
    by_equality = False
    # So many years off at most, level by level.
    _YEARS = (6, 10, 15)

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        (born, about), (other_born, other_about) = left[:2], right[:2]
        levels = np.zeros(len(born), np.uint8)
        groups = zip(left[2:], right[2:], strict=True)
        differ = np.logical_or.reduce([(g >= 0) & (h >= 0) & (g != h) for g, h in groups], axis=0)
        for dated, likely, undated in ((born, other_about, other_born), (other_born, about, born)):
            told = np.flatnonzero((dated >= 0) & (likely >= 0) & (undated < 0) & ~differ)
            years = np.abs(dated[told] // 10_000 - likely[told] // 10_000)
            levels[told] = np.searchsorted(self._YEARS, years).astype(np.uint8) + np.uint8(EXACT)
        return levels


class Same(Feature):
    """Fields that agree or do not."""

    ladder = SEX

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        last = len(self.ladder.levels) - 1
        found = (
            np.where((a | b) >= 0, np.where(a == b, np.uint8(EXACT), np.uint8(last)), np.uint8(MISSING))
            for a, b in product(left, right)
        )
        return reduce(best_of, found)


class Exclusive(Same):
    """Identifiers of which a person has one; a near one is no evidence, for numbers are issued in sequence."""

    ladder = EXCLUSIVE


class Text(Feature):
    """Texts that agree, nearly agree or do not: identifiers, categories, contact details."""

    ladder = TEXT

    def __init__(self, people: People, label: str, columns: Sequence[str]) -> None:
        super().__init__(people, label, columns)
        self._padded: dict[str, npt.NDArray[np.object_]] = {}

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        levels = np.zeros(len(left[0]), np.uint8)
        for (label, a), (other, b) in product(
            zip(self.labels_left, left, strict=True), zip(self.labels_left, right, strict=True)
        ):
            one = np.where((a >= 0) & (b >= 0), 3, MISSING).astype(np.uint8)
            one[self._near(label, other, a, b)] = 2
            one[(a >= 0) & self._equal(label, other, a, b)] = EXACT
            levels = best_of(levels, one)
        return levels

    def _equal(self, label: str, other: str, a: Codes, b: Codes) -> npt.NDArray[np.bool_]:
        equal: npt.NDArray[np.bool_] = a == b
        if label != other:
            equal = (b >= 0) & (self._texts(label)[a] == self._texts(other)[b])
        return equal

    def _near(self, label: str, other: str, a: Codes, b: Codes) -> npt.NDArray[np.bool_]:
        unequal = np.flatnonzero((a >= 0) & (b >= 0) & ((a != b) | (label != other)))
        near = np.zeros(len(a), bool)
        if label == other:
            unequal = unequal[self._worth_a_look(label, a[unequal], b[unequal])]
        keys = a[unequal].astype(np.int64) << 32 | b[unequal]
        index, distinct = pd.factorize(keys)
        left, right = self._texts(label)[distinct >> 32], self._texts(other)[distinct & 0xFFFFFFFF]
        near[unequal] = self._alike(left, right)[index]
        return near

    def _alike(self, left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        return cpdist(left, right, scorer=JaroWinkler.similarity, score_cutoff=0.9, dtype=np.float32) > 0

    def _worth_a_look(self, _label: str, a: Codes, _b: Codes) -> npt.NDArray[np.bool_]:
        """Which pairs of one column's values could be alike."""
        return np.ones(len(a), bool)

    def _texts(self, label: str) -> npt.NDArray[np.object_]:
        if label not in self._padded:
            self._padded[label] = np.append(self._people.vocabularies[label].texts, "")
        return self._padded[label]


class Identifier(Text):
    """A number that stands for a person, of which a person may have several."""

    ladder = IDENTIFIER

    def _worth_a_look(self, label: str, a: Codes, b: Codes) -> npt.NDArray[np.bool_]:
        return self._people.vocabularies[label].letters.may_be_one_slip(a, b)

    def _alike(self, left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        return cpdist(left, right, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8) <= 1


class Contact(Identifier):
    """A telephone number or an electronic address."""

    ladder = CONTACT


class Email(Contact):
    """An electronic address in a table without homes, where it is all that tells namesakes apart."""

    ladder = EMAIL


class Kin(Feature):
    """Whether two records share a relative, where the feeds say that both have some."""

    ladder = KIN

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        return self.told(pack(left[0], right[0]))

    def told(self, pairs: Pairs) -> Levels:
        """The level of each packed pair."""
        has_kin, shared = self._people.has_kin, self._people.shared_kin
        levels = np.zeros(len(pairs), np.uint8)
        if has_kin is None or shared is None:
            return levels
        left, right = unpack(pairs)
        both = np.flatnonzero(has_kin.take(left) & has_kin.take(right))
        levels[both] = np.where(in_pairs(pairs[both], shared), EXACT, 2)
        return levels
