"""The classifier: matches against several kinds of non-match, not against strangers alone (a recordlinkage classifier).

People of one household agree on surname and home, namesakes on their names, twins on the date of birth too. A model of two
classes takes the household for the match. Here each kind of non-match is free in the fields that it shares and elsewhere
behaves as strangers do; a score sets the match against all of them together. Strangers' number is not estimated but
counted: every pair of records that is nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from recordlinkage.base import BaseClassifier

from linkage.comparisons import MISSING, Ladder, Role
from linkage.errors import TrainingError
from linkage.model import Field, Model, NonMatch, rounded

Levels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

RARITY_STEPS = 8  # rarity is held in eighths of a bit
RARITY_LIMIT = 6  # bits
_ROUNDS = 150
_TINY = 1e-7
_FEW_MATCHES = 100
_STRANGERS = 1_000.0


@dataclass(frozen=True)
class Kind:
    """A kind of non-match: the roles in which it is unlike strangers, and how many per record at first."""

    name: str
    shares: frozenset[Role]
    inherits: frozenset[Role]
    per_record: float


_HOME = frozenset({Role.SURNAME, Role.HOME, Role.KIN})
KINDS = (
    Kind("household", _HOME, _HOME, 0.5),
    Kind("twins", _HOME | {Role.BIRTH}, _HOME, 0.01),
    Kind("namesakes at home", _HOME | {Role.FORENAME, Role.SEX}, _HOME | {Role.FORENAME}, 0.01),
    Kind("namesakes", frozenset({Role.FORENAME, Role.SURNAME, Role.SEX}), frozenset(), 0.1),
    Kind("same date of birth", frozenset({Role.BIRTH}), frozenset(), 0.1),
)


@dataclass
class Sample:
    """What the classifier learns from, beside the pairs. `chance`: for each field, random pairs on each level, scaled to
    all pairs there are. `weight`: how many pairs each training pair stands for. `priors`: strength of what is expected.
    """

    records: int
    all_pairs: float
    chance: list[Floats]
    weight: float
    frequencies: dict[str, dict[str, float]]
    rare: dict[str, float]


class Mixture(BaseClassifier):  # type: ignore[misc]
    """Learns a Model from level vectors (`fit`), and weighs level vectors by one (`prob`, `predict`, `weights`)."""

    def __init__(self, ladders: dict[str, Ladder], *, model: Model | None = None, sample: Sample | None = None, same: float = 0.0):
        self._ladders = ladders
        self._sample = sample
        self._same = same
        self.model = model
        if model is not None:
            self._prepare(model)

    # Learning

    def _fit(self, vectors: Levels, y: object = None) -> None:
        levels = vectors[:, : len(self._ladders)]
        patterns, counts = patterns_of(levels)
        self.model = _Learning(self._ladders, self._required(), patterns, counts).model()
        self._prepare(self.model)

    def _required(self) -> Sample:
        if self._sample is None:
            raise TrainingError("a classifier without a sample cannot learn; give it one, or a model.")
        return self._sample

    # Weighing

    def _prepare(self, model: Model) -> None:
        names = list(self._ladders)
        self.tables = _tables(model)
        self._match_pairs = np.log2(model.matches)
        self.rare_fields = [row for row, ladder in enumerate(self._ladders.values()) if ladder.rarity]
        inherited = [[names[f] not in kind.inherits for kind in model.non_matches] for f in self.rare_fields]
        self.rarity_counts = np.array(inherited, float).reshape(len(self.rare_fields), len(model.non_matches))

    def class_logs(self, patterns: Levels) -> tuple[Floats, Floats]:
        """log2 of the expected number of pairs of each pattern: as matches (P), and as each kind of non-match (P × K)."""
        logs = np.zeros((len(patterns), self.tables[0].shape[1]))
        for field, table in enumerate(self.tables):
            logs += table[patterns[:, field]]
        logs += np.log2([self.model.matches, *(kind.pairs for kind in self.model.non_matches)])  # type: ignore[union-attr]
        return logs[:, 0], logs[:, 1:]

    def weights(self, vectors: Levels, *, floor: float = -np.inf) -> npt.NDArray[np.float32]:
        """log2 odds of each level vector; -inf for those that cannot reach the floor."""
        fields = len(self._ladders)
        index, first = distinct_rows(vectors[:, :fields], [len(ladder.levels) for ladder in self._ladders.values()])
        match, others = self.class_logs(vectors[first, :fields])
        best = match - log2_sum(others - RARITY_LIMIT * len(self.rare_fields))
        promising = np.flatnonzero((best >= floor)[index])
        weights = np.full(len(vectors), -np.inf, np.float32)
        if len(promising):
            chosen = index[promising]
            rarity = (vectors[promising, fields:].astype(np.int16) - 128) / RARITY_STEPS
            weights[promising] = match[chosen] - log2_sum(others[chosen] + rarity @ self.rarity_counts)
        return weights

    def ceilings(self, quick: Levels, fields: Sequence[int]) -> Floats:
        """The most that pairs can weigh of which only the quick levels of some fields are known.

        A score is at most the match against any one kind of non-match, each field not yet known at its best. Level 2 of a
        glance at a name stands for any that is not exact, 3 for any at all.
        """
        index, first = distinct_rows(quick, [int(column.max(initial=0)) + 1 for column in quick.T])
        patterns = quick[first]
        best = np.log2(self.model.matches) - np.log2([kind.pairs for kind in self.model.non_matches])  # type: ignore[union-attr]
        total = np.tile(best, (len(patterns), 1))
        for field, table in enumerate(self.tables):
            odds = table[:, :1] - table[:, 1:]
            if field in self.rare_fields:
                odds[1] += RARITY_LIMIT * self.rarity_counts[self.rare_fields.index(field)]
            if field in fields:
                glance = np.vstack([odds[0], odds[1], odds[2:].max(axis=0), odds.max(axis=0)])
                known = odds if self._ladder(field).role not in {Role.FORENAME, Role.SURNAME} else glance
                total += known[patterns[:, fields.index(field)]]
            else:
                total += odds.max(axis=0)
        return total.min(axis=1)[index]

    def _ladder(self, field: int) -> Ladder:
        return list(self._ladders.values())[field]

    def _prob_match(self, vectors: Levels) -> Floats:
        return probability(self.weights(vectors))

    def _predict(self, vectors: Levels) -> npt.NDArray[np.int64]:
        return (self.weights(vectors) >= self._same).astype(np.int64)


def probability(weights: npt.NDArray[Any]) -> Floats:
    """log2 odds as probabilities."""
    return 1.0 / (1.0 + np.exp2(-np.asarray(weights, np.float64)))


def distinct_rows(levels: Levels, radices: Sequence[int]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Which distinct row each row is, and where each distinct one first stands."""
    code = np.zeros(len(levels), np.int64)
    span = 1
    for field, radix in enumerate(radices):
        if span * radix >= 2**62:
            code, span = pd.factorize(code)[0].astype(np.int64), len(levels) + 1
        code += levels[:, field].astype(np.int64) * span
        span *= radix
    index, distinct = pd.factorize(code)
    first = np.zeros(len(distinct), np.intp)
    first[index[::-1]] = np.arange(len(index))[::-1]
    return index, first


