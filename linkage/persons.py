"""One table's records as persons: once by what they say, and where kin are known once more with them."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from linkage.clusters import Clustering, Evidence, cluster
from linkage.compared import Compared, Known, drawn
from linkage.comparisons import features_of, levels_of
from linkage.kin import Ties, retold, tie
from linkage.ladders import EXCLUSIVE, Role
from linkage.learning import Sample
from linkage.model import Model
from linkage.pairs import Pairs, in_pairs
from linkage.records import People
from linkage.rules import Rules
from linkage.scoring import Scorer
from linkage.spec import Settings
from linkage.training import TRAINING_PAIRS, sample_of, train
from linkage.vocabulary import Codes

Weights = npt.NDArray[np.float32]
_CLEARLY = 6.0  # bits beyond what joins two records, where only their numbers say that they are two
_ROUGHLY = 1e-3  # still enough for a model that only finds whose kin is whose


@dataclass(frozen=True)
class Persons:
    """Records as persons: `group` is the position of each one's first record; `pairs` and `weights` those kept.

    `renumbered`: pairs, sorted, that bear two numbers of which a person has one, though all else clearly says that they
    are one person; `regardless`: their weights as if the numbers were not known.
    """

    people: People
    scorer: Scorer
    pairs: Pairs
    weights: Weights
    group: Codes
    renumbered: Pairs = field(default_factory=lambda: np.empty(0, np.int64))
    regardless: Weights = field(default_factory=lambda: np.empty(0, np.float32))


@dataclass(frozen=True, repr=False)
class Run:
    """One table's linking: once by what the records say, and where kin are known once more with them.

    `known`: the levels of pairs, before kinship is known. What a model says of the candidates among them is worked out
    once, whatever rules are tried on it.
    """

    people: People
    known: Known
    ties: Ties | None
    settings: Settings
    threads: int
    _weighed: dict[str, tuple[Pairs, Weights]] = field(default_factory=dict)

    def trained(self, rules: Rules) -> Model:
        """A model of this table; kinship is learnt from the persons that a model without it finds."""
        features = features_of(self.people)
        sample = sample_of(self.people, features, self.settings, threads=self.threads)
        if self.ties is None:
            return self._learnt([self.known.candidates], self.people, sample)
        model = self._learnt([self.known.candidates], self.people, sample, still=_ROUGHLY)
        tied = tie(self.people, self.ties, self._first(model, rules).group)
        return self._learnt([self.known.candidates, self._sharing(tied)], tied, sample, start=model)

    def _learnt(self, parts: list[Compared], people: People, sample: Sample, **how: Any) -> Model:
        chosen = drawn(parts, TRAINING_PAIRS, np.random.default_rng(self.settings.seed))
        weight = sum(len(part) for part in parts) / max(len(chosen), 1)
        return train(_with_kin(chosen, people), features_of(people), replace(sample, weight=weight), **how)

    def levels(self) -> dict[str, list[float]]:
        """For each field, how many of the candidate pairs stand on each level; kinship is not known yet."""
        counts = self.known.candidates.counts
        return {
            feature.label: np.bincount(column, counts, minlength=len(feature.ladder.levels)).tolist()
            for feature, column in zip(features_of(self.people), self.known.candidates.patterns.T, strict=True)
            if feature.ladder.role is not Role.KIN
        }

    def persons(self, model: Model, rules: Rules) -> Persons:
        """Who is who by a model and the rules."""
        first = self._first(model, rules)
        if self.ties is None:
            return self._asking(first)
        tied = tie(self.people, self.ties, first.group)
        scorer = Scorer(tied, features_of(tied), model, lambda pairs: _with_kin(self.known.of(pairs), tied))
        # Where one of two has no kin the weight stands as it is: what is missing is neutral.
        candidates = self.known.candidates
        again = candidates.taken(retold(candidates.pairs, tied)).joined(self._sharing(tied))
        pairs, weights = scorer.kept(_with_kin(again, tied), self.settings.floor)
        stands = ~retold(first.pairs, tied)
        pairs, weights = _in_order([first.pairs[stands], pairs], [first.weights[stands], weights])
        return self._asking(self._grouped(scorer, rules, tied, pairs, weights))

    def _sharing(self, tied: People) -> Compared:
        """The pairs that share kin and are no candidates otherwise."""
        shared = np.empty(0, np.int64) if tied.shared_kin is None else tied.shared_kin
        return self.known.of(shared[~in_pairs(shared, self.known.candidates.pairs)])

    def _first(self, model: Model, rules: Rules) -> Persons:
        scorer = Scorer(self.people, features_of(self.people), model, self.known.of)
        if model.sha256 not in self._weighed:
            self._weighed[model.sha256] = scorer.kept(self.known.candidates, self.settings.floor)
        return self._grouped(scorer, rules, self.people, *self._weighed[model.sha256])

    def _grouped(self, scorer: Scorer, rules: Rules, people: People, pairs: Pairs, weights: Weights) -> Persons:
        by = Clustering(self.settings.same)
        group = cluster(len(people), Evidence(pairs, weights, scorer.weights), rules, by)
        return Persons(people, scorer, pairs, weights, group)

    def _asking(self, persons: Persons) -> Persons:
        numbers = [row for row, feature in enumerate(features_of(persons.people)) if feature.ladder is EXCLUSIVE]
        forgetting = self.known.candidates.forgetting(numbers, EXCLUSIVE.levels.index("different"))
        pairs, weights = persons.scorer.kept(forgetting, self.settings.same + _CLEARLY)
        return replace(persons, renumbered=pairs, regardless=weights)


def untied(people: People) -> People:
    """People of whom it is not yet known whom they share."""
    return replace(people, has_kin=np.zeros(len(people), bool), shared_kin=np.empty(0, np.int64))


def _with_kin(compared: Compared, people: People) -> Compared:
    """The pairs as they compare once it is known whose kin is whose."""
    features = features_of(people)
    kin = [row for row, feature in enumerate(features) if feature.ladder.role is Role.KIN]
    return compared.told(kin[0], levels_of(people, [features[kin[0]]], compared.pairs)[:, 0]) if kin else compared


def _in_order(pairs: list[Pairs], weights: list[Weights]) -> tuple[Pairs, Weights]:
    joined = np.concatenate(pairs)
    order = np.argsort(joined)
    return joined[order], np.concatenate(weights)[order]
