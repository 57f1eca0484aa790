"""Pairs weighed by a model, chunk by chunk on several threads; what cannot reach the floor is dropped at a glance."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from linkage.comparisons import Levelled
from linkage.errors import ModelError
from linkage.features import Feature
from linkage.mixture import Mixture
from linkage.model import Model
from linkage.name_features import Forename, Glance, Surname
from linkage.pairs import Pairs, as_index, unpack
from linkage.records import People
from linkage.training import Rarity

CHUNK = 1 << 18
Weights = npt.NDArray[np.float32]


class Scorer:
    """Weighs pairs of a table by a model, chunk by chunk and on several threads."""

    def __init__(self, people: People, features: Sequence[Feature], model: Model, *, threads: int) -> None:
        check_fit(features, model)
        self.model = model
        self._people = people
        self._compare = Levelled(list(features))
        self._quick_fields = [n for n, f in enumerate(features) if f.is_quick or isinstance(f, Forename | Surname)]
        self._quick = Levelled([_glanced(people, features[n]) for n in self._quick_fields])
        self._rarity = Rarity(people, features, model)
        self.classifier = Mixture({feature.label: feature.ladder for feature in features}, model=model)
        self._threads = threads

    def vectors(self, pairs: Pairs) -> npt.NDArray[np.uint8]:
        """Levels, then rarities, of packed pairs."""
        codes = self._people.codes
        levels = self._compare.compute(as_index(pairs, codes.index), codes).to_numpy()
        return self._rarity.append(levels, *unpack(pairs))

    def weights(self, pairs: Pairs, floor: float = -np.inf) -> Weights:
        """log2 odds of packed pairs; -inf where they cannot reach the floor."""
        parts = [weights for _, weights in self._chunks(pairs, floor)]
        return np.concatenate([np.empty(0, np.float32), *parts])

    def kept(self, pairs: Pairs, floor: float) -> tuple[Pairs, Weights]:
        """The pairs at or above the floor, and their weights; the rest never stay in memory."""
        found = [(chunk[weights >= floor], weights[weights >= floor]) for chunk, weights in self._chunks(pairs, floor)]
        return (
            np.concatenate([np.empty(0, np.int64), *(chunk for chunk, _ in found)]),
            np.concatenate([np.empty(0, np.float32), *(weights for _, weights in found)]),
        )

    def _chunks(self, pairs: Pairs, floor: float) -> Iterator[tuple[Pairs, Weights]]:
        chunks = [pairs[start : start + CHUNK] for start in range(0, len(pairs), CHUNK)]
        with ThreadPoolExecutor(self._threads) as pool:
            yield from zip(chunks, pool.map(lambda chunk: self._weigh(chunk, floor), chunks), strict=True)

    def _weigh(self, pairs: Pairs, floor: float) -> Weights:
        """Weights, most pairs being dropped at a glance where there is a floor."""
        if floor == -np.inf or not self._quick_fields:
            return self.classifier.weights(self.vectors(pairs), floor=floor)
        codes = self._people.codes
        quick = self._quick.compute(as_index(pairs, codes.index), codes).to_numpy()
        promising = np.flatnonzero(self.classifier.ceilings(quick, self._quick_fields) >= floor)
        weights = np.full(len(pairs), -np.inf, np.float32)
        weights[promising] = self.classifier.weights(self.vectors(pairs[promising]), floor=floor)
        return weights


def _glanced(people: People, feature: Feature) -> Feature:
    if isinstance(feature, Forename | Surname):
        return Glance(people, feature.label, people.named(feature.label))
    return feature


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
