"""The classifier: matches against several kinds of non-match, not against strangers alone (a recordlinkage classifier).

People of one household agree on surname and home, namesakes on their names, twins on the date of birth too. A model of
two classes takes the household for the match. Here each kind of non-match is free in the fields that it shares, or as
alike as a match where that is known of it, and elsewhere behaves as strangers do; a score sets the match against all of
them together. Strangers' number is not estimated but counted, every pair of records that is nothing else; and that of
namesakes, every other pair of one name, where blocking left them out.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from linkage.errors import TrainingError
from linkage.interfaces import BaseClassifier
from linkage.ladders import Ladder
from linkage.learning import STILL, Learning, Sample
from linkage.model import Model
from linkage.patterns import distinct_patterns, distinct_rows, packed

Levels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Weights = npt.NDArray[np.float32]

RARITY_STEPS = 8  # rarity is held in eighths of a bit
RARITY_LIMIT = 6  # bits
_TINY = 1e-7


class Mixture(BaseClassifier):  # type: ignore[misc]
    """Learns a Model from level vectors (`fit`), and weighs level vectors by one (`prob`, `predict`, `weights`)."""

    def __init__(
        self, ladders: dict[str, Ladder], *, model: Model | None = None, sample: Sample | None = None, same: float = 0.0
    ):
        self._ladders = ladders
        self._sample = sample
        self._same = same
        self.model = model
        if model is not None:
            self._prepare(model)

    # Learning

    def _fit(self, vectors: Levels, _matches: object = None) -> None:
        self.learn(*patterns_of(vectors[:, : len(self._ladders)]))

    def learn(self, patterns: Levels, counts: Floats, *, start: Model | None = None, still: float = STILL) -> Model:
        """Learn from distinct level vectors and how many pairs have each, at first as a like model says."""
        self.model = Learning(self._ladders, self._required(), patterns, counts, start=start).model(still=still)
        self._prepare(self.model)
        return self.model

    def _required(self) -> Sample:
        if self._sample is None:
            raise TrainingError("a classifier without a sample cannot learn; give it one, or a model.")
        return self._sample

    @property
    def trained(self) -> Model:
        """The model learnt or given; raises TrainingError where there is none yet."""
        if self.model is None:
            raise TrainingError("the classifier has no model yet; fit it first.")
        return self.model

    # Weighing

    def _prepare(self, model: Model) -> None:
        names = list(self._ladders)
        self.tables = _tables(model)
        self.rare_fields = [row for row, ladder in enumerate(self._ladders.values()) if ladder.rarity]
        inherited = [[names[f] not in kind.inherits for kind in model.non_matches] for f in self.rare_fields]
        self.rarity_counts = np.array(inherited, float).reshape(len(self.rare_fields), len(model.non_matches))

    def class_logs(self, patterns: Levels) -> tuple[Floats, Floats]:
        """log2 of the expected number of pairs of each pattern: as matches, and a column for each kind of non-match."""
        logs = np.zeros((len(patterns), self.tables[0].shape[1]))
        for field, table in enumerate(self.tables):
            logs += table[patterns[:, field]]
        logs += np.log2([self.trained.matches, *(kind.pairs for kind in self.trained.non_matches)])
        return logs[:, 0], logs[:, 1:]

    def weights(self, vectors: Levels) -> Weights:
        """log2 odds of each level vector, its rarities in the columns after the levels."""
        fields = len(self._ladders)
        index, first = distinct_rows(vectors[:, :fields], [len(ladder.levels) for ladder in self._ladders.values()])
        match, others = self.class_logs(vectors[first, :fields])
        return self.odds(match, others, index, vectors[:, fields:])

    def best(self, match: Floats, others: Floats) -> Floats:
        """The most that pairs of each pattern can weigh, however rare the values that they agree on."""
        best: Floats = match - log2_sum(others - RARITY_LIMIT * len(self.rare_fields))
        return best

    def odds(self, match: Floats, others: Floats, index: npt.NDArray[Any], rarities: Levels) -> Weights:
        """log2 odds of pairs of patterns, each with its rarities; the same whatever pairs are weighed beside it."""
        columns = []
        steps = (rarities.astype(np.int16) - 128) / RARITY_STEPS
        for kind in range(others.shape[1]):
            column = others[index, kind]
            for rare, inherited in enumerate(self.rarity_counts[:, kind]):
                if inherited:
                    column = column + steps[:, rare] * inherited
            columns.append(column)
        top = np.maximum.reduce(columns)
        total = np.zeros(len(top))
        for column in columns:
            total += np.exp2(column - top)
        weights: Weights = (match[index] - top - np.log2(total)).astype(np.float32)
        return weights

    def steps(self, vectors: Levels) -> Floats:
        """How each level vector's weight comes about; rows add up to the weight.

        First the weight before anything is known, then what each field adds, in order, given those before it.
        """
        rarity = (vectors[:, len(self._ladders) :].astype(np.int16) - 128) / RARITY_STEPS
        nothing = np.zeros((len(vectors), 1))
        match = nothing[:, 0] + np.log2(self.trained.matches)
        others = nothing + np.log2([kind.pairs for kind in self.trained.non_matches])
        running = [match - log2_sum(others)]
        for row, table in enumerate(self.tables):
            match = match + table[vectors[:, row], 0]
            others = others + table[vectors[:, row], 1:]
            if row in self.rare_fields:
                column = self.rare_fields.index(row)
                others = others + rarity[:, [column]] * self.rarity_counts[column]
            running.append(match - log2_sum(others))
        return np.diff(np.column_stack(running), axis=1, prepend=0.0)

    def classes(self, vector: Levels) -> dict[str, float]:
        """How likely one level vector is each kind of pair; the shares add up to one."""
        match, others = self.class_logs(vector[None, : len(self._ladders)])
        logs = np.concatenate([match, others[0]])
        shares = np.exp2(logs - logs.max())
        names = ["match", *(kind.name for kind in self.trained.non_matches)]
        return dict(zip(names, (shares / shares.sum()).tolist(), strict=True))

    def _prob_match(self, vectors: Levels) -> Floats:
        return probability(self.weights(vectors))

    def _predict(self, vectors: Levels) -> npt.NDArray[np.int64]:
        return (self.weights(vectors) >= self._same).astype(np.int64)


def probability(weights: npt.NDArray[Any]) -> Floats:
    """log2 odds as probabilities."""
    return 1.0 / (1.0 + np.exp2(-np.asarray(weights, np.float64)))


def patterns_of(levels: Levels) -> tuple[Levels, Floats]:
    """Distinct level vectors in their natural order, and how many pairs have each."""
    radices = [int(levels[:, field].max(initial=0)) + 1 for field in range(levels.shape[1])]
    index, patterns = distinct_patterns(packed(levels, radices), radices)
    return patterns, np.bincount(index, minlength=len(patterns)).astype(np.float64)


def _tables(model: Model) -> list[Floats]:
    """For each field, log2 of the share on each level (rows) of matches and of each kind of non-match (columns)."""
    tables = []
    for field in model.fields:
        columns = [field.match, *(kind.shares.get(field.name, field.chance) for kind in model.non_matches)]
        tables.append(np.log2(np.maximum(np.array(columns).T, _TINY**2)))
    return tables


def log2_sum(logs: Floats) -> Floats:
    """log2 of the sum of each row's powers of two."""
    top = logs.max(axis=1)
    total: Floats = top + np.log2(np.exp2(logs - top[:, None]).sum(axis=1))
    return total
