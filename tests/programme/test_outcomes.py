"""Results of attached families beyond the reference's cases: what is shown, what is too early, what was found since."""

import json

import pandas as pd
import pytest

from programme import baselines, outcomes, profile
from programme.standing import counted_from
from schemas import frames, published

P1 = profile.load("troubled-families-phase-1")
SF = profile.load("supporting-families-2022")


def _attached(on="2026-01-01", family="F1", closed=None):
    days = {"attached_on": [pd.Timestamp(on)], "closed_on": [pd.to_datetime(closed)]}
    frame = pd.DataFrame({"family_id": [family], **days}).astype({"closed_on": "datetime64[ns]"})
    return frame.astype({"family_id": "string[pyarrow]"})


@pytest.fixture
def one_family(council):
    council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
    council.pupil("F1.child_1", young_carer="N")
    council.no_sessions("F1.child_1", "autumn", "spring")
    council.sessions("F1.child_1", year="2024/25", term="summer", possible=200, authorised=0, unauthorised=50)
    council.sessions("F1.child_1", year="2025/26", term="summer", possible=200, authorised=0, unauthorised=10)
    return council


def _judge(council, pack, on="2026-01-01", as_of="2026-10-31", **more):
    return outcomes.judge(pack, _attached(on), council.month(as_of), **more).set_index("outcome_id")


def test_outcomes_keep_the_contract(one_family):
    judged = outcomes.judge(P1, _attached(), one_family.month())
    assert list(judged["outcome_id"]) == list(P1.outcomes)
    pd.testing.assert_frame_equal(frames.conform(judged, published.Outcome), judged)


def test_no_attachment_is_no_outcome(one_family):
    assert outcomes.judge(P1, _attached().head(0), one_family.month()).empty


def test_a_family_that_is_gone_is_not_judged(one_family):
    assert outcomes.judge(P1, _attached(family="F9"), one_family.month()).empty


def test_a_family_is_not_judged_before_it_is_attached(one_family):
    assert outcomes.judge(P1, _attached("2026-11-01"), one_family.month()).empty


@pytest.mark.parametrize(
    ("cases", "counts"),
    [
        ([("2026-01-01", None), ("2026-06-01", None)], "2026-01-01"),
        ([("2026-06-01", None), ("2026-01-01", None)], "2026-01-01"),
        ([("2026-01-01", "2026-05-01"), ("2026-06-01", None)], "2026-06-01"),
        ([("2026-01-01", "2026-11-05"), ("2026-06-01", None)], "2026-01-01"),
        ([("2026-01-01", "2026-10-05"), ("2026-06-01", "2026-09-05")], "2026-01-01"),
        ([("2026-01-01", "2026-05-01"), ("2026-06-01", "2026-10-05")], "2026-06-01"),
        ([("2026-01-01", None), ("2026-11-01", None)], "2026-01-01"),
    ],
)
def test_of_several_cases_the_first_that_is_open_counts_else_the_one_closed_last(cases, counts):
    attached = pd.concat([_attached(on, closed=closed) for on, closed in cases], ignore_index=True)
    assert counted_from(attached, pd.Timestamp("2026-10-31")).to_dict() == {"F1": pd.Timestamp(counts)}


def test_a_family_that_was_taken_on_as_two_is_reckoned_from_the_first_with_that_ones_baseline(one_family):
    both = pd.concat([_attached("2026-08-20"), _attached()], ignore_index=True)
    then = [
        baselines.record(P1, each.set_index("family_id")["attached_on"], one_family.month())
        for each in (_attached("2026-08-20"), _attached())
    ]
    recorded = pd.concat(then, ignore_index=True)
    judged = outcomes.judge(P1, both, one_family.month(), baselines=recorded).set_index("outcome_id")
    alone = _judge(one_family, P1)
    pd.testing.assert_frame_equal(judged, alone)
    assert judged.loc["P1.RES.A1", "baseline"] == 25.0


def test_baseline_latest_and_change_stand_beside_the_rows_that_show_them(one_family):
    row = _judge(one_family, P1).loc["P1.RES.A1"]
    assert (row["state"], row["baseline"], row["latest"], row["change"]) == ("met", 25.0, 5.0, -20.0)
    assert {each["table"] for each in json.loads(row["evidence"])} == {"attendance"}


def test_each_need_had_is_a_row_and_all_of_them_make_the_result(one_family):
    one_family.nominate("F1.mother_1", "SF5.1", on="2025-06-01", expires="2026-02-01")
    one_family.sessions("F1.child_1", year="2026/27", term="autumn", possible=200, authorised=0, unauthorised=10)
    judged = _judge(one_family, SF, as_of="2026-12-31")
    assert judged["state"].to_dict() == {"SF1.1": "met", "SF5.1": "met", "SF.RES": "met"}
    assert judged.loc["SF.RES", ["baseline", "latest"]].tolist() == [2.0, 0.0]


def test_a_change_that_has_not_lasted_long_enough_is_no_result_yet(one_family):
    one_family.nominate("F1.mother_1", "SF5.1", on="2025-06-01", expires="2026-01-15")
    assert _judge(one_family, SF, as_of="2026-06-30").loc["SF5.1", "state"] == "not_met"
    assert _judge(one_family, SF, as_of="2026-07-31").loc["SF5.1", "state"] == "met"


def test_a_need_found_after_attachment_has_to_be_made_good_as_well(one_family):
    one_family.nominate("F1.mother_1", "SF5.1", on="2026-09-01")
    judged = _judge(one_family, SF)
    assert judged.loc["SF5.1", "state"] == "not_met"
    assert judged.loc["SF.RES", "state"] == "not_met"


