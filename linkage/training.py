"""What a model is learnt from: random pairs for chance agreement, how common values are, candidate pairs."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from linkage.compared import Compared
from linkage.features import Feature
from linkage.ladders import EXACT, FULL_NAME
from linkage.learning import STILL, STRANGERS, Sample, strangers_of
from linkage.mixture import RARITY_LIMIT, RARITY_STEPS, Mixture
from linkage.model import Model, rounded
from linkage.pairs import pack
from linkage.records import NAMES, People
from linkage.runs import packed as packed_numbers
from linkage.spec import Settings
from linkage.vocabulary import through

RANDOM_PAIRS = 100_000
TRAINING_PAIRS = 500_000
FEWEST_RECORDS = 10  # a value that fewer records share is not named in a model
MOST_VALUES = 5_000
_EACH = slice(None)


def train(
    compared: Compared, features: Sequence[Feature], sample: Sample, *, start: Model | None = None, still: float = STILL
) -> Model:
    """Learn a model from compared pairs, at first as a like model says, until it stands as still as asked.

    Raises TrainingError where they teach none. Same input, same model.
    """
    classifier = Mixture({feature.label: feature.ladder for feature in features}, sample=sample)
    counts = compared.counts
    return classifier.learn(compared.patterns[counts > 0], counts[counts > 0], start=start, still=still)


def sample_of(people: People, features: Sequence[Feature], settings: Settings, *, threads: int) -> Sample:
    """What is to be known of a table before its candidate pairs are looked at."""
    frequencies, rare = value_shares(people, features)
    return Sample(
        records=len(people),
        all_pairs=_all_pairs(people),
        chance=_chance(people, features, np.random.default_rng(settings.seed), threads),
        of_one_name=_of_one_name(people, features),
        frequencies=frequencies,
        rare=rare,
    )


def _all_pairs(people: People) -> float:
    once = people.sources[people.once_per_person]
    within = np.bincount(once).astype(float) if len(once) else np.zeros(1)
    size = float(len(people))
    return max(size * (size - 1) / 2 - float((within * (within - 1) / 2).sum()), 1.0)


def _of_one_name(people: People, features: Sequence[Feature]) -> float:
    """Pairs that agree in forename and surname, but for those within a source that holds each person once."""
    names = [_first_values(people, feature) for feature in features if feature.ladder in FULL_NAME]
    if len(names) != len(FULL_NAME):
        return 0.0
    told = np.logical_and.reduce([codes >= 0 for codes in names])
    full = packed_numbers(*(codes[told] for codes in names))[0]
    once = told & people.once_per_person
    return _alike(full) - _alike(packed_numbers(people.sources[once], *(codes[once] for codes in names))[0])


def _chance(
    people: People, features: Sequence[Feature], chooser: np.random.Generator, threads: int
) -> list[npt.NDArray[np.float64]]:
    """For each field, how many of all pairs there are stand on each level, by a sample; agreement counted outright."""
    size = len(people)
    total = size * (size - 1) / 2
    if total <= RANDOM_PAIRS:
        left, right = np.triu_indices(size, 1)
    else:
        left, right = chooser.integers(0, size, (2, RANDOM_PAIRS))
        left, right = left[left != right], right[left != right]
    compared = Compared.of(people, features, pack(left, right), threads=threads)
    stands_for = total / max(len(compared), 1)
    return [
        _of_levels(people, feature, column, compared.counts, stands_for)
        for feature, column in zip(features, compared.patterns.T, strict=True)
    ]


def _of_levels(
    people: People,
    feature: Feature,
    levels: npt.NDArray[np.uint8],
    counts: npt.NDArray[np.float64],
    stands_for: float,
) -> npt.NDArray[np.float64]:
    """Pairs on each level of a field, given patterns' levels, how many pairs have them, and what each stands for."""
    held = np.bincount(levels, counts, minlength=len(feature.ladder.levels)).astype(float)
    if stands_for > 1:
        # What a sample saw once or never may be rare or common: a few pairs as expected steady it.
        near = slice(EXACT + 1, (feature.ladder.aside or len(held)) - 1)
        held[near] += STRANGERS * strangers_of(feature.ladder)[near]
    held *= stands_for
    held[EXACT] = max(_agreeing(people, feature), 0.0 if feature.by_equality else held[EXACT])
    return held


