"""Which agencies know a family, and when each last had to do with it."""

import pandas as pd
import pytest

from programme.known_agencies import sightings
from schemas.frames import empty
from schemas.registry import FEED_TABLES, PUBLISHED_TABLES

AS_OF = pd.Timestamp(2026, 10, 31)


def frame(model, rows):
    blank = empty(model)
    return pd.DataFrame(rows, columns=blank.columns).astype(blank.dtypes.to_dict())


def day(text):
    return pd.Timestamp(text)


def seen(*, protected=False, person_protected=False, table=None, **rows):
    """One family of one person; `feed__table=[rows]` of what feeds hold. Returns its sightings."""
    tables = {key: empty(model) for key, model in FEED_TABLES.items()}
    records = []
    for name, some in rows.items():
        feed, held = name.split("__")
        dated = [{"extract_on": AS_OF, **row} for row in some]
        tables[feed, held] = frame(FEED_TABLES[feed, held], dated)
        if held in {"pupils", "contacts", "nominals", "people", "claimants", "nominations"}:
            records += [(feed, held, row["source_id"], "p1") for row in some]
    people = {
        "person_records": frame(
            PUBLISHED_TABLES["person_records"],
            [dict(zip(["feed", "table_name", "source_id", "person_id"], row, strict=True)) for row in records],
        ),
        "persons": frame(PUBLISHED_TABLES["persons"], [{"person_id": "p1", "protected": person_protected}]),
        "families": frame(PUBLISHED_TABLES["families"], [{"family_id": "f1", "protected": protected}]),
        "family_members": frame(PUBLISHED_TABLES["family_members"], [{"family_id": "f1", "person_id": "p1"}]),
    }
    found = sightings(people, tables, as_of=AS_OF)
    return found if table is None else found[found["table_name"] == table].iloc[0]


PUPIL = {"source_id": "A1", "school_urn": "100001", "enrolment_status": "C"}


def test_a_child_on_the_roll_is_seen_until_the_school_last_spoke():
    found = seen(school__pupils=[{**PUPIL, "extract_on": day("2026-10-24")}], table="pupils")
    assert (found["school"], found["last_on"], found["contact"]) == ("100001", day("2026-10-24"), "roster")


def test_a_child_who_left_was_seen_until_then():
    found = seen(school__pupils=[{**PUPIL, "left_on": day("2026-07-20")}], table="pupils")
    assert found["last_on"] == day("2026-07-20")


def test_the_school_told_is_the_one_that_saw_the_child_last():
    older = {**PUPIL, "source_id": "A0", "school_urn": "100009", "left_on": day("2025-07-20"), "enrolment_status": "P"}
    found = seen(school__pupils=[older, PUPIL], table="pupils")
    assert (found["school"], found["records"]) == ("100001", 2)


@pytest.mark.parametrize(
    ("roster", "event", "row", "last"),
    [
        ("police/nominals", "police/occurrences", "nominal_id occurred_on=2026-05-01", "2026-05-01"),
        ("police/nominals", "police/asb_interventions", "nominal_id started_on=2026-05-02", "2026-05-02"),
        ("mash/people", "mash/referrals", "mash_id received_on=2026-05-03", "2026-05-03"),
        ("mash/people", "mash/episodes", "mash_id started_on=2026-01-01 ended_on=2026-05-04", "2026-05-04"),
        ("mash/people", "mash/episodes", "mash_id started_on=2026-01-01", "2026-10-31"),
        ("jobcentre/claimants", "jobcentre/claims", "claimant_id started_on=2026-01-01", "2026-10-31"),
        ("jobcentre/claimants", "jobcentre/progress", "claimant_id action_on=2026-05-06", "2026-05-06"),
    ],
)
def test_the_newest_event_is_the_last_contact(roster, event, row, last):
    person, *dates = row.split()
    said = {person: "X"} | {name: day(text) for name, text in (each.split("=") for each in dates)}
    held = {roster.replace("/", "__"): [{"source_id": "X"}], event.replace("/", "__"): [said]}
    found = seen(table=roster.partition("/")[2], **held)
    assert (found["last_on"], found["contact"]) == (day(last), "event")


def test_an_event_after_the_month_is_not_yet_contact():
    future = [{"nominal_id": "X", "occurred_on": day("2026-11-02")}]
    found = seen(police__nominals=[{"source_id": "X"}], police__occurrences=future, table="nominals")
    assert (found["last_on"], found["contact"]) == (AS_OF, "roster")


def test_nominations_are_told_by_agency():
    rows = [
        {"source_id": "V1", "agency": "housing", "nominated_on": day("2026-09-01")},
        {"source_id": "V2", "agency": "housing", "nominated_on": day("2026-09-03")},
        {"source_id": "V3", "agency": "health", "nominated_on": day("2026-08-01")},
    ]
    found = seen(nominations__nominations=rows).set_index("agency")
    assert found["records"].to_dict() == {"health": 1, "housing": 2}
    assert found.loc["housing", "last_on"] == day("2026-09-03")


@pytest.mark.parametrize("hidden", [{"protected": True}, {"person_protected": True}], ids=["family", "person"])
def test_a_protected_familys_school_and_agencies_are_not_told(hidden):
    nomination = [{"source_id": "V1", "agency": "a refuge", "nominated_on": day("2026-09-01")}]
    found = seen(school__pupils=[PUPIL], nominations__nominations=nomination, **hidden)
    assert len(found) == 2
    assert found[["school", "agency"]].isna().all(axis=None)


def test_a_family_whom_nobody_holds_a_record_of_has_no_sightings():
    assert seen().empty
