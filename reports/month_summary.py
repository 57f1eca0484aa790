"""What a finished month came to, in counts that a person can use."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class MonthSummary:
    """A published month in counts; holds no personal value.

    `changes` tells of the list: `new`, `returned` and `same` are on it now; `same`, `left`, `joined` (part of another
    family now) and `gone` (no longer seen as a family) were on it the month before.
    """

    month: str
    programme: str
    deliveries: Mapping[str, int]
    late: tuple[str, ...]
    refused: tuple[str, ...]
    rows: Mapping[str, int]
    counts: Mapping[str, int]
    changes: Mapping[str, int]
    before: Mapping[str, int]


COUNTED = {"person_records": "records", "persons": "people", "households": "households", "families": "families"}


def summarise(month: str, tables: Mapping[str, pd.DataFrame], before: Mapping[str, pd.DataFrame]) -> MonthSummary:
    """The month's tables, and those of the month before (empty frames where there was none), as counts."""
    deliveries, cohort = tables["deliveries"], tables["cohort"]
    refused = deliveries[deliveries["status"].eq("refused")]
    return MonthSummary(
        month=month,
        programme=str(cohort["programme"].iloc[0]) if len(cohort) else "",
        deliveries=_counts(deliveries["status"]),
        late=tuple(sorted(deliveries.loc[deliveries["status"].eq("late"), "feed"])),
        refused=tuple(f"{row.feed}/{row.table_name}: {row.reason}" for row in refused.itertuples(index=False)),
        rows={name: int(deliveries[name].fillna(0).sum()) for name in ("accepted", "rejected", "repaired")},
        counts=_sizes(tables),
        changes=_changes(cohort, tables["identity_events"], before["cohort"]),
        before=_sizes(before),
    )


def _sizes(tables: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    sizes = {label: len(tables[name]) for name, label in COUNTED.items()}
    return sizes | {"identified": int(tables["cohort"]["is_identified"].fillna(value=False).sum())}


def _changes(cohort: pd.DataFrame, events: pd.DataFrame, before: pd.DataFrame) -> dict[str, int]:
    # A family that left in an earlier month has not changed either, but is on no list.
    listed = cohort["is_identified"].fillna(value=False) | cohort["change"].eq("left").fillna(value=False)
    return _counts(cohort.loc[listed, "change"].dropna()) | _lost(cohort, events, before)


def _lost(cohort: pd.DataFrame, events: pd.DataFrame, before: pd.DataFrame) -> dict[str, int]:
    """Families that were on the list and are none of their own any more: they have no row in the cohort."""
    was = before.loc[before["is_identified"].fillna(value=False), "family_id"]
    lost = was[~was.isin(cohort["family_id"])]
    joined = events.loc[events["kind"].eq("family") & events["event"].eq("joined"), "id"]
    told = {"joined": int(lost.isin(joined).sum()), "gone": int((~lost.isin(joined)).sum())}
    return {name: count for name, count in told.items() if count}


def _counts(values: pd.Series) -> dict[str, int]:
    return {str(name): int(count) for name, count in values.value_counts(sort=False).sort_index().items()}
