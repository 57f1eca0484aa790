"""Addresses compared as a whole, whichever parts of them two records have."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import OSA, Indel
from rapidfuzz.process import cpdist

from linkage.features import Feature
from linkage.ladders import ADDRESS, EXACT, MISSING, POSTCODE

Levels = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int32]
Texts = npt.NDArray[np.object_]

_FAR = 0.5  # streets less alike than this are different streets
_ALIKE = 0.85  # streets as alike as this are one street


class Address(Feature):
    """A whole address: property number, door, postcode, street, whichever of them the two records have."""

    ladder = ADDRESS
    by_equality = False
    parts = ("uprn", "dwelling", "postcode", "number", "unit", "street", "sector", "district")

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        a = dict(zip(self.labels_left, left, strict=True))
        b = dict(zip(self.labels_left, right, strict=True))
        same = {part: _agree(a.get(part), b.get(part), len(left[0])) for part in self.parts}
        known = self._known(a, b, len(left[0]))
        levels = np.where(known, 8, MISSING).astype(np.uint8)
        levels[known & same["district"]] = 7
        levels[known & same["sector"]] = 6
        unsettled = np.flatnonzero(known & ~same["dwelling"] & ~same["uprn"])
        alike = np.zeros(len(levels), np.float32)
        if "street" in a:
            least = np.where(same["number"][unsettled], _FAR, _ALIKE).astype(np.float32)
            alike[unsettled] = self._street_likeness(a["street"][unsettled], b["street"][unsettled], least)
        levels[known & (alike >= _ALIKE)] = 5
        # A slip in the postcode matters only where the street is alike.
        streets = np.flatnonzero((alike >= _FAR) & ~same["sector"])
        near_postcode = same["sector"] | self._postcode_typo(a, b, streets, len(levels))
        near = same["number"] & ((alike >= 0.75) | near_postcode & (alike >= _FAR)) | near_postcode & (alike >= _ALIKE)
        levels[near] = 4
        levels[same["postcode"] & (self._people.is_precise | (alike >= _ALIKE))] = 3
        levels[same["number"] & (same["postcode"] & self._people.is_precise | (alike >= 0.9))] = 2
        levels[same["dwelling"] | same["uprn"]] = EXACT
        return levels

    @staticmethod
    def _known(a: dict[str, Codes], b: dict[str, Codes], size: int) -> npt.NDArray[np.bool_]:
        """Both have an address, and of kinds that can be compared."""
        known = np.zeros(size, bool)
        for part in ("uprn", "postcode", "street"):
            if part in a:
                known |= (a[part] >= 0) & (b[part] >= 0)
        return known

    def _street_likeness(self, left: Codes, right: Codes, least: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """How alike the streets of each pair are; 0 where that cannot be the `least` that matters."""
        likeness = np.zeros(len(left), np.float32)
        likeness[(left >= 0) & (left == right)] = 1.0
        texts = self._people.vocabularies["street"].texts
        unequal = np.flatnonzero((left >= 0) & (right >= 0) & (left != right))
        letters = self._people.vocabularies["street"].letters
        unequal = unequal[letters.may_share(left[unequal], right[unequal], least[unequal])]
        keys = left[unequal].astype(np.int64) * len(texts) + right[unequal]
        index, distinct = pd.factorize(keys)
        a, b = np.divmod(distinct, len(texts))
        scores = _likeness(texts[a], texts[b], at_least=0.4)
        # Lines of an address change places.
        doubtful = np.flatnonzero((scores >= 0.4) & (scores < _ALIKE))
        ordered = self._people.vocabularies["street"].ordered
        again = _likeness(ordered[a[doubtful]], ordered[b[doubtful]], at_least=_FAR)
        scores[doubtful] = np.maximum(scores[doubtful], again)
        likeness[unequal] = scores[index]
        return likeness

    def _postcode_typo(
        self, a: dict[str, Codes], b: dict[str, Codes], rows: npt.NDArray[np.intp], size: int
    ) -> npt.NDArray[np.bool_]:
        typo = np.zeros(size, bool)
        if "postcode" in a:
            texts = self._people.vocabularies["postcode"].texts
            left, right = a["postcode"][rows], b["postcode"][rows]
            typo[rows] = _one_edit(texts, left, right)
        return typo


def _likeness(left: Texts, right: Texts, *, at_least: float) -> npt.NDArray[np.float32]:
    """How alike texts are, from nothing to one; 0 where it is less than asked for."""
    scores: npt.NDArray[np.float32] = cpdist(
        left, right, scorer=Indel.normalized_similarity, score_cutoff=at_least, dtype=np.float32
    )
    return scores


class Postcode(Feature):
    """A postcode where there is no more of the address."""

    ladder = POSTCODE

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        (a, sector, district), (b, other_sector, other_district) = left[:3], right[:3]
        levels = np.where((a >= 0) & (b >= 0), 5, MISSING).astype(np.uint8)
        levels[_agree(district, other_district, len(a))] = 4
        levels[_agree(sector, other_sector, len(a))] = 3
        levels[_one_edit(self._people.vocabularies["postcode"].texts, a, b)] = 2
        levels[(a >= 0) & (a == b)] = EXACT
        return levels


def _agree(a: Codes | None, b: Codes | None, size: int) -> npt.NDArray[np.bool_]:
    return np.zeros(size, bool) if a is None or b is None else (a >= 0) & (a == b)


def _one_edit(texts: npt.NDArray[np.object_], left: Codes, right: Codes) -> npt.NDArray[np.bool_]:
    result = np.zeros(len(left), bool)
    unequal = np.flatnonzero((left >= 0) & (right >= 0) & (left != right))
    index, distinct = pd.factorize(left[unequal].astype(np.int64) << 32 | right[unequal])
    a, b = texts[distinct >> 32], texts[distinct & 0xFFFFFFFF]
    result[unequal] = (cpdist(a, b, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8) <= 1)[index]
    return result
