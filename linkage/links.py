"""The pairs kept for the record: what was decided, by what, and how each field spoke."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.pairs import in_pairs, unpack
from linkage.explain import field_weights
from linkage.mixture import probability

if TYPE_CHECKING:
    from linkage.engine import Linked

TEXT = "string[pyarrow]"


def links_of(linked: "Linked") -> pd.DataFrame:
    """One row for each pair that was kept, asked about, or decided by a rule or a person.

    left_id, right_id, weight (log2 odds), probability, decision (same, review, different), decided_by (model, rule,
    clerical), levels (JSON: field to [level, weight]).
    """
    pairs = np.union1d(linked.persons.pairs, np.union1d(linked.rules.joined, linked.rules.apart))
    weights = _weights(linked, pairs)
    left, right = unpack(pairs)
    ids = linked.persons.people.ids
    return pd.DataFrame({
        "left_id": pd.Series(ids[left], dtype=TEXT),
        "right_id": pd.Series(ids[right], dtype=TEXT),
        "weight": weights.astype(np.float64),
        "probability": probability(weights),
        "decision": pd.Series(_decisions(linked, pairs, left, right), dtype=TEXT),
        "decided_by": pd.Series(_decided_by(linked, pairs, left, right), dtype=TEXT),
        "levels": pd.Series(_levels(linked, pairs), dtype=TEXT),
    })


def _weights(linked: "Linked", pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    place = np.minimum(np.searchsorted(linked.persons.pairs, pairs), max(len(linked.persons.pairs) - 1, 0))
    known = in_pairs(pairs, linked.persons.pairs)
    weights = np.empty(len(pairs), np.float32)
    weights[known] = linked.persons.weights[place[known]]
    weights[~known] = linked.persons.scorer.weights(pairs[~known])
    return weights


def _decisions(linked: "Linked", pairs: npt.NDArray[np.int64], left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]) -> npt.NDArray[np.object_]:
    decisions = np.where(linked.persons.group[left] == linked.persons.group[right], "same", "different").astype(object)
    decisions[in_pairs(pairs, linked.reviews)] = "review"
    return decisions


def _decided_by(linked: "Linked", pairs: npt.NDArray[np.int64], left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]) -> npt.NDArray[np.object_]:
    by = np.where(linked.rules.conflicts(left, right), "rule", "model").astype(object)
    by[in_pairs(pairs, np.union1d(linked.rules.joined, linked.rules.parted))] = "clerical"
    return by


def _levels(linked: "Linked", pairs: npt.NDArray[np.int64]) -> list[str]:
    vectors = linked.persons.scorer.vectors(pairs)
    fields = linked.model.fields
    weights = np.round(field_weights(linked.persons.scorer.classifier, vectors), 2)
    columns = []
    for row, field in enumerate(fields):
        names = np.array([f'"{field.name}": ["{level}", ' for level in field.levels], object)
        columns.append(names[vectors[:, row]] + weights[:, row + 1].astype(str).astype(object) + "]")
    return ["{" + ", ".join(parts) + "}" for parts in zip(*columns, strict=True)]
