"""The pairs kept for the record: what was decided, by what, and how each field spoke."""

import json
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.clusters import Evidence
from linkage.mixture import probability
from linkage.model import Field
from linkage.pairs import Pairs, distinct, in_pairs, unpack
from linkage.persons import Persons
from linkage.rules import Rules
from schemas.vocabulary import DecidedBy, Decision

TEXT = pd.StringDtype("pyarrow")


def links_of(persons: Persons, reviews: Pairs, rules: Rules) -> pd.DataFrame:
    """One row for each pair at or above the floor, asked about, or decided by a person.

    left_id, right_id, weight (log2 odds), probability, decision (same, review, different), decided_by (model, rule,
    clerical), levels (JSON: field to [level, weight]).
    """
    pairs = distinct(persons.pairs, reviews, rules.joined, rules.parted)
    weights = Evidence(persons.pairs, persons.weights, persons.scorer.weights).of(pairs)
    left, right = unpack(pairs)
    texts = {
        "left_id": persons.people.keys.take(pa.array(left)),
        "right_id": persons.people.keys.take(pa.array(right)),
        "decision": _decisions(persons, pairs, reviews),
        "decided_by": _decided_by(pairs, rules),
        "levels": _levels(persons, pairs),
    }
    columns = {name: pd.Series(pd.array(values, dtype=TEXT)) for name, values in texts.items()}
    columns |= {"weight": pd.Series(weights, dtype=float), "probability": pd.Series(probability(weights), dtype=float)}
    order = ["left_id", "right_id", "weight", "probability", "decision", "decided_by", "levels"]
    return pd.DataFrame({name: columns[name] for name in order})


def _decisions(persons: Persons, pairs: Pairs, reviews: Pairs) -> pa.Array:
    left, right = unpack(pairs)
    decisions = np.where(persons.group[left] == persons.group[right], 0, 1)
    decisions[in_pairs(pairs, reviews)] = 2
    return _said([Decision.SAME, Decision.DIFFERENT, Decision.REVIEW], decisions)


def _decided_by(pairs: Pairs, rules: Rules) -> pa.Array:
    by = np.where(rules.conflicts(*unpack(pairs)), 1, 0)
    by[in_pairs(pairs, distinct(rules.joined, rules.parted))] = 2
    return _said([DecidedBy.MODEL, DecidedBy.RULE, DecidedBy.CLERICAL], by)


def _said(words: Sequence[Decision] | Sequence[DecidedBy], which: npt.NDArray[np.int64]) -> pa.Array:
    return pa.array([word.value for word in words], pa.string()).take(pa.array(which))


def _levels(persons: Persons, pairs: Pairs) -> pa.Array:
    """The JSON of each pair: field to [level, weight]."""
    vectors = persons.scorer.vectors(pairs)
    # A rounded -0.0 is a 0.0.
    weights = np.round(persons.scorer.classifier.steps(vectors), 2) + 0.0
    fields = [
        _spoken(field, vectors[:, row], weights[:, row + 1]) for row, field in enumerate(persons.scorer.model.fields)
    ]
    inner = pc.binary_join_element_wise(*fields, ", ")
    return pc.binary_join_element_wise("{", inner, "}", "")


def _spoken(field: Field, levels: npt.NDArray[np.uint8], weights: npt.NDArray[np.float64]) -> pa.Array:
    """How a field spoke in each pair. Pairs speak in few ways, and each is put into words once."""
    values, of = np.unique(weights, return_inverse=True)
    ways, way = np.unique(levels.astype(np.int64) * len(values) + of, return_inverse=True)
    level, value = np.divmod(ways, len(values))
    texts = [
        f"{json.dumps(field.name, ensure_ascii=False)}: [{json.dumps(field.levels[at])}, {weight}]"
        for at, weight in zip(level.tolist(), values[value].astype(str).tolist(), strict=True)
    ]
    return pa.array(texts, pa.string()).take(pa.array(way))
