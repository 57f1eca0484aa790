"""Evidence packs and spot-check samples."""

import json

import pandas as pd
import pytest

from programme import claims, cohort, evidence, needs, outcomes, profile, sampling
from schemas import casebook, frames, published
from schemas.registry import PUBLISHED_TABLES

P1 = profile.load("troubled-families-phase-1")


@pytest.fixture(scope="module")
def month(new_council):
    council = new_council()
    council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
    council.family("F2", mother_1="1990-01-01", child_1="2013-05-05")
    council.pupil("F1.child_1")
    council.no_sessions("F1.child_1", "autumn", "spring")
    council.sessions("F1.child_1", year="2024/25", term="summer", possible=200, authorised=0, unauthorised=50)
    council.sessions("F1.child_1", year="2025/26", term="summer", possible=200, authorised=0, unauthorised=10)
    for person in ("F1.child_1", "F2.child_1"):
        key = {"occurrence_id": f"O.{person}", "nominal_id": person, "role": "offender", "kind": "crime"}
        council.row("police", "occurrences", **key, occurred_on="2025-10-01", proven=True)
    held = council.month()
    taken = pd.DataFrame({"family_id": ["F1"], "attached_on": [pd.Timestamp("2026-01-01")], "closed_on": pd.NaT})
    taken = frames.conform(taken.reindex(columns=frames.column_names(published.Attachment)), published.Attachment)
    judged = outcomes.judge(P1, taken, held)
    tables = {name: frames.empty(model) for name, model in PUBLISHED_TABLES.items()} | {
        "needs": needs.judge(P1, held),
        "outcomes": judged,
        "attachments": taken,
        "claims": claims.assess(P1, judged, taken, as_of=held.as_of),
        "family_members": held.family_members,
        "person_records": held.person_records.assign(basis="alone"),
    }
    return evidence.Published(tables)


def test_a_pack_holds_the_rows_the_rules_and_the_people_of_the_claim_and_nobody_else(month):
    claim = month.tables["claims"].loc[0, "claim_id"]
    made = evidence.pack(claim, P1, month)
    assert made["programme"]["sha256"] == P1.sha256
    shown = {row["outcome_id"]: row for row in made["results"]}
    assert shown["P1.RES.A1"]["is_claimed"]
    assert {each["table"] for each in shown["P1.RES.A1"]["evidence"]} == {"attendance"}
    assert shown["P1.RES.A3"]["rule"][1].endswith("down by at least 33%")
    text = evidence.as_text(made)
    assert "F2" not in text
    assert json.loads(text) == made
    assert text == evidence.as_text(evidence.pack(claim, P1, month))


def _said(**rows):
    frames_ = {
        "pairs": casebook.CasebookDecision,
        "homes": casebook.HouseholdDecision,
        "members": casebook.FamilyConfirmation,
    }
    made = {}
    for name, model in frames_.items():
        columns = frames.column_names(model)
        made[name] = frames.conform(pd.DataFrame(rows.get(name, []), columns=columns), model)
    return evidence.Said(**made)


def _pair(left, right, decided_by):
    sides = {f"{side}_{part}": value for side, key in (("left", left), ("right", right)) for part, value in key.items()}
    return {**sides, "decision": "same", "decided_by": decided_by, "decided_on": "2026-10-05", "reason": "it is Jo"}


def test_a_pack_says_who_decided_of_the_familys_records_home_and_members_but_not_in_their_words(month):
    record = {"feed": "police", "table": "nominals", "id": "F1.child_1"}
    strangers = [{"feed": "police", "table": "nominals", "id": f"F2.{who}"} for who in ("mother_1", "child_1")]
    day = pd.Timestamp("2026-10-05")
    said = _said(
        pairs=[_pair(strangers[0], record, "U1"), _pair(*strangers, "U2")],
        homes=[
            {"left_person_id": "F1.mother_1", "right_person_id": "X", "decision": "apart", "decided_on": day},
            {"left_person_id": "F2.mother_1", "right_person_id": "X", "decision": "apart", "decided_on": day},
        ],
        members=[{"family_id": "F1", "person_id": "F1.child_1", "is_member": True, "decided_on": day}],
    )
    made = evidence.pack(month.tables["claims"].loc[0, "claim_id"], P1, month, said=said)
    nobody = evidence.pack(made["claim"]["claim_id"], P1, month, said=_said())["identity"]["decided"]
    assert nobody == {"pairs": [], "homes": [], "members": []}
    decided = made["identity"]["decided"]
    assert [row["decided_by"] for row in decided["pairs"]] == ["U1"]
    assert [row["left_person_id"] for row in decided["homes"]] == ["F1.mother_1"]
    assert [row["person_id"] for row in decided["members"]] == ["F1.child_1"]
    assert "it is Jo" not in evidence.as_text(made)


def test_a_pack_says_why_the_family_is_on_the_list_and_by_what_rule(month):
    listed = cohort.identify(P1, month.tables["needs"], _families(), month="2026-10")
    made = evidence.pack(
        month.tables["claims"].loc[0, "claim_id"], P1, evidence.Published({**month.tables, "cohort": listed})
    )
    (row,) = made["identified"]
    assert (row["family_id"], row["is_identified"]) == ("F1", False)
    assert "headline" in row["reason"]
    assert made["identification"][0] == "at least 3 different headlines met"


def _families():
    return pd.DataFrame({"family_id": ["F1", "F2"], "children": [1, 1]}).astype({"family_id": "string[pyarrow]"})


def test_a_claim_that_is_not_there_has_no_pack(month):
    with pytest.raises(KeyError, match="No claim C0"):
        evidence.pack("C0", P1, month)


def _claims(**routes):
    rows = [(f"C{route}{n:03}", route, "submitted") for route, count in routes.items() for n in range(count)]
    return pd.DataFrame(rows, columns=["claim_id", "route", "status"])


def test_a_sample_is_a_tenth_of_each_route_and_at_least_one():
    drawn = sampling.sample(_claims(A=95, C=3), percent=10, seed=7)
    assert drawn.groupby("route").size().to_dict() == {"A": 10, "C": 1}


def test_a_sample_can_be_drawn_again_whatever_the_order():
    made = _claims(A=95, C=30)
    first = sampling.sample(made, percent=10, seed=7)
    again = sampling.sample(made.sample(frac=1, random_state=3), percent=10, seed=7)
    pd.testing.assert_frame_equal(first, again)
    assert list(sampling.sample(made, percent=10, seed=8)["claim_id"]) != list(first["claim_id"])


def test_withdrawn_claims_are_not_drawn():
    made = _claims(A=10).assign(status="withdrawn")
    assert sampling.sample(made, percent=10, seed=7).empty
