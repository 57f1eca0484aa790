"""Readings: what each condition comes to for each person or family, before any threshold is applied.

A reading is a fraction of whole numbers (a count over one, or sessions over possible sessions), so that a boundary is
compared exactly. The same readings serve every threshold: what-if moves thresholds without counting again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import duckdb
import pandas as pd

from programme import measure_sql
from programme.conditions import Condition
from programme.facts import hold
from programme.windows import spans
from schemas.vocabulary import Feed

# A set of feeds is told by the sum of their bits, in this order.
FEEDS = tuple(sorted(feed.value for feed in Feed))
_WHO = {
    "any child": ("any", "child"),
    "each child": ("each", "child"),
    "any adult": ("any", "adult"),
    "any member": ("any", "member"),
    "family": ("family", "member"),
    "children together": ("family", "child"),
    "adults together": ("family", "adult"),
}


@dataclass(frozen=True)
class Asked:
    """One condition that is asked: the rule that it belongs to and its place there.

    Results leave out who has left school, needs do not: what a leaver's last terms were like is no longer of concern.
    """

    rule: str
    position: int
    condition: Condition
    leaves_out_leavers: bool = False


@dataclass(frozen=True)
class Availability:
    """Which feed tables speak of the month: those not late and ever delivered, and the day of which each speaks."""

    present: frozenset[tuple[str, str]]
    extracts: Mapping[tuple[str, str], Any]


def available(feeds: pd.DataFrame, tables: Sequence[tuple[str, str]]) -> Availability:
    """The availability of feed tables; `feeds` speaks by feed, or by table where it has `table_name`."""
    by_table = "table_name" in feeds.columns
    said = {(row.feed, row.table_name if by_table else None): row for row in feeds.itertuples(index=False)}
    rows = {key: said.get((key[0], key[1] if by_table else None)) for key in tables}
    present = {key for key, row in rows.items() if row is not None and not row.is_late and not row.never_delivered}
    extracts = {key: row.extract_on for key, row in rows.items() if row is not None and not row.never_delivered}
    return Availability(frozenset(present), extracts)


def take(
    engine: duckdb.DuckDBPyConnection,
    asked: Sequence[Asked],
    subjects: pd.DataFrame,
    *,
    terms: pd.DataFrame,
    feeds: pd.DataFrame,
) -> None:
    """Leave in `engine` the tables `conditions`, `windows`, `subjects` and `readings`.

    `subjects`: subject (whole number), family_id, anchor (the day reckoned back from).
    """
    windows = spans([each.condition.window for each in asked], anchors=subjects["anchor"], terms=terms)
    keys = sorted({(each.condition.of.feed.value, each.condition.of.table) for each in asked})
    conditions = _conditions(asked, available(feeds, keys))
    # A window without a day in the calendar says nothing of anybody.
    empty = set(windows.loc[windows["from_on"].isna(), "window"])
    spoke = conditions["is_available"] & ~conditions["window"].isin(empty)
    hold(engine, "conditions", conditions.assign(is_available=spoke))
    hold(engine, "windows", windows)
    hold(engine, "subjects", subjects)
    for statement in measure_sql.STATEMENTS:
        engine.execute(statement)


def _conditions(asked: Sequence[Asked], availability: Availability) -> pd.DataFrame:
    rows = [_row(number, each, availability) for number, each in enumerate(asked)]
    frame = pd.DataFrame(rows).assign(rule_number=lambda each: pd.factorize(each["rule"])[0])
    return frame.astype({"proven": "boolean", "extract_on": "datetime64[ns]"})


def _row(number: int, each: Asked, availability: Availability) -> dict[str, object]:
    condition, measure = each.condition, each.condition.of
    key = (measure.feed.value, measure.table)
    how, who = _WHO[condition.counts]
    threshold = Fraction(condition.threshold)
    return {
        "condition": number,
        "rule": each.rule,
        "position": each.position,
        "measure": measure.name,
        "topic": measure.topic,
        "shape": measure.shape.value,
        "kinds": list(measure.fixed_kinds or condition.chosen(measure.kinds)),
        "details": [*condition.chosen(measure.details), *(["*"] if measure.topic == "claims" else [])]
        if condition.chosen(measure.details)
        else [],
        "proven": measure.proven if condition.proven is None else condition.proven,
        "sums_sessions": measure.sums_sessions,
        "how": how,
        "who": who,
        "age_on_event": condition.age_on == "event" or (condition.age_on is None and measure.age_on_event),
        "age_from": condition.age_from,
        "age_to": condition.age_to,
        "mode": _mode(condition),
        "window": str(condition.window),
        "authorised": condition.authorised,
        "pooling": condition.pooling,
        "min_possible": condition.min_possible,
        "term_days": condition.term_days,
        "operator": condition.operator,
        "top": threshold.numerator,
        "bottom": threshold.denominator,
        "leaves_out_leavers": each.leaves_out_leavers and measure.topic in {"attendance", "exclusions"},
        "feed_bit": 1 << FEEDS.index(key[0]),
        "is_available": key in availability.present,
        "extract_on": availability.extracts.get(key),
        "said": said(condition),
    }


def _mode(condition: Condition) -> str:
    if condition.window.unit == "current":
        return "open"
    return "overlap" if condition.running else "started"


def said(condition: Condition) -> str:
    """What was counted and how, in words: the published need's `measure`."""
    how = [condition.of.says, condition.counts, str(condition.window)]
    if condition.of.topic == "attendance":
        how.append("sessions pooled" if condition.pooling == "sessions" else "mean of the terms' rates")
    if condition.authorised != "absent":
        how.append(f"authorised absence {condition.authorised}")
    return "; ".join(how)
