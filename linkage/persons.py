"""One table's records as persons: once by what they say, and where kin are known once more with them."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from linkage.clusters import Clustering, Evidence, cluster
from linkage.comparisons import Levelled, features_of
from linkage.kin import Ties, retold, tie
from linkage.ladders import Role
from linkage.model import Model
from linkage.pairs import Pairs, as_index
from linkage.records import Codes, People
from linkage.rules import Rules
from linkage.scoring import Scorer
from linkage.spec import Settings
from linkage.training import sample_of, train

Weights = npt.NDArray[np.float32]
_SAMPLE = 200_000


@dataclass(frozen=True)
class Persons:
    """Records as persons: `group` is the position of each one's first record; `pairs` and `weights` those kept."""

    people: People
    scorer: Scorer
    pairs: Pairs
    weights: Weights
    group: Codes


@dataclass(frozen=True)
class Run:
    """One table's linking: once by what the records say, and where kin are known once more with them."""

    people: People
    candidates: Pairs
    rules: Rules
    ties: Ties | None
    settings: Settings
    threads: int

    def trained(self) -> Model:
        """A model of this table; kinship is learnt from the persons that a model without it finds."""
        features = features_of(self.people)
        sample = sample_of(self.people, features, self.settings)
        model = train(self.people, features, self.candidates, sample, self.settings)
        if self.ties is None:
            return model
        tied = tie(self.people, self.ties, self._first(model).group)
        return train(tied, features_of(tied), self._with_shared(tied), sample, self.settings)

    def levels(self) -> dict[str, list[float]]:
        """For each field, how many of a sample of candidate pairs stand on each level; kinship is not known yet."""
        chooser = np.random.default_rng(self.settings.seed)
        size = min(len(self.candidates), _SAMPLE)
        chosen = self.candidates[np.sort(chooser.choice(len(self.candidates), size, replace=False))]
        features = [feature for feature in features_of(self.people) if feature.ladder.role is not Role.KIN]
        levels = Levelled(features).compute(as_index(chosen, self.people.codes.index), self.people.codes)
        return {f.label: np.bincount(levels[f.label], minlength=len(f.ladder.levels)).tolist() for f in features}

    def persons(self, model: Model) -> Persons:
        """Who is who by a model."""
        first = self._first(model)
        if self.ties is None:
            return first
        tied = tie(self.people, self.ties, first.group)
        scorer = Scorer(tied, features_of(tied), model, threads=self.threads)
        # Where one of two has no kin the weight stands as it is: what is missing is neutral.
        candidates = self._with_shared(tied)
        pairs, weights = scorer.kept(candidates[retold(candidates, tied)], self.settings.floor)
        stands = ~retold(first.pairs, tied)
        pairs, weights = _in_order([first.pairs[stands], pairs], [first.weights[stands], weights])
        return self._grouped(tied, scorer, pairs, weights)

    def _first(self, model: Model) -> Persons:
        scorer = Scorer(self.people, features_of(self.people), model, threads=self.threads)
        return self._grouped(self.people, scorer, *scorer.kept(self.candidates, self.settings.floor))

    def _with_shared(self, tied: People) -> Pairs:
        return self.candidates if tied.shared_kin is None else np.union1d(self.candidates, tied.shared_kin)

    def _grouped(self, people: People, scorer: Scorer, pairs: Pairs, weights: Weights) -> Persons:
        by = Clustering(self.settings.same)
        group = cluster(len(people), Evidence(pairs, weights, scorer.weights), self.rules, by)
        return Persons(people, scorer, pairs, weights, group)


def untied(people: People) -> People:
    """People of whom it is not yet known whom they share."""
    return replace(people, has_kin=np.zeros(len(people), bool), shared_kin=np.empty(0, np.int64))


def _in_order(pairs: list[Pairs], weights: list[Weights]) -> tuple[Pairs, Weights]:
    joined = np.concatenate(pairs)
    order = np.argsort(joined)
    return joined[order], np.concatenate(weights)[order]