def test_a_need_found_after_attachment_leaves_the_baseline_where_it_stood(one_family):
    one_family.nominate("F1.mother_1", "SF5.1", on="2026-09-01")
    earlier, now = (_judge(one_family, SF, as_of=day).loc["SF.RES"] for day in ("2026-08-31", "2026-10-31"))
    assert earlier[["baseline", "latest", "change"]].tolist() == [1.0, 1.0, 0.0]
    assert now[["baseline", "latest", "change"]].tolist() == [1.0, 2.0, 1.0]


def test_a_need_that_came_and_went_between_is_known_from_the_published_months(one_family):
    for family in ("F2", "F3"):
        one_family.family(family, mother_1="1990-01-01", child_1="2013-05-05")
    attached = pd.concat([_attached(family=family) for family in ("F1", "F2", "F3")], ignore_index=True)
    published_needs = {"F1": "2026-03", "F3": "2025-12"}
    history = pd.DataFrame({"family_id": list(published_needs), "month": list(published_needs.values())})
    history = history.assign(criterion_id="SF8.1", state="met").astype("string[pyarrow]")
    judged = outcomes.judge(SF, attached, one_family.month(), history=history)
    assert list(judged.loc[judged["outcome_id"] == "SF8.1", "family_id"]) == ["F1"]


def test_an_absent_feed_is_unknown_never_improved(one_family):
    one_family.nominate("F1.mother_1", "SF5.1", on="2025-06-01", expires="2026-02-01")
    one_family.late.add("nominations")
    assert _judge(one_family, SF).loc["SF5.1", "state"] == "unknown"
    one_family.never.add("school")
    assert _judge(one_family, P1).loc["P1.RES.A1", "state"] in {"unknown", "not_met"}


def test_a_new_incident_in_a_late_feed_still_disproves(one_family):
    for n, day in enumerate(["2025-10-01", "2026-06-01", "2026-06-02"]):
        key = {"occurrence_id": f"O{n}", "nominal_id": "F1.mother_1", "role": "suspect", "kind": "asb"}
        one_family.row("police", "occurrences", **key, occurred_on=day)
    one_family.late.add("police")
    assert _judge(one_family, P1).loc["P1.RES.A2", "state"] == "not_met"


def test_work_is_not_counted_while_the_benefit_is_still_paid(one_family):
    claim = {"claimant_id": "F1.mother_1", "benefit_code": "IS", "started_on": "2025-01-01"}
    one_family.row("jobcentre", "claims", **claim)
    one_family.row("jobcentre", "employment", claimant_id="F1.mother_1", started_on="2026-03-01")
    assert _judge(one_family, P1).loc["P1.RES.C", "state"] == "not_met"


def test_work_that_another_scheme_pays_for_is_not_claimed_again(one_family):
    claim = {"claimant_id": "F1.mother_1", "benefit_code": "IS", "started_on": "2025-01-01", "ended_on": "2026-03-01"}
    one_family.row("jobcentre", "claims", **claim)
    one_family.row("jobcentre", "employment", claimant_id="F1.mother_1", started_on="2026-03-01")
    assert _judge(one_family, P1).loc["P1.RES.C", "state"] == "met"
    step = {"claimant_id": "F1.mother_1", "action_on": "2026-02-01", "action": "work_programme"}
    one_family.row("jobcentre", "progress", **step)
    assert _judge(one_family, P1).loc["P1.RES.C", "state"] == "not_met"


def test_progress_to_work_is_a_step_within_six_months(one_family):
    one_family.family("F2", mother_1="1990-01-01", child_1="2013-05-05")
    for family, day in (("F1", "2026-04-30"), ("F2", "2026-05-01")):
        step = {"claimant_id": f"{family}.mother_1", "action": "work_programme", "action_on": day}
        one_family.row("jobcentre", "progress", **step)
    attached = pd.concat([_attached(family=family) for family in ("F1", "F2")], ignore_index=True)
    judged = outcomes.judge(P1, attached, one_family.month()).set_index(["family_id", "outcome_id"])["state"]
    assert (judged["F1", "P1.RES.B"], judged["F2", "P1.RES.B"]) == ("not_met", "met")


def test_a_result_that_is_met_shows_the_rows_of_the_need_that_it_turned(one_family):
    one_family.nominate("F1.mother_1", "SF5.1", on="2025-06-01", expires="2026-02-01")
    judged = _judge(one_family, SF)
    assert judged.loc["SF5.1", "state"] == "met"
    for key in ("SF5.1", "SF.RES"):
        shown = json.loads(judged.loc[key, "evidence"])
        assert "nominations" in {row["table"] for row in shown}


def _incident_eight_months_ago(council):
    key = {"occurrence_id": "O1", "nominal_id": "F1.mother_1", "role": "victim", "kind": "domestic_abuse"}
    council.row("police", "occurrences", **key, occurred_on="2026-02-15")
    return council


def test_six_quiet_months_are_a_result_though_the_need_looks_back_twelve(one_family):
    council = _incident_eight_months_ago(one_family)
    assert council.state(SF, "SF8.1") == "met"
    assert _judge(council, SF).loc["SF8.1", "state"] == "met"


def test_a_council_may_ask_that_the_need_is_over_as_well(one_family):
    strict = SF.outcomes["SF.RES"].model_copy(update={"need_must_have_ended": True})
    pack = SF.model_copy(update={"outcomes": {"SF.RES": strict}})
    assert _judge(_incident_eight_months_ago(one_family), pack).loc["SF8.1", "state"] == "not_met"
