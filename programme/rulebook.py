"""The rules in force as rows, so that who reads a month sees by what it was judged without opening the profile."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd

from programme.describe import criterion, identification, result
from programme.profile import Profile
from programme.rules import Sourced

_COLUMNS = ("kind", "rule_id", "headline", "label", "name", "words", "figure", "source", "confidence", "note")
_SAID_ONCE = {"name", "source", "confidence", "note", "origin"}


def in_force(profile: Profile) -> pd.DataFrame:
    """One row for each rule: headlines, criteria, who is identified, results, routes, and the figures of casework.

    Columns: kind, rule_id, headline (key of a headline), label, name, words (what it asks for, a sentence a line),
    figure (of casework and targets), source, confidence, note. Sorted as the profile states them.
    """
    rows = [*_who(profile), *_headlines(profile), *_criteria(profile), *_results(profile), *_figures(profile)]
    frame = pd.DataFrame([{**dict.fromkeys(_COLUMNS), **row} for row in rows], columns=list(_COLUMNS))
    texts = {name: "string[pyarrow]" for name in _COLUMNS if name != "figure"}
    return frame.astype({**texts, "figure": "float64"})


def _who(profile: Profile) -> Iterable[dict[str, Any]]:
    rule = profile.identification
    sourced = {"source": rule.source, "confidence": rule.confidence, "note": rule.note or None}
    words = "\n".join(identification(profile))
    yield {"kind": "identification", "rule_id": "identification", "name": profile.title, "words": words, **sourced}


def _headlines(profile: Profile) -> Iterable[dict[str, Any]]:
    for key, name in profile.headlines.items():
        yield {"kind": "headline", "rule_id": key, "headline": key, "name": name}


def _criteria(profile: Profile) -> Iterable[dict[str, Any]]:
    for key, rule in profile.criteria.items():
        own = {"headline": rule.headline, "label": rule.label, "words": "\n".join(criterion(rule)[1:])}
        yield {"kind": "criterion", "rule_id": key, **own, **_sourced(rule)}


def _results(profile: Profile) -> Iterable[dict[str, Any]]:
    for key, rule in profile.outcomes.items():
        yield {"kind": "outcome", "rule_id": key, "words": "\n".join(result(rule)[1:]), **_sourced(rule)}
    for key, route in profile.routes.items():
        yield {"kind": "route", "rule_id": key, "words": f"needs {', '.join(route.results)}", **_sourced(route)}


def _figures(profile: Profile) -> Iterable[dict[str, Any]]:
    if profile.casework is not None:
        rule = profile.casework
        for key in type(rule).model_fields:
            figure = getattr(rule, key)
            if key not in _SAID_ONCE and isinstance(figure, int | Decimal):
                yield {"kind": "casework", "rule_id": key, "figure": float(figure), **_sourced(rule)}
    for key, target in profile.targets.items():
        yield {
            "kind": "target", "rule_id": key, "figure": float(target.figure), "words": target.unit, **_sourced(target)
        }  # fmt: skip


def _sourced(rule: Sourced) -> dict[str, Any]:
    return {"name": rule.name, "source": rule.source, "confidence": rule.confidence, "note": rule.note or None}
