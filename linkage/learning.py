"""How a model is learnt: expectation and maximisation over level patterns, strangers counted rather than estimated."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from linkage.errors import TrainingError
from linkage.ladders import MISSING, Ladder, Role
from linkage.model import Field, Model, NonMatch, rounded

Levels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

STILL = 1e-5
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
    """What the classifier learns from, beside the pairs.

    `chance`: for each field, how many of `all_pairs` stand on each level, by random ones. `weight`: how many pairs each
    training pair stands for. `frequencies`, `rare`: see Model.
    """

    records: int
    all_pairs: float
    chance: list[Floats]
    frequencies: dict[str, dict[str, float]]
    rare: dict[str, float]
    weight: float = 1.0


class Learning:
    """Expectation and maximisation over patterns."""

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
        self._stands = _stands(patterns, self._ends)
        self._all = [
            _with_strangers(counts, ladder) for counts, ladder in zip(sample.chance, ladders.values(), strict=True)
        ]
        self._chance = [_normal(shares, ladder) for shares, ladder in zip(self._all, ladders.values(), strict=True)]
        self._match = [np.array(ladder.expected) for ladder in ladders.values()]
        self._matches = 0.3 * sample.records
        self._pairs = np.array([kind.per_record * sample.records for kind in KINDS])
        self._shares = [[self._first_shares(kind, f) for f in range(len(ladders))] for kind in KINDS]
        if start is not None:
            self._begin(start)

    def _begin(self, model: Model) -> None:
        """Go on from what a model has learnt."""
        self._matches = model.matches
        self._pairs = np.array([kind.pairs for kind in model.non_matches[:-1]])
        self._match = [np.array(field.match) for field in model.fields]
        self._chance = [np.array(field.chance) for field in model.fields]
        self._shares = [
            [np.array(kind.shares[field.name]) if field.name in kind.shares else None for field in model.fields]
            for kind in model.non_matches[:-1]
        ]

    def _first_shares(self, kind: Kind, field: int) -> Floats | None:
        ladder = list(self._ladders.values())[field]
        if ladder.role not in kind.shares:
            return None
        mixed = 0.7 * np.array(ladder.expected) + 0.3 * self._chance[field]
        return _normal(mixed, ladder)

    def model(self, *, still: float = STILL) -> Model:
        """Learn until the number of matches stands still: changes by no more than this share of it in a round."""
        before = 0.0
        for _ in range(_ROUNDS):
            belongs = self._expect()
            self._maximise(belongs)
            if abs(self._matches - before) <= still * self._matches:
                break
            before = self._matches
        self._check()
        return self._as_model()

    def _expect(self) -> Floats:
        """How much of each pattern's pairs belongs to: matches, each kind, strangers."""
        tables = []
        for f in range(len(self._ladders)):
            columns = [self._match[f], *(kind[f] if kind[f] is not None else self._chance[f] for kind in self._shares)]
            table = np.log2(np.maximum(np.array([*columns, self._chance[f]]).T, _TINY**2))
            table[MISSING] = 0.0
            tables.append(table)
        logs = self._stands.T @ np.vstack(tables)
        logs += np.log2(np.maximum([self._matches, *self._pairs, self._sample.all_pairs], _TINY))
        logs -= logs.max(axis=1, keepdims=True)
        shares = np.exp2(logs)
        belongs: Floats = shares / shares.sum(axis=1, keepdims=True) * self._counts[:, None]
        return belongs

    def _maximise(self, belongs: Floats) -> None:
        self._matches = max(float(belongs[:, 0].sum()), 1.0)
        self._pairs = np.maximum(belongs[:, 1:-1].sum(axis=0), 1e-3)
        on_levels = np.split(self._stands @ belongs, self._ends[:-1])
        for f, ladder in enumerate(self._ladders.values()):
            held = on_levels[f].T
            self._match[f] = _normal(held[0] + self._prior(ladder), ladder)
            for c in range(len(KINDS)):
                if self._shares[c][f] is not None:
                    self._shares[c][f] = _normal(
                        held[c + 1] + 5.0 * self._chance[f] + 2.0 * np.array(ladder.expected), ladder
                    )
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
            if (
                ladder.role in {Role.FORENAME, Role.BIRTH, Role.IDENTIFIER}
                and self._match[f][1] <= 3 * self._chance[f][1]
            ):
                msg = (
                    f"training failed: matches agree on {name} hardly more often than strangers do. "
                    f"Check the kinds declared, or link with a model trained on a larger table."
                )
                raise TrainingError(msg)

    def _as_model(self) -> Model:
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
        return {
            name: _kept(share)
            for name, share in zip(self._ladders, self._shares[kind], strict=True)
            if share is not None
        }

    def _named(self, roles: frozenset[Role]) -> frozenset[str]:
        return frozenset(name for name, ladder in self._ladders.items() if ladder.role in roles)

    def _profile(self) -> dict[str, tuple[float, ...]]:
        total = max(float(self._counts.sum()), 1.0)
        return {
            name: tuple(rounded(x / total) for x in np.bincount(self._patterns[:, f], self._counts, len(ladder.levels)))
            for f, (name, ladder) in enumerate(self._ladders.items())
        }


def _stands(patterns: Levels, ends: npt.NDArray[np.intp]) -> csr_array:
    """A row for each level of each field, a column for each pattern: 1 where the pattern stands on the level."""
    rows = patterns + np.concatenate([[0], ends[:-1]])
    columns = np.repeat(np.arange(len(patterns)), patterns.shape[1])
    return csr_array((np.ones(rows.size), (rows.ravel(), columns)), shape=(ends[-1], len(patterns)))


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
