"""How a model is learnt: expectation and maximisation over level patterns, strangers counted rather than estimated."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage.errors import TrainingError
from linkage.kinds import KINDS, known_beforehand
from linkage.ladders import EXACT, FULL_NAME, MISSING, Ladder, Role
from linkage.model import Field, Model, NonMatch, rounded
from linkage.tallies import Tallies

Levels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

STILL = 1e-5
_ROUNDS = 150
_TINY = 1e-7
_FEW_MATCHES = 100
_DATES_SAY = 0.25
_COUNTED = np.array([kind.counted for kind in KINDS])
STRANGERS = 1_000.0  # pairs that are expected before any is seen


@dataclass
class Sample:
    """What the classifier learns from, beside the pairs.

    `chance`: for each field, how many of `all_pairs` stand on each level, by random ones. `of_one_name`: how many agree
    in forename and surname. `weight`: how many pairs each training pair stands for. `frequencies`, `rare`: see Model.
    """

    records: int
    all_pairs: float
    chance: list[Floats]
    frequencies: dict[str, dict[str, float]]
    rare: dict[str, float]
    weight: float = 1.0
    of_one_name: float = 0.0


class Learning:
    """Expectation and maximisation over patterns.

    `_shares` has a row for each level of each field, one field after the other, and a column for matches, each kind of
    non-match and strangers.
    """

    def __init__(
        self,
        ladders: dict[str, Ladder],
        sample: Sample,
        patterns: Levels,
        counts: Floats,
        *,
        start: Model | None = None,
    ) -> None:
        self._ladders = ladders
        self._sample = sample
        self._patterns = patterns
        self._counts = counts * sample.weight
        self._ends = np.cumsum([len(ladder.levels) for ladder in ladders.values()])
        self._runs = Runs(list(ladders.values()))
        self._tallies = Tallies(patterns, [len(ladder.levels) for ladder in ladders.values()])
        self._expected = np.concatenate([ladder.expected for ladder in ladders.values()])
        is_birth = [ladder.role is Role.BIRTH for ladder in ladders.values()]
        self._is_birth = np.repeat(is_birth, np.diff(self._ends, prepend=0))
        self._all = np.concatenate(
            [_with_strangers(counts, ladder) for counts, ladder in zip(sample.chance, ladders.values(), strict=True)]
        )
        own = [[ladder.role in kind.shares for kind in KINDS] for ladder in ladders.values()]
        self._own = np.repeat(own, np.diff(self._ends, prepend=0), axis=0)
        self._known = known_beforehand(list(ladders.values()))
        chance = self._runs.normal(self._all[:, None])
        first = self._runs.normal(0.7 * self._expected[:, None] + 0.3 * chance)
        self._shares = self._table(self._expected[:, None], first, chance)
        names = [row for row, ladder in enumerate(ladders.values()) if ladder in FULL_NAME]
        self._full_name = [self._rows_of(row).start + EXACT for row in names]
        self._matches = 0.3 * sample.records
        self._pairs = np.array([kind.per_record * sample.records for kind in KINDS])
        if start is not None:
            self._begin(start)

    def _table(self, match: Floats, kinds: Floats, chance: Floats) -> Floats:
        """Each kind is free in the fields that it shares, but for what is known of it; elsewhere as strangers are."""
        kinds = np.where(self._known.as_match, match, np.where(self._own, kinds, chance))
        kinds = np.where(self._known.given > 0, self._known.given, kinds)
        return np.hstack([match, kinds, chance])

    def _begin(self, model: Model) -> None:
        """Go on from what a model has learnt."""
        self._matches = model.matches
        self._pairs = np.array([kind.pairs for kind in model.non_matches[:-1]])
        self._shares = np.vstack([
            np.column_stack([f.match, *(kind.shares.get(f.name, f.chance) for kind in model.non_matches)])
            for f in model.fields
        ])  # fmt: skip

    def model(self, *, still: float = STILL) -> Model:
        """Learn until the number of matches stands still: changes by no more than this share of it in a round."""
        before = 0.0
        for _ in range(_ROUNDS):
            self._maximise(self._expect())
            if abs(self._matches - before) <= still * self._matches:
                break
            before = self._matches
        self._check()
        return self._as_model()

    def _expect(self) -> Floats:
        """How much of each pattern's pairs (columns) belongs to (rows): matches, each kind, strangers."""
        said = np.log2(np.maximum(self._shares, _TINY**2))
        said[self._runs.missing] = 0.0
        logs = self._tallies.of_patterns(said)
        logs += np.log2(np.maximum([self._matches, *self._pairs, self._sample.all_pairs], _TINY))[:, None]
        logs -= logs.max(axis=0)
        belongs: Floats = np.exp2(logs, out=logs)
        belongs *= self._counts / belongs.sum(axis=0)
        return belongs

    def _maximise(self, belongs: Floats) -> None:
        self._matches = max(float(belongs[0].sum()), 1.0)
        self._pairs = np.maximum(belongs[1:-1].sum(axis=1), 1e-3)
        held, expected, chance = self._tallies.of_levels(belongs), self._expected[:, None], self._shares[:, -1:]
        # Strangers agree as often as all pairs do, less the pairs now known not to be strangers.
        strangers = np.maximum(self._all - held[:, :4].sum(axis=1), 0.02 * self._all)[:, None]
        self._shares = self._table(
            self._runs.normal(held[:, :1] + self._thought_first() * expected),
            self._runs.normal(held[:, 1:-1] + 5.0 * chance + 2.0 * expected),
            self._runs.normal(strangers),
        )
        self._pairs = np.where(_COUNTED, np.maximum(self._pairs, self._namesakes()), self._pairs)

    def _namesakes(self) -> Floats:
        """How many pairs each kind has if it is whoever agrees in forename and surname and is of no other kind.

        Blocking leaves most namesakes out of a large table, and of those that it keeps none would be missed if all were
        taken for strangers who agree by chance. They are several times as many, for names go together.
        """
        agree = np.prod(self._shares[self._full_name], axis=0)
        pairs = np.array([self._matches, *np.where(_COUNTED, 0.0, self._pairs), self._sample.all_pairs])
        left: Floats = (self._sample.of_one_name - pairs @ agree) / np.maximum(agree[1:-1], _TINY)
        return left

    def _thought_first(self) -> Floats:
        """How many matches' worth each level's first thought has.

        More for the date of birth where only dates tell father from son, who would teach that a match's date may be
        anything.
        """
        worth = np.full((len(self._expected), 1), 20.0)
        if self._known.only_dates_tell:
            worth[self._is_birth] += _DATES_SAY * self._matches
        return worth

    def _of_field(self, field: int) -> Floats:
        """A row for each level of a field."""
        return self._shares[self._rows_of(field)]

    def _rows_of(self, field: int) -> slice:
        return slice(self._ends[field] - len(list(self._ladders.values())[field].levels), self._ends[field])

    def _check(self) -> None:
        """Refuse a model in which matches do not agree on who a person is more than any kind of non-match does."""
        if self._matches < _FEW_MATCHES:  # the expected shares have decided, not the data
            return
        for f, (name, ladder) in enumerate(self._ladders.items()):
            if (
                ladder.role in {Role.FORENAME, Role.BIRTH, Role.IDENTIFIER}
                and self._of_field(f)[EXACT, 0] <= 3 * self._of_field(f)[EXACT, -1]
            ):
                msg = (
                    f"training failed: matches agree on {name} hardly more often than strangers do. "
                    f"Check the kinds declared, or link with a model trained on a larger table."
                )
                raise TrainingError(msg)

    def _as_model(self) -> Model:
        fields = tuple(
            Field(name, ladder.levels, _kept(self._of_field(f)[:, 0]), _kept(self._of_field(f)[:, -1]))
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
        return {
            name: _kept(self._of_field(f)[:, kind + 1])
            for f, (name, ladder) in enumerate(self._ladders.items())
            if ladder.role in KINDS[kind].shares or (self._known.given[self._rows_of(f), kind] > 0).any()
        }

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
    return counts + STRANGERS * strangers_of(ladder)


def strangers_of(ladder: Ladder) -> Floats:
    """How often strangers are expected on each level before any is seen."""
    rest = 1.0 - sum(ladder.strangers) if ladder.aside is None else 0.5
    return np.array([0.0, *ladder.strangers, rest])


class Runs:
    """The runs of levels that add up to one, of several ladders one after the other."""

    def __init__(self, ladders: Sequence[Ladder]) -> None:
        sizes = [size for ladder in ladders for size in (1, *(part.stop - part.start for part in ladder.parts()))]
        self._starts = np.cumsum([0, *sizes[:-1]])
        self._run = np.repeat(np.arange(len(sizes)), sizes)
        self.missing = np.cumsum([0, *(len(ladder.levels) for ladder in ladders[:-1])]) + MISSING

    def normal(self, shares: Floats) -> Floats:
        """Columns of shares that add up to one within each run; missing has share one, for it is neutral."""
        result = np.maximum(shares, 0.0)
        result = np.maximum(result, _TINY * self._totals(result) + 1e-300)
        result = result / self._totals(result)
        result[self.missing] = 1.0
        return result

    def _totals(self, shares: Floats) -> Floats:
        totals: Floats = np.add.reduceat(shares, self._starts, axis=0)[self._run]
        return totals


def _kept(shares: Floats) -> tuple[float, ...]:
    return tuple(rounded(x) for x in shares)
