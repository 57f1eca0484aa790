"""A month in counts: those who were on the list the month before, and those who are on it now, add up."""

import pandas as pd
import pytest

from reports.month_summary import summarise


def frame(columns, *rows):
    return pd.DataFrame(rows, columns=columns.split())


def cohort(**families):
    """Of each family, whether it is on the list and what changed."""
    rows = [("demo", family, listed, change) for family, (listed, change) in families.items()]
    return frame("programme family_id is_identified change", *rows)


@pytest.fixture
def before():
    listed = dict.fromkeys("abcd", (True, "same"))
    return tables(cohort(**listed, e=(False, None), g=(False, None)))


def tables(cohort, *events):
    empty = {name: pd.DataFrame() for name in ("person_records", "persons", "households", "families")}
    deliveries = frame("feed table_name status reason accepted rejected repaired")
    return {
        **empty,
        "cohort": cohort,
        "deliveries": deliveries,
        "identity_events": frame("kind id event other_id", *events),
    }


def test_a_listed_family_that_joined_another_or_is_no_more_is_counted(before):
    now = cohort(a=(True, "same"), b=(False, "left"), e=(True, "new"), f=(True, "new"))
    events = (
        ("family", "c", "joined", "a"),
        ("family", "d", "gone", None),
        ("family", "g", "gone", None),
        ("person", "a", "joined", "x"),
    )
    summary = summarise("2026-10", tables(now, *events), before)
    assert summary.changes == {"same": 1, "left": 1, "new": 2, "joined": 1, "gone": 1}
    was = sum(summary.changes[name] for name in ("same", "left", "joined", "gone"))
    assert was == summary.before["identified"]
    assert summary.changes["same"] + summary.changes["new"] == summary.counts["identified"]


def test_where_every_listed_family_is_still_one_nothing_is_told_of_others(before):
    now = cohort(a=(True, "same"), b=(True, "same"), c=(True, "same"), d=(False, "left"))
    assert summarise("2026-10", tables(now), before).changes == {"same": 3, "left": 1}
