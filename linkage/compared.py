"""Candidate pairs compared once: what learns and what weighs reads the patterns found here, not the records again."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from linkage.comparisons import features_of, levels_of
from linkage.features import Feature, Levels
from linkage.ladders import MISSING
from linkage.pairs import Pairs, chunks, in_pairs, moved, order_of, pack, places_in, unpack
from linkage.patterns import Index, distinct_patterns, packed, together
from linkage.records import People
from linkage.vocabulary import used


@dataclass(frozen=True, repr=False)
class Compared:
    """Packed pairs, sorted where nothing else is said, and the pattern of each.

    `patterns[index]` is a row of levels, one for each field.
    """

    pairs: Pairs
    index: Index
    patterns: Levels

    @classmethod
    def of(cls, people: People, features: Sequence[Feature], pairs: Pairs, *, threads: int) -> Self:
        """Compare packed pairs, chunk by chunk on several threads."""
        radices = [len(feature.ladder.levels) for feature in features]

        def told(chunk: slice) -> tuple[Index, Levels]:
            return distinct_patterns(packed(levels_of(people, features, pairs[chunk]), radices), radices)

        with ThreadPoolExecutor(threads) as pool:
            return cls(pairs, *together(list(pool.map(told, chunks(len(pairs), threads))), radices))

    @classmethod
    def nothing(cls, fields: int) -> Self:
        """No pairs of so many fields."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int32), np.empty((0, fields), np.uint8))

    def __len__(self) -> int:
        return len(self.pairs)

    @property
    def counts(self) -> npt.NDArray[np.float64]:
        """How many of the pairs have each pattern."""
        return np.bincount(self.index, minlength=len(self.patterns)).astype(np.float64)

    def taken(self, chosen: npt.NDArray[Any] | slice) -> "Compared":
        """Some of the pairs."""
        return Compared(self.pairs[chosen], self.index[chosen], self.patterns)

    def among(self, pairs: Pairs) -> tuple["Compared", Pairs]:
        """Those of some sorted pairs that are compared here, and the others."""
        place, here = places_in(pairs, self.pairs)
        return self.taken(place[here]), pairs[~here]

    def joined(self, other: "Compared") -> "Compared":
        """These pairs and others that are not among them."""
        return self.beside(other).in_order()

    def in_order(self) -> "Compared":
        """The same pairs, sorted."""
        return self.taken(order_of(self.pairs))

    def beside(self, other: "Compared") -> "Compared":
        """These pairs and then the others, in no order."""
        index, patterns = other.index + np.int32(len(self.patterns)), np.concatenate([self.patterns, other.patterns])
        return replace(self, patterns=patterns).beside_like(replace(other, index=index, patterns=patterns))

    def beside_like(self, other: "Compared") -> "Compared":
        """These pairs and then others of the same patterns, in no order."""
        pairs, index = np.concatenate([self.pairs, other.pairs]), np.concatenate([self.index, other.index])
        return Compared(pairs, index, self.patterns)

    def moved(self, to: npt.NDArray[np.int32]) -> "Compared":
        """The pairs at the new places of their records, in no order; without those of which one is -1."""
        pairs, stay = moved(self.pairs, to)
        return Compared(pairs, self.index[stay], self.patterns)

    def compact(self, radices: Sequence[int]) -> tuple["Compared", Index]:
        """The same, each pattern once, and which of those each of the patterns here is."""
        index, patterns = distinct_patterns(packed(self.patterns, radices), radices)
        return Compared(self.pairs, index[self.index], patterns), index

    def forgetting(self, fields: Sequence[int], level: int) -> "Compared":
        """The pairs that stand on a level of any of some fields, as they compare if those fields were missing."""
        on_level = np.zeros(self.patterns.shape, bool)
        on_level[:, fields] = self.patterns[:, fields] == level
        forgotten = np.where(on_level, np.uint8(MISSING), self.patterns)
        found = np.logical_or.reduce(on_level, axis=1)
        return Compared(self.pairs, self.index, forgotten).taken(np.asarray(found)[self.index])

    def told(self, field: int, levels: Levels) -> "Compared":
        """The same pairs with other levels in one field."""
        radix = int(levels.max(initial=0)) + 1
        both = self.index * radix
        both += levels
        chosen, index = used(radix * len(self.patterns), [both])
        patterns = self.patterns[chosen // radix]
        patterns[:, field] = chosen % radix
        return Compared(self.pairs, index[both], patterns)


def compare(people: People, pairs: Pairs, *, threads: int) -> Compared:
    """Sorted pairs compared in all fields that the table allows."""
    left, right = unpack(pairs)
    told = np.zeros(len(people), bool)
    told[left] = told[right] = True
    rows = np.flatnonzero(told)
    if 2 * len(rows) > len(people):
        return Compared.of(people, features_of(people), pairs, threads=threads)
    few = people.among(rows)
    place = np.cumsum(told) - 1
    return replace(Compared.of(few, features_of(few), pack(place[left], place[right]), threads=threads), pairs=pairs)


class Known:
    """Every pair of a table compared so far, kinship left aside: a pair is compared once, whoever asks for it.

    `candidates`: those that blocking found. `asked`: others.
    """

    def __init__(self, people: People, candidates: Compared, asked: Compared | None = None, *, threads: int) -> None:
        self._people = people
        self.candidates = candidates
        self.asked = asked or Compared.nothing(candidates.patterns.shape[1])
        self._threads = threads

    def of(self, pairs: Pairs) -> Compared:
        """Sorted pairs, each once, as they compare."""
        found, others = self.candidates.among(pairs)
        return found.joined(self._of_others(others))

    def beyond(self, pairs: Pairs) -> Compared:
        """Those of sorted pairs, each once, that are no candidates, as they compare."""
        return self._of_others(pairs[~in_pairs(pairs, self.candidates.pairs)])

    def _of_others(self, pairs: Pairs) -> Compared:
        found, missing = self.asked.among(pairs)
        if not len(missing):
            return found
        compared = compare(self._people, missing, threads=self._threads)
        self.asked = self.asked.joined(compared)
        return found.joined(compared)


def drawn(parts: Sequence[Compared], size: int, chooser: np.random.Generator) -> Compared:
    """At most so many pairs, drawn from all the parts together."""
    total = sum(len(part) for part in parts)
    chosen = np.sort(chooser.choice(total, size, replace=False)) if total > size else np.arange(total)
    places = np.split(chosen, np.searchsorted(chosen, np.cumsum([len(part) for part in parts])[:-1]))
    start, found = 0, parts[0].taken(places[0])
    for part, place, before in zip(parts[1:], places[1:], parts[:-1], strict=True):
        start += len(before)
        found = found.joined(part.taken(place - start))
    return found
