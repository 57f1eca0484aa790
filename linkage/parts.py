"""Some records of a standing table as a table of their own, matched by the same code; its pairs by their places."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from linkage.compared import Compared, Known
from linkage.kin import Kinship
from linkage.pairs import Pairs, moved
from linkage.persons import Run, Weights
from linkage.records import People
from linkage.standing import By, Mask
from linkage.vocabulary import Codes

Weighed = tuple[Pairs, Weights]


@dataclass(frozen=True, repr=False)
class Part:
    """Some of the records as a table of their own, in the order of their ids; `at` tells each place's position here."""

    places: Codes
    at: Codes
    people: People

    @classmethod
    def of(cls, people: People, order: Codes, places: Codes) -> Self:
        """Those of some places that live; `people` by place, of whom `order` are the living by their ids."""
        chosen = order[marked(len(people), places)[order]]
        at = np.full(len(people), -1, np.int32)
        at[chosen] = np.arange(len(chosen), dtype=np.int32)
        return cls(chosen, at, people.among(chosen))

    def here(self, pairs: Compared) -> Compared:
        """Of pairs by place those that are of two records here."""
        # Few are: which ones is asked of the left side first, and of the other only where that is here.
        left, right = pairs.sides
        is_here = self.at >= 0
        some = np.flatnonzero(is_here.take(left))
        return pairs.taken(some[is_here.take(right[some])]).moved(self.at).in_order()

    def run(self, candidates: Compared, by: By, asked: Compared | None = None) -> Run:
        """The part to be matched by pairs of it."""
        return Run(self.people, Known(self.people, candidates, asked, threads=by.threads), by.settings, by.threads)

    def by_place(self, pairs: Pairs) -> Pairs:
        """Pairs here as pairs of places."""
        return moved(pairs, self.places)[0]


@dataclass(frozen=True, repr=False)
class Looked:
    """Pairs looked at: the part of the records that they are of, to be matched by them."""

    part: Part
    run: Run

    def by_place(self) -> Compared:
        """The pairs, by place."""
        candidates = self.run.known.candidates
        return replace(candidates, pairs=self.part.by_place(candidates.pairs))

    def weighed(self, by: By) -> Weighed:
        """Those at or above the floor, by place, and their weights."""
        pairs, weights = self.run.first_kept(by.model)
        return self.part.by_place(pairs), weights

    def weighed_again(self, kin: Kinship, by: By) -> Weighed:
        """The same once kinship is told."""
        tied = kin.among(self.part.places, self.part.at).told(self.part.people)
        pairs, weights = self.run.candidates_again(by.model, tied)
        return self.part.by_place(pairs), weights


def marked(size: int, places: Codes) -> Mask:
    """Which of so many places are among some."""
    among = np.zeros(size, bool)
    among[places] = True
    return among
