"""Two months beside each other: the same month differs in nothing, the other order differs the other way round."""

import json

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.differences import Snapshot, differences
from schemas.frames import empty
from schemas.registry import PUBLISHED_TABLES

FAMILIES = [f"f{number}" for number in range(4)]
PEOPLE = [f"p{number}" for number in range(8)]
CRITERIA = ["E1", "E2"]
FEEDS = ["school", "police"]
MIRRORED = {
    "came": "went",
    "went": "came",
    "split": "joined",
    "joined": "split",
    "turned": "turned",
    "members": "members",
}


def frame(table, rows):
    blank = empty(PUBLISHED_TABLES[table])
    return pd.DataFrame(rows, columns=blank.columns).astype(blank.dtypes.to_dict())


def evidence(rows):
    return json.dumps([{"feed": "school", "table": "exclusions", "source_id": row} for row in sorted(rows)])


@st.composite
def snapshots(draw, month="2026-10", day="2026-10-31"):
    families = draw(st.dictionaries(st.sampled_from(FAMILIES), st.sets(st.sampled_from(PEOPLE), min_size=1)))
    keys = [(family, criterion) for family in families for criterion in CRITERIA]
    states = draw(st.lists(st.sampled_from(["met", "not_met", "unknown"]), min_size=len(keys), max_size=len(keys)))
    rows = draw(st.lists(st.sets(st.sampled_from("XYZ")), min_size=len(keys), max_size=len(keys)))
    listed = draw(st.sets(st.sampled_from(FAMILIES)))
    late = draw(st.sets(st.sampled_from(FEEDS)))
    records = draw(st.dictionaries(st.sampled_from(["N1", "N2", "N3"]), st.sampled_from(PEOPLE)))
    run = {name: draw(st.sampled_from("ab")) for name in ("software_version", "model_sha256", "programme_sha256")}
    needs = [
        {
            "family_id": family, "criterion_id": criterion, "state": state, "measure": "m", "operator": ">=",
            "threshold": 1.0, "feed": "school", "window_from": pd.Timestamp(day), "window_to": pd.Timestamp(day),
            "evidence": evidence(some),
        }
        for (family, criterion), state, some in zip(keys, states, rows, strict=True)
    ]  # fmt: skip
    tables = {
        "run": frame("run", [run]),
        "deliveries": frame("deliveries", [{"feed": f, "status": "late" if f in late else "used"} for f in FEEDS]),
        "families": frame("families", [{"family_id": family} for family in families]),
        "family_members": frame(
            "family_members",
            [{"family_id": family, "person_id": person} for family in families for person in sorted(families[family])],
        ),
        "household_members": frame(
            "household_members",
            [{"household_id": "h", "person_id": person} for person in sorted(draw(st.sets(st.sampled_from(PEOPLE))))],
        ),
        "persons": frame(
            "persons", [{"person_id": each, "date_of_birth": pd.Timestamp(2008, 10, 15)} for each in PEOPLE]
        ),
        "cohort": frame("cohort", [{"family_id": each, "is_identified": each in listed} for each in families]),
        "needs": frame("needs", needs),
        "person_records": frame(
            "person_records",
            [
                {"feed": "police", "table_name": "nominals", "source_id": key, "person_id": who}
                for key, who in records.items()
            ],
        ),
    }
    return Snapshot(month, pd.Timestamp(day), tables)


def what(changes, *, mirrored=False):
    rows = changes.astype(object).where(changes.notna(), "").itertuples(index=False)
    sides = ("after", "before") if mirrored else ("before", "after")
    return sorted(
        (
            row.kind, MIRRORED[row.change] if mirrored else row.change, row.family_id, row.other_id, row.criterion_id,
            row.feed, getattr(row, sides[0]), getattr(row, sides[1]),
        )
        for row in rows
    )  # fmt: skip


@given(snapshots())
@settings(max_examples=40, deadline=None)
def test_a_month_beside_itself_differs_in_nothing(month):
    assert differences(month, month).empty


@given(snapshots("2026-09", "2026-09-30"), snapshots())
@settings(max_examples=60, deadline=None)
def test_the_other_way_round_the_differences_are_the_other_way_round(before, after):
    there, back = differences(before, after), differences(after, before)
    assert what(there) == what(back, mirrored=True)


@given(snapshots("2026-09", "2026-09-30"), snapshots())
@settings(max_examples=40, deadline=None)
def test_every_family_that_came_or_went_is_told_once_with_a_cause_in_words(before, after):
    changes = differences(before, after)
    told = changes[changes["kind"].eq("family") & changes["change"].ne("members")]
    families = [set(month.tables["families"]["family_id"]) for month in (before, after)]
    assert sorted(told["family_id"]) == sorted(families[0] ^ families[1])
    assert changes["because"].str.len().gt(0).all()


@given(snapshots("2026-09", "2026-09-30"), snapshots())
@settings(max_examples=40, deadline=None)
def test_every_family_that_stays_and_to_which_others_belong_is_told_once(before, after):
    changes = differences(before, after)
    was, now = (
        month.tables["family_members"].groupby("family_id")["person_id"].agg(frozenset).to_dict()
        for month in (before, after)
    )
    staying = set(before.tables["families"]["family_id"]) & set(after.tables["families"]["family_id"])
    others = sorted(family for family in staying if was.get(family) != now.get(family))
    assert sorted(changes.loc[changes["change"].eq("members"), "family_id"]) == others
