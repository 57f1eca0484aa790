"""Claim watch: what a later month would undo is named by what changed since the claim was submitted."""

import json

import pandas as pd
import pytest

from programme import claims, profile
from programme.claim_watch import Compared
from programme.rulebook import in_force
from programme.watch import Standing

P1 = profile.load("troubled-families-phase-1")
P2 = profile.load("troubled-families-phase-2")
A = ("P1.RES.A1", "P1.RES.A2", "P1.RES.A3")
NO_EVENTS = pd.DataFrame(columns=["month", "kind", "id", "event", "other_id", "cause"], dtype="string[pyarrow]")


def _row(feed, table, source_id, *, month="2026-06", line=2):
    return {
        "feed": feed, "table": table, "source_id": source_id, "received_for": month, "file_sha256": "ab", "line": line
    }  # fmt: skip


def _standing(month, states, *, rows=(), records=(), members=("child",), family="F1", rules=P1):
    outcomes = pd.DataFrame(
        [(family, key, state, json.dumps(list(rows) if state != "met" else [])) for key, state in states.items()],
        columns=["family_id", "outcome_id", "state", "evidence"],
    )
    held = [(*record.split("/"), person) for record, person in dict(records).items()]
    return Standing(
        month=month,
        family_id=family,
        outcomes=outcomes,
        person_records=pd.DataFrame(held, columns=["feed", "table_name", "source_id", "person_id"]),
        family_members=pd.DataFrame({"family_id": family, "person_id": list(members)}),
        rules=in_force(rules),
    )


def _warning(then, now, *, pack=P1, events=NO_EVENTS, silent=(), route="A"):
    """The warning of a paid claim that stood as `then` and is looked at as `now`."""
    attached = pd.DataFrame({"family_id": ["F1"], "attached_on": [pd.Timestamp("2012-06-01")]})
    claim = {"claim_id": "C1", "family_id": "F1", "route": route, "amount_gbp": 700, "window": "2026-27 Q1"}
    previous = pd.DataFrame([{**claim, "status": "paid", "warning": None}])
    feeds = pd.DataFrame({"feed": list(silent), "is_late": True, "never_delivered": False})
    compared = Compared(then=lambda _, __: then, now=lambda _: now, events=events)
    told = claims.assess(
        pack, now.outcomes, attached, as_of=pd.Timestamp("2026-10-31"), previous=previous, feeds=feeds,
        compared=compared,
    )  # fmt: skip
    return told.loc[0, "warning"]


MET = dict.fromkeys(A, "met")
STOOD = _standing("2026-06", MET)


def test_a_late_feed_is_named():
    now = _standing("2026-10", {**MET, "P1.RES.A2": "unknown"})
    assert _warning(STOOD, now, silent=["police", "mash"]).endswith(
        "cannot be judged this month; police has delivered nothing for 2026-10"
    )


def test_a_siblings_new_absence_is_named_by_its_row_and_whose_it_is():
    attendance = _row("school", "attendance", "A2|2026/27|autumn|O", month="2026-10", line=14)
    records = {"school/pupils/A2": "sibling"}
    members = ("child", "sibling")
    then = _standing("2026-06", MET, records=records, members=members)
    now = _standing("2026-10", {**MET, "P1.RES.A1": "not_met"}, rows=[attendance], records=records, members=members)
    told = _warning(then, now)
    assert told.startswith("P1.RES.A1 (Education")
    assert told.endswith(
        "new since 2026-06: school/attendance A2|2026/27|autumn|O of person sibling, line 14 of the file for 2026-10"
    )


