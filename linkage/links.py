"""The pairs kept for the record: what was decided, by what, and how each field spoke."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.clusters import Evidence
from linkage.mixture import probability
from linkage.pairs import Pairs, distinct, in_pairs, unpack
from linkage.persons import Persons
from linkage.rules import Rules
from schemas.vocabulary import DecidedBy, Decision

TEXT = pd.StringDtype("pyarrow")
Texts = npt.NDArray[np.object_]


def links_of(persons: Persons, reviews: Pairs, rules: Rules) -> pd.DataFrame:
    """One row for each pair at or above the floor, asked about, or decided by a person.

    left_id, right_id, weight (log2 odds), probability, decision (same, review, different), decided_by (model, rule,
    clerical), levels (JSON: field to [level, weight]).
    """
    pairs = distinct(persons.pairs, reviews, rules.joined, rules.parted)
    weights = Evidence(persons.pairs, persons.weights, persons.scorer.weights).of(pairs)
    left, right = unpack(pairs)
    texts = {
        "left_id": persons.people.ids[left],
        "right_id": persons.people.ids[right],
        "decision": _decisions(persons, pairs, reviews),
        "decided_by": _decided_by(pairs, rules),
        "levels": _levels(persons, pairs),
    }
    columns = {name: pd.Series(values, dtype=TEXT) for name, values in texts.items()}
    columns |= {"weight": pd.Series(weights, dtype=float), "probability": pd.Series(probability(weights), dtype=float)}
    order = ["left_id", "right_id", "weight", "probability", "decision", "decided_by", "levels"]
    return pd.DataFrame({name: columns[name] for name in order})


def _decisions(persons: Persons, pairs: Pairs, reviews: Pairs) -> Texts:
    left, right = unpack(pairs)
    same = persons.group[left] == persons.group[right]
    decisions = np.where(same, Decision.SAME.value, Decision.DIFFERENT.value).astype(object)
    decisions[in_pairs(pairs, reviews)] = Decision.REVIEW.value
    return decisions


def _decided_by(pairs: Pairs, rules: Rules) -> Texts:
    by = np.where(rules.conflicts(*unpack(pairs)), DecidedBy.RULE.value, DecidedBy.MODEL.value).astype(object)
    by[in_pairs(pairs, distinct(rules.joined, rules.parted))] = DecidedBy.CLERICAL.value
    return by


def _levels(persons: Persons, pairs: Pairs) -> list[str]:
    vectors = persons.scorer.vectors(pairs)
    weights = np.round(persons.scorer.classifier.steps(vectors), 2)
    columns = []
    for row, field in enumerate(persons.scorer.model.fields):
        starts = np.array([f'"{field.name}": ["{level}", ' for level in field.levels], object)
        columns.append(starts[vectors[:, row]] + weights[:, row + 1].astype(str).astype(object) + "]")
    return ["{" + ", ".join(parts) + "}" for parts in zip(*columns, strict=True)]
