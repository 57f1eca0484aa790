"""One table's records as persons: once by what they say, and where kin are known once more with them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from linkage.clusters import Clustering, Evidence, Grouped, cluster
from linkage.compared import Compared, Known, drawn
from linkage.comparisons import Levels, features_of
from linkage.connections import connect
from linkage.features import Kin
from linkage.kin import Ties, kinship, retold
from linkage.ladders import EXCLUSIVE, Role
from linkage.learning import Sample
from linkage.model import Model
from linkage.pairs import Pairs, order_of, unpack
from linkage.records import People
from linkage.rules import Rules
from linkage.scoring import Scorer
from linkage.spec import Settings
from linkage.training import TRAINING_PAIRS, sample_of, train
from linkage.vocabulary import Codes

Weights = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
_CLEARLY = 6.0  # bits beyond what joins two records, where only their numbers say that they are two
_SURELY = 3.0  # bits beyond what joins two records, so that no chain of doubtful pairs makes one person of a family
_ROUGHLY = 1e-3  # still enough for a model that only finds whose kin is whose


@dataclass(frozen=True, kw_only=True)
class Matched:
    """Records as persons: `group` is the position of each one's first record; `pairs` and `weights` those kept.

    `renumbered`: pairs that bear two numbers of which a person has one, though all else clearly says that they are one
    person; `regardless`: their weights as if the numbers were not known.
    """

    pairs: Pairs
    weights: Weights
    group: Codes
    renumbered: Pairs
    regardless: Weights


@dataclass(frozen=True, kw_only=True)
class Persons(Matched):
    """Matched records, in the order of their ids, their pairs sorted, and what weighs a pair of them."""

    people: People
    scorer: Scorer


@dataclass(frozen=True)
class Grown:
    """Pairs kept, sorted, their weights, and the clusters that they make."""

    pairs: Pairs
    weights: Weights
    grouped: Grouped


@dataclass(frozen=True, repr=False)
class Run:
    """One table's linking: once by what the records say, and where kin are known once more with them.

    `known`: the levels of pairs, before kinship is known. What a model says of the candidates among them is worked out
    once, whatever rules are tried on it.
    """

    people: People
    known: Known
    settings: Settings
    threads: int
    # By the identity of the model, which its scorer keeps: a hash would have every throw-away model written out.
    _weighed: dict[int, tuple[Pairs, Weights]] = field(default_factory=dict)
    _scorers: dict[int, Scorer] = field(default_factory=dict)

    def trained(self, ties: Callable[[], Ties] | None) -> Model:
        """A model of this table; kinship is learnt from the persons that a model without it roughly finds.

        `ties` is called when they are needed, so that they may be looked up meanwhile.
        """
        features = features_of(self.people)
        sample = sample_of(self.people, features, self.settings, threads=self.threads)
        if ties is None:
            return self._learnt([self.known.candidates], self.people, sample)
        model = self._learnt([self.known.candidates], self.people, sample, still=_ROUGHLY)
        tied = kinship(len(self.people), ties(), self._roughly(model)).told(self.people)
        return self._learnt([self.known.candidates, self._sharing(tied)], tied, sample, start=model)

    def _roughly(self, model: Model) -> Codes:
        """Records by the first one of their person, as far as pairs beyond doubt tell: enough to learn from."""
        pairs, weights = self.first_kept(model)
        sure = unpack(pairs[weights >= self.settings.same + _SURELY])
        return connect(len(self.people), *sure).astype(np.int32)

    def _learnt(self, parts: list[Compared], people: People, sample: Sample, **how: Any) -> Model:
        chosen = drawn(parts, TRAINING_PAIRS, np.random.default_rng(self.settings.seed))
        weight = sum(len(part) for part in parts) / max(len(chosen), 1)
        return train(_with_kin(chosen, people), features_of(people), replace(sample, weight=weight), **how)

    def first(self, model: Model, rules: Rules) -> Grown:
        """Who is who by what the records themselves say."""
        return self._grown(self._scorer(model), rules, *self.first_kept(model))

    def again(self, model: Model, rules: Rules, tied: People) -> Grown:
        """Who is who once it is known whose kin is whose."""
        sharing = self._sharing(tied)
        scorer = scorer_of(tied, model, self.known.of, threads=self.threads)
        return self._grown(scorer, rules, *self._told(model, scorer, tied, sharing))

    def candidates_again(self, model: Model, tied: People) -> tuple[Pairs, Weights]:
        """The candidates at or above the floor, and their weights, once it is known whose kin is whose."""
        scorer = scorer_of(tied, model, self.known.of, threads=self.threads)
        return self._told(model, scorer, tied, Compared.nothing(self.known.candidates.patterns.shape[1]))

    def _told(self, model: Model, scorer: Scorer, tied: People, sharing: Compared) -> tuple[Pairs, Weights]:
        # Where one of two has no kin the weight stands as it is: what is missing is neutral.
        candidates = self.known.candidates
        again = candidates.taken(retold(candidates.pairs, tied)).beside(sharing)
        pairs, weights = scorer.kept(_with_kin(again, tied), self.settings.floor)
        before, their_weights = self.first_kept(model)
        stands = ~retold(before, tied)
        return _in_order([before[stands], pairs], [their_weights[stands], weights])

    def renumbered(self, model: Model) -> tuple[Pairs, Weights]:
        """Candidates that bear two numbers of which a person has one, and how they weigh without these."""
        numbers = [row for row, feature in enumerate(features_of(self.people)) if feature.ladder is EXCLUSIVE]
        forgetting = self.known.candidates.forgetting(numbers, EXCLUSIVE.levels.index("different"))
        return self._scorer(model).kept(forgetting, self.settings.same + _CLEARLY)

    def _sharing(self, tied: People) -> Compared:
        """The pairs that share kin and are no candidates otherwise."""
        shared = np.empty(0, np.int64) if tied.shared_kin is None else tied.shared_kin
        return self.known.beyond(shared)

    def _scorer(self, model: Model) -> Scorer:
        if id(model) not in self._scorers:
            self._scorers[id(model)] = Scorer(
                self.people, features_of(self.people), model, self.known.of, threads=self.threads
            )
        return self._scorers[id(model)]

    def first_kept(self, model: Model) -> tuple[Pairs, Weights]:
        """The pairs at or above the floor, and their weights, by what the records themselves say."""
        scorer = self._scorer(model)
        if id(model) not in self._weighed:
            self._weighed[id(model)] = scorer.kept(self.known.candidates, self.settings.floor)
        return self._weighed[id(model)]

    def _grown(self, scorer: Scorer, rules: Rules, pairs: Pairs, weights: Weights) -> Grown:
        by = Clustering(self.settings.same)
        evidence = Evidence(pairs, weights, scorer.weights)
        return Grown(pairs, weights, cluster(len(self.people), evidence, rules, by))


def levels(people: People, patterns: Levels, counts: Floats) -> dict[str, list[float]]:
    """For each field, how many pairs stand on each level, where so many have each pattern; kinship is not told."""
    return {
        feature.label: np.bincount(column, counts, minlength=len(feature.ladder.levels)).tolist()
        for feature, column in zip(features_of(people), patterns.T, strict=True)
        if feature.ladder.role is not Role.KIN
    }


def scorer_of(tied: People, model: Model, compare: Callable[[Pairs], Compared], *, threads: int) -> Scorer:
    """What weighs pairs of people of whom it is known whose kin is whose; `compare` leaves kinship aside."""
    return Scorer(tied, features_of(tied), model, lambda pairs: _with_kin(compare(pairs), tied), threads=threads)


def untied(people: People) -> People:
    """People of whom it is not yet known whom they share."""
    return replace(people, has_kin=np.zeros(len(people), bool), shared_kin=np.empty(0, np.int64))


def _with_kin(compared: Compared, people: People) -> Compared:
    """The pairs as they compare once it is known whose kin is whose."""
    for row, feature in enumerate(features_of(people)):
        if isinstance(feature, Kin):
            return compared.told(row, feature.told(compared.pairs))
    return compared


def _in_order(pairs: list[Pairs], weights: list[Weights]) -> tuple[Pairs, Weights]:
    joined = np.concatenate(pairs)
    order = order_of(joined)
    return joined[order], np.concatenate(weights)[order]