def _agreeing(people: People, feature: Feature) -> float:
    """Pairs of records with the same value of the field's first column."""
    codes = _first_values(people, feature)
    return _alike(codes[codes >= 0])


def _alike(numbers: npt.NDArray[np.integer]) -> float:
    """Pairs of the same number, none of which is below 0."""
    # Sorting is several times quicker than numpy's own counting of distinct numbers.
    counts = np.diff(np.flatnonzero(np.diff(np.sort(numbers), prepend=-1, append=-1))).astype(float)
    return float((counts * (counts - 1) / 2).sum())


def value_shares(people: People, features: Sequence[Feature]) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """For each field where rarity counts: the shares of its commonest values, and the typical share of any other."""
    frequencies, rare = {}, {}
    for feature in features:
        if feature.ladder.rarity:
            codes = _first_values(people, feature)
            counts = np.bincount(codes[codes >= 0])
            share = counts / max(counts.sum(), 1)
            order = np.argsort(-counts, kind="stable")
            common = order[: min(int((counts >= FEWEST_RECORDS).sum()), MOST_VALUES)]
            texts = texts_of(people, feature)
            frequencies[feature.label] = {str(texts[code]): rounded(share[code]) for code in common}
            others = np.delete(counts, common)
            rare[feature.label] = rounded(
                float((others * np.maximum(others - 1, 0.5)).sum() / max(others.sum(), 1) / max(counts.sum(), 1))
            )
    return frequencies, rare


def _first_values(people: People, feature: Feature) -> npt.NDArray[np.int32]:
    """The code of each record's value in the field's first column; names that differ in spaces only share one."""
    column = feature.labels_left[0]
    codes = people.codes[column]
    return through(people.names.same, codes) if column.rpartition("_")[0] in NAMES else codes


def texts_of(people: People, feature: Feature) -> npt.NDArray[np.object_]:
    """The text of each code of the field's first column."""
    column = feature.labels_left[0]
    words = people.names.compact if column.rpartition("_")[0] in NAMES else people.vocabularies[column]
    return words.texts


class Rarity:
    """How much rarer than usual an agreed value is, in eighths of a bit about 128: more columns of a level vector."""

    def __init__(self, people: People, features: Sequence[Feature], model: Model) -> None:
        self._people = people
        self._rows = [row for row, feature in enumerate(features) if feature.ladder.rarity]
        self._features = [features[row] for row in self._rows]
        self._steps = [self._of_codes(feature, model) for feature in self._features]
        self._codes = [_first_values(people, feature) for feature in self._features]

    def _of_codes(self, feature: Feature, model: Model) -> npt.NDArray[np.uint8]:
        usual = next(field.chance[EXACT] for field in model.fields if field.name == feature.label)
        texts = texts_of(self._people, feature)
        known, rare = model.frequencies.get(feature.label, {}), max(model.rare.get(feature.label, usual), 1e-9)
        shares = np.fromiter((known.get(text, rare) for text in texts), np.float64, len(texts))
        bits = np.clip(np.log2(shares / usual), -RARITY_LIMIT, RARITY_LIMIT)
        steps: npt.NDArray[np.uint8] = (np.round(bits * RARITY_STEPS) + 128).astype(np.uint8)
        return steps

    def of(
        self,
        levels: npt.NDArray[np.uint8],
        left: npt.NDArray[np.int32],
        right: npt.NDArray[np.int32],
        *,
        index: npt.NDArray[np.int32] | slice = _EACH,
    ) -> npt.NDArray[np.uint8]:
        """For each pair a column for each field where rarity counts; 128 is neither rare nor common.

        `levels[index]` are the pairs' levels.
        """
        rarities = np.full((len(self._rows), len(left)), 128, np.uint8)
        for rarity, row, codes, steps in zip(rarities, self._rows, self._codes, self._steps, strict=True):
            agreed = np.flatnonzero((levels[:, row] == EXACT)[index])
            a, b = codes[left[agreed]], codes[right[agreed]]
            rarity[agreed] = np.where(a == b, through(steps, a, 128), 128)
        return rarities.T