def patterns_of(levels: Levels) -> tuple[Levels, Floats]:
    """Distinct level vectors in their natural order, and how many pairs have each."""
    radices = [int(levels[:, field].max(initial=0)) + 1 for field in range(levels.shape[1])]
    index, first = distinct_rows(levels, radices)
    patterns = levels[first]
    order = np.lexsort(patterns.T[::-1])
    return patterns[order], np.bincount(index, minlength=len(first))[order].astype(np.float64)


def _tables(model: Model) -> list[Floats]:
    """For each field, log2 of the share on each level (rows) of matches and of each kind of non-match (columns)."""
    tables = []
    for field in model.fields:
        columns = [field.match, *(kind.shares.get(field.name, field.chance) for kind in model.non_matches)]
        tables.append(np.log2(np.maximum(np.array(columns).T, _TINY**2)))
    return tables


def log2_sum(logs: Floats) -> Floats:
    top = logs.max(axis=1)
    return top + np.log2(np.exp2(logs - top[:, None]).sum(axis=1))


class _Learning:
    """Expectation and maximisation over patterns."""

    def __init__(self, ladders: dict[str, Ladder], sample: Sample, patterns: Levels, counts: Floats) -> None:
        self._ladders = ladders
        self._sample = sample
        self._patterns = patterns
        self._counts = counts * sample.weight
        self._all = [_with_strangers(counts, ladder) for counts, ladder in zip(sample.chance, ladders.values(), strict=True)]
        self._chance = [_normal(shares, ladder) for shares, ladder in zip(self._all, ladders.values(), strict=True)]
        self._match = [np.array(ladder.expected) for ladder in ladders.values()]
        self._matches = 0.3 * sample.records
        self._pairs = np.array([kind.per_record * sample.records for kind in KINDS])
        self._shares = [[self._first_shares(kind, f) for f in range(len(ladders))] for kind in KINDS]

    def _first_shares(self, kind: Kind, field: int) -> Floats | None:
        ladder = list(self._ladders.values())[field]
        if ladder.role not in kind.shares:
            return None
        mixed = 0.7 * np.array(ladder.expected) + 0.3 * self._chance[field]
        return _normal(mixed, ladder)

    def model(self) -> Model:
        """Learn until the number of matches stands still."""
        before = 0.0
        for _ in range(_ROUNDS):
            belongs = self._expect()
            self._maximise(belongs)
            if abs(self._matches - before) <= 1e-5 * self._matches:
                break
            before = self._matches
        self._check()
        return self._as_model(belongs)

    def _expect(self) -> Floats:
        """How much of each pattern's pairs belongs to: matches, each kind, strangers."""
        logs = np.zeros((len(self._patterns), len(KINDS) + 2))
        for f in range(len(self._ladders)):
            columns = [self._match[f], *(kind[f] if kind[f] is not None else self._chance[f] for kind in self._shares)]
            table = np.log2(np.maximum(np.array([*columns, self._chance[f]]).T, _TINY**2))
            table[MISSING] = 0.0
            logs += table[self._patterns[:, f]]
        logs += np.log2(np.maximum([self._matches, *self._pairs, self._sample.all_pairs], _TINY))
        logs -= logs.max(axis=1, keepdims=True)
        shares: Floats = np.exp2(logs)
        return shares / shares.sum(axis=1, keepdims=True) * self._counts[:, None]

    def _maximise(self, belongs: Floats) -> None:
        self._matches = max(float(belongs[:, 0].sum()), 1.0)
        self._pairs = np.maximum(belongs[:, 1:-1].sum(axis=0), 1e-3)
        for f, ladder in enumerate(self._ladders.values()):
            held = np.array([
                np.bincount(self._patterns[:, f], belongs[:, c], minlength=len(ladder.levels)) for c in range(belongs.shape[1])
            ])
            self._match[f] = _normal(held[0] + self._prior(ladder), ladder)
            for c in range(len(KINDS)):
                if self._shares[c][f] is not None:
                    self._shares[c][f] = _normal(held[c + 1] + 5.0 * self._chance[f] + 2.0 * np.array(ladder.expected), ladder)
            # Strangers agree as often as all pairs do, less the pairs now known not to be strangers.
            raw = self._all[f]
            self._chance[f] = _normal(np.maximum(raw - held[:4].sum(axis=0), 0.02 * raw), ladder)

    def _prior(self, ladder: Ladder) -> Floats:
        return 20.0 * np.array(ladder.expected)

    def _check(self) -> None:
        """Refuse a model in which matches do not agree on who a person is more than any kind of non-match does."""
        if self._matches < _FEW_MATCHES:  # the expected shares have decided, not the data
            return
        for f, (name, ladder) in enumerate(self._ladders.items()):
            if ladder.role in {Role.FORENAME, Role.BIRTH, Role.IDENTIFIER} and self._match[f][1] <= 3 * self._chance[f][1]:
                msg = (
                    f"training failed: matches agree on {name} hardly more often than strangers do. "
                    f"Check the kinds declared, or link with a model trained on a larger table."
                )
                raise TrainingError(msg)

    def _as_model(self, belongs: Floats) -> Model:
        fields = tuple(
            Field(name, ladder.levels, _kept(self._match[f]), _kept(self._chance[f]))
            for f, (name, ladder) in enumerate(self._ladders.items())
        )
        kinds = [
            NonMatch(kind.name, rounded(self._pairs[c]), self._kept_shares(c), self._named(kind.inherits))
            for c, kind in enumerate(KINDS)
        ]
        strangers = NonMatch("strangers", rounded(self._sample.all_pairs), {}, frozenset())
        return Model(
            self._sample.records, rounded(self._matches), fields, (*kinds, strangers),
            self._sample.frequencies, self._sample.rare, self._profile(),
        )  # fmt: skip

    def _kept_shares(self, kind: int) -> dict[str, tuple[float, ...]]:
        return {name: _kept(share) for name, share in zip(self._ladders, self._shares[kind], strict=True) if share is not None}

    def _named(self, roles: frozenset[Role]) -> frozenset[str]:
        return frozenset(name for name, ladder in self._ladders.items() if ladder.role in roles)

    def _profile(self) -> dict[str, tuple[float, ...]]:
        total = max(float(self._counts.sum()), 1.0)
        return {
            name: tuple(rounded(x / total) for x in np.bincount(self._patterns[:, f], self._counts, len(ladder.levels)))
            for f, (name, ladder) in enumerate(self._ladders.items())
        }


def _with_strangers(counts: Floats, ladder: Ladder) -> Floats:
    """Counts of pairs with some that are expected before any is seen, which in a small table speak loudest."""
    shares = np.array([0.0, *ladder.strangers, 1.0 - sum(ladder.strangers)])
    if ladder.aside is not None:
        shares = np.array([0.0, *ladder.strangers, 0.5])
    return counts + _STRANGERS * shares


def _normal(shares: Floats, ladder: Ladder) -> Floats:
    """Shares that add up to one within each run of the ladder; missing has share one, for it is neutral."""
    result = np.maximum(shares, 0.0)
    for part in ladder.parts():
        floor = np.maximum(result[part], _TINY * result[part].sum() + 1e-300)
        result[part] = floor / floor.sum()
    result[MISSING] = 1.0
    return result


def _kept(shares: Floats) -> tuple[float, ...]:
    return tuple(rounded(x) for x in shares)
