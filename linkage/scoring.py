"""Pairs weighed by a model: once for each pattern, then for those pairs that can reach the floor."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from linkage.compared import Compared
from linkage.comparisons import levels_of
from linkage.errors import ModelError
from linkage.features import Feature
from linkage.mixture import Mixture
from linkage.model import Model
from linkage.pairs import Pairs, chunks, unpack
from linkage.records import People
from linkage.training import Rarity

Weights = npt.NDArray[np.float32]
Compare = Callable[[Pairs], Compared]


class Scorer:
    """Weighs pairs of a table by a model; `compare` compares those that are asked for."""

    def __init__(
        self, people: People, features: Sequence[Feature], model: Model, compare: Compare, *, threads: int
    ) -> None:
        check_fit(features, model)
        self.model = model
        self._people = people
        self._features = features
        self._rarity = Rarity(people, features, model)
        self.classifier = Mixture({feature.label: feature.ladder for feature in features}, model=model)
        self._compare = compare
        self._threads = threads

    def vectors(self, pairs: Pairs) -> npt.NDArray[np.uint8]:
        """Levels, then rarities, of packed pairs."""
        levels = levels_of(self._people, self._features, pairs)
        return np.column_stack([levels, self._rarity.of(levels, *unpack(pairs))])

    def weights(self, pairs: Pairs) -> Weights:
        """log2 odds of packed pairs, sorted and each once."""
        return self.kept(self._compare(pairs), -np.inf)[1]

    def kept(self, compared: Compared, floor: float) -> tuple[Pairs, Weights]:
        """The pairs at or above the floor, and their weights."""
        match, others = self.classifier.class_logs(compared.patterns)
        can_reach = self.classifier.best(match, others) >= floor

        def weighed(chunk: slice) -> tuple[Pairs, Weights]:
            some = compared.taken(chunk)
            some = some.taken(can_reach[some.index])
            rarities = self._rarity.of(some.patterns, *unpack(some.pairs), index=some.index)
            weights = self.classifier.odds(match, others, some.index, rarities)
            kept = weights >= floor
            return some.pairs[kept], weights[kept]

        with ThreadPoolExecutor(self._threads) as pool:
            pairs, weights = zip(*pool.map(weighed, chunks(len(compared), self._threads)), strict=True)
        return np.concatenate(pairs), np.concatenate(weights)


def check_fit(features: Sequence[Feature], model: Model) -> None:
    """Raise ModelError where a model was trained on other fields than the table has."""
    have = [(feature.label, feature.ladder.levels) for feature in features]
    want = [(field.name, field.levels) for field in model.fields]
    if have != want:
        msg = (
            f"the model knows the fields {', '.join(name for name, _ in want)}; "
            f"this table has {', '.join(name for name, _ in have)}. Train a model on tables of this kind."
        )
        raise ModelError(msg)
