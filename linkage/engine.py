"""The engine: any table of people in, who is who out.

encode → candidate pairs → levels → weights by the model → clusters that respect the rules → questions for people.
The same records give the same answer to the row, whatever their order and however many threads.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.candidates import Blocks
from linkage.pairs import Pairs, as_index, unpack
from linkage.cleaning import open_engine
from linkage.clusters import Clustering, cluster
from linkage.comparisons import Feature, Forename, Glance, Levelled, Surname, features_of
from linkage.errors import ModelError
from linkage.kin import Ties, retold, tie
from linkage.mixture import Mixture
from linkage.model import Model
from linkage.records import Codes, People, encode
from linkage.reviews import questions
from linkage.rules import Rules, rules_of
from linkage.spec import LinkSpec, Settings
from linkage.training import Rarity, train

CHUNK = 1 << 18
TEXT = pd.StringDtype("pyarrow")
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


@dataclass(frozen=True)
class Linked:
    """Who is who in a table.

    `clusters`: id, cluster_id (the cluster's smallest id), basis. `links`: the pairs kept for the record.
    `counts`: records, pairs by blocking rule, pairs kept, clusters, questions.
    """

    clusters: pd.DataFrame
    model: Model
    counts: dict[str, dict[str, int]]
    persons: "Persons"
    reviews: Pairs
    rules: Rules

    @cached_property
    def links(self) -> pd.DataFrame:
        """left_id, right_id, weight, probability, decision, decided_by, levels of every pair kept; made when asked for."""
        from linkage.links import links_of  # noqa: PLC0415 - links_of needs Linked

        return links_of(self)


def link(
    records: pd.DataFrame,
    spec: LinkSpec,
    *,
    model: Model | None = None,
    never: pd.DataFrame | None = None,
    decisions: pd.DataFrame | None = None,
    relations: pd.DataFrame | None = None,
    threads: int = 2,
    memory_limit: str | None = None,
    temp_directory: str | None = None,
) -> Linked:
    """Find the records of one person in a table.

    `model`: one trained before; without it one is trained on this table. `never`: left_id, right_id of pairs that are two
    people. `decisions`: the same with decision, `same` or `different`, binding. `relations`: id, kin_id and way (what the second is to the first), which count as evidence. Raises RecordsError, ModelError or
    DecisionsError where the input does not fit.
    """
    with open_engine(threads, memory_limit=memory_limit, temp_directory=temp_directory) as engine:
        people = encode(records, spec, engine)
    ties = None if relations is None else Ties.of(people, relations)
    if ties is not None:
        people = _untied(people)
    rules = rules_of(people, never, decisions)
    blocks = Blocks(people, cap=spec.settings.block_cap, pairs_per_record=spec.settings.pairs_per_record)
    run = _Run(people, blocks.packed(), rules, ties, spec.settings, threads)
    result = run.persons(model or run.trained())
    reviews = questions(result.pairs, result.weights, result.group, rules, spec.settings)
    counts = _counts(result, blocks.counts, len(run.candidates), reviews)
    return Linked(_clusters(result, rules, spec.settings), result.scorer.model, counts, result, reviews, rules)


@dataclass(frozen=True)
class Persons:
    """Records as persons: `group` is the position of each one's first record; `pairs` and `weights` those kept."""

    people: People
    scorer: Scorer
    pairs: Pairs
    weights: Weights
    group: Codes


@dataclass(frozen=True)
class _Run:
    """One table's linking: once by what the records say, and where kin are known once more with them."""

    people: People
    candidates: Pairs
    rules: Rules
    ties: Ties | None
    settings: Settings
    threads: int

    def trained(self) -> Model:
        """A model of this table; kinship is learnt from the persons that a model without it finds."""
        model = train(self.people, features_of(self.people), self.candidates, self.settings)
        if self.ties is None:
            return model
        tied = tie(self.people, self.ties, self._first(model).group)
        return train(tied, features_of(tied), self._with_shared(tied), self.settings)

    def persons(self, model: Model) -> Persons:
        """Who is who by a model."""
        first = self._first(model)
        if self.ties is None:
            return first
        tied = tie(self.people, self.ties, first.group)
        scorer = Scorer(tied, features_of(tied), model, threads=self.threads)
        # Where one of two has no kin the weight stands as it is: what is missing is neutral.
        candidates = self._with_shared(tied)
        pairs, weights = scorer.kept(candidates[retold(candidates, tied.has_kin)], self.settings.floor)
        stands = ~retold(first.pairs, tied.has_kin)
        pairs, weights = _in_order([first.pairs[stands], pairs], [first.weights[stands], weights])
        return self._grouped(tied, scorer, pairs, weights)

    def _first(self, model: Model) -> Persons:
        scorer = Scorer(self.people, features_of(self.people), model, threads=self.threads)
        return self._grouped(self.people, scorer, *scorer.kept(self.candidates, self.settings.floor))

    def _with_shared(self, tied: People) -> Pairs:
        return self.candidates if tied.shared_kin is None else np.union1d(self.candidates, tied.shared_kin)

    def _grouped(self, people: People, scorer: Scorer, pairs: Pairs, weights: Weights) -> Persons:
        by = Clustering(self.settings.same)
        group = cluster(len(people), pairs, weights, self.rules, scorer.weights, by)
        return Persons(people, scorer, pairs, weights, group)


def _untied(people: People) -> People:
    """People of whom it is not yet known whom they share."""
    return replace(people, has_kin=np.zeros(len(people), bool), shared_kin=np.empty(0, np.int64))


def _in_order(pairs: list[Pairs], weights: list[Weights]) -> tuple[Pairs, Weights]:
    joined = np.concatenate(pairs)
    order = np.argsort(joined)
    return joined[order], np.concatenate(weights)[order]


def _clusters(result: Persons, rules: Rules, settings: Settings) -> pd.DataFrame:
    """Each record's cluster, and what ties it: a coordinator, an identifier it shares with another of them, or the model."""
    group = result.group
    basis = np.where(np.bincount(group, minlength=len(group))[group] > 1, "model", "alone").astype(object)
    left, right = unpack(result.pairs)
    tied = (group[left] == group[right]) & (result.weights >= settings.same)
    left, right = left[tied], right[tied]
    for column in result.people.named("identifier"):
        codes = result.people.codes[column].to_numpy()
        agree = (codes[left] >= 0) & (codes[left] == codes[right])
        basis[np.union1d(left[agree], right[agree])] = "identifier"
    left, right = unpack(rules.joined)
    clerical = group[left] == group[right]
    basis[np.union1d(left[clerical], right[clerical])] = "clerical"
    ids = result.people.ids
    columns = {"id": ids, "cluster_id": ids[group], "basis": basis}
    return pd.DataFrame({name: pd.Series(values, dtype=TEXT) for name, values in columns.items()})


def _counts(result: Persons, by_rule: dict[str, int], candidates: int, reviews: Pairs) -> dict[str, dict[str, int]]:
    run = {
        "records": len(result.people),
        "candidate_pairs": candidates,
        "kept_pairs": len(result.pairs),
        "clusters": len(np.unique(result.group)),
        "questions": len(reviews),
    }
    return {"blocking": dict(by_rule), "run": run}
