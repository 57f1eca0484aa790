"""Some records of a standing table as a table of their own, matched by the same code; its pairs by their places."""

from dataclasses import dataclass, replace
from functools import reduce
from typing import Self

import numpy as np

from linkage.compared import Compared, Known
from linkage.kin import Kinship
from linkage.pairs import Pairs, both_of, moved
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

    def here(self, *layers: Compared) -> Compared:
        """Of pairs by place, in layers of the same patterns, those that are of two records here."""
        is_here = self.at >= 0
        found = [layer.taken(np.flatnonzero(both_of(layer.pairs, is_here))) for layer in layers]
        return reduce(Compared.beside_like, found).moved(self.at).in_order()

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