@pytest.mark.parametrize(("cause", "why"), [("human", " (a person decided)"), ("data", "")])
def test_one_corrected_match_is_named_by_the_record_and_both_persons(cause, why):
    then = _standing("2026-06", MET, records={"police/nominals/N7": "stranger", "school/pupils/A1": "child"})
    now = _standing(
        "2026-10",
        {**MET, "P1.RES.A3": "not_met"},
        records={"police/nominals/N7": "child", "school/pupils/A1": "child"},
    )
    event = {"month": "2026-09", "kind": "person", "id": "stranger", "event": "joined", "other_id": "child"}
    events = pd.DataFrame([{**event, "cause": cause}])
    told = _warning(then, now, events=events)
    assert told.endswith(f"record police/nominals N7 was moved from person stranger to person child{why}")


def test_a_record_of_people_who_are_not_of_the_family_is_not_named():
    then = _standing("2026-06", MET, records={"police/nominals/N7": "stranger"})
    now = _standing("2026-10", {**MET, "P1.RES.A3": "not_met"}, records={"police/nominals/N7": "another"})
    assert "N7" not in _warning(then, now)


def test_more_records_than_can_be_read_are_counted():
    keys = [f"police/nominals/N{n}" for n in range(5)]
    then = _standing("2026-06", MET, records=dict.fromkeys(keys, "stranger"))
    now = _standing("2026-10", {**MET, "P1.RES.A3": "not_met"}, records=dict.fromkeys(keys, "child"))
    assert _warning(then, now).endswith("and 2 more records moved")


def test_a_family_joined_and_who_came_with_it_are_named():
    now = _standing("2026-10", {**MET, "P1.RES.A1": "not_met"}, members=("child", "cousin"))
    event = {"month": "2026-08", "kind": "family", "id": "F9", "event": "joined", "other_id": "F1", "cause": "data"}
    told = _warning(STOOD, now, events=pd.DataFrame([event]))
    assert "family F9 was joined to family F1 in 2026-08" in told
    assert "person cousin came into the family" in told


def test_events_before_the_claim_was_submitted_are_no_cause():
    event = {"month": "2026-05", "kind": "family", "id": "F9", "event": "joined", "other_id": "F1", "cause": "data"}
    told = _warning(STOOD, _standing("2026-10", {**MET, "P1.RES.A1": "not_met"}), events=pd.DataFrame([event]))
    assert "F9" not in told
    assert told.endswith("nothing that it rests on has changed since 2026-06: the time looked at has moved on")


def test_a_changed_rule_is_named_with_what_it_asked_and_asks():
    now = _standing("2026-10", {**MET, "P1.RES.A2": "not_met"}, rules=profile.load("wirral-phase-1"))
    told = _warning(STOOD, now)
    assert "the rule P1.RES.A2 was changed" in told
    assert "down by at least 60%" in told
    assert "down by at least 67%" in told


def test_of_a_result_of_many_needs_only_the_one_that_fell_is_looked_at():
    incident = _row("police", "occurrences", "O9|N7", month="2026-10")
    then = _standing("2026-06", {"P2.RES": "met", "P2.5.a": "met", "P2.2.b": "met"}, rules=P2)
    states = {"P2.RES": "unknown", "P2.5.a": "unknown", "P2.2.b": "met"}
    now = _standing("2026-10", states, rows=[incident], records={"police/nominals/N7": "child"}, rules=P2)
    told = _warning(then, now, pack=P2, silent=["jobcentre", "police"], route="progress")
    assert "police has delivered nothing" in told
    assert "jobcentre" not in told
    assert "O9|N7 of person child" in told


def test_a_claim_that_still_stands_is_not_looked_into():
    def never(*_):
        raise AssertionError

    compared = Compared(then=never, now=never, events=NO_EVENTS)
    claim = {"claim_id": "C1", "family_id": "F1", "route": "A", "amount_gbp": 700, "window": "2026-27 Q1"}
    told = claims.assess(
        P1, STOOD.outcomes, pd.DataFrame({"family_id": ["F1"], "attached_on": [pd.Timestamp("2012-06-01")]}),
        as_of=pd.Timestamp("2026-10-31"), previous=pd.DataFrame([{**claim, "status": "paid", "warning": None}]),
        compared=compared,
    )  # fmt: skip
    assert told["warning"].isna().all()
