"""What stood at attachment: seen in the month's own rows and members, recorded once, and kept."""

import json

import pandas as pd
import pytest

from programme import baselines, outcomes, profile
from schemas import frames, internal

P1 = profile.load("troubled-families-phase-1")
SF = profile.load("supporting-families-2022")
THEN, NOW = "2026-01-31", "2026-10-31"
ATTACHED = pd.Series({"F1": pd.Timestamp("2026-01-20")}, name="attached_on").rename_axis("family_id")
ASB = "P1.RES.A2"


def _council(new_council, *, then, since=(), late=()):
    council = new_council()
    council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
    council.pupil("F1.child_1")
    council.late.update(late)
    for number, day in enumerate([*then, *since]):
        key = {"occurrence_id": f"O{number}", "nominal_id": "F1.mother_1", "role": "suspect", "kind": "asb"}
        council.row("police", "occurrences", **key, occurred_on=day)
    return council


FIVE = [f"2025-12-{day:02}" for day in range(1, 6)]


@pytest.fixture
def recorded(new_council):
    return baselines.record(P1, ATTACHED, _council(new_council, then=FIVE).month(THEN))


def _judge(council, recorded, pack=P1):
    attached = ATTACHED.reset_index().assign(closed_on=pd.NaT).astype({"family_id": "string[pyarrow]"})
    return outcomes.judge(pack, attached, council.month(NOW), baselines=recorded).set_index("outcome_id")


def test_a_baseline_keeps_its_contract_and_says_which_month_it_is_of(recorded):
    pd.testing.assert_frame_equal(frames.conform(recorded, internal.Baseline), recorded)
    assert len(recorded) == len(baselines.asked(P1))
    row = recorded.set_index("rule").loc[ASB]
    assert (row["value"], row["taken_from"], row["state"]) == (5.0, "2026-01", "met")
    assert len(json.loads(row["evidence"])) == 5


def test_rows_that_come_or_go_later_leave_the_baseline_as_it_was_recorded(new_council, recorded):
    corrected = _council(new_council, then=FIVE[:2], since=["2026-09-01", "2026-09-02"])
    assert _judge(corrected, None).loc[ASB, ["baseline", "state"]].tolist() == [2.0, "not_met"]
    kept = _judge(corrected, recorded).loc[ASB]
    assert kept[["baseline", "latest", "change", "state"]].tolist() == [5.0, 2.0, -3.0, "met"]
    assert {row["source_id"] for row in json.loads(kept["evidence"])} >= {"O4|F1.mother_1"}


def test_members_who_came_later_do_not_change_what_stood_then(new_council, recorded):
    council = _council(new_council, then=FIVE)
    council.family("F1", father_1="1988-01-01")
    for number, day in enumerate(FIVE):
        key = {"occurrence_id": f"P{number}", "nominal_id": "F1.father_1", "role": "suspect", "kind": "asb"}
        council.row("police", "occurrences", **key, occurred_on=day)
    assert _judge(council, None).loc[ASB, "baseline"] == 10.0
    assert _judge(council, recorded).loc[ASB, "baseline"] == 5.0


def test_a_feed_that_was_late_then_can_only_have_counted_too_little(new_council):
    late = baselines.record(P1, ATTACHED, _council(new_council, then=FIVE[:1], late=["police"]).month(THEN))
    late = late.assign(extract_on=pd.Timestamp("2025-12-31"))
    more = _council(new_council, then=[], since=["2026-09-01"])
    none = _council(new_council, then=[])
    assert _judge(more, late).loc[ASB, "state"] == "unknown"
    assert _judge(none, late).loc[ASB, "state"] == "met"


def test_a_need_unknown_then_and_found_in_rows_that_came_later_has_to_be_made_good(new_council):
    silent = baselines.record(SF, ATTACHED, _council(new_council, then=[], late=["police"]).month(THEN))
    told = _judge(_council(new_council, then=["2025-03-01"]), silent, SF)
    assert told["state"].to_dict() == {"SF7.1": "met", "SF.RES": "met"}
    assert told.loc["SF.RES", "baseline"] == 0.0


def test_what_is_recorded_is_kept_and_only_what_is_new_is_recorded(recorded):
    kept = baselines.still_asked(P1, recorded, ATTACHED)
    assert len(kept) == len(recorded)
    assert baselines.unrecorded(P1, kept, ATTACHED).empty
    again = pd.Series({"F1": pd.Timestamp("2026-08-01")}).rename_axis("family_id")
    assert baselines.still_asked(P1, recorded, again).empty
    other = recorded.assign(value=99.0)
    assert 99.0 not in set(baselines.merged(recorded, other)["value"])


def test_each_case_of_a_family_that_was_taken_on_as_two_has_a_baseline_of_its_own(recorded):
    later = pd.Series({"F1": pd.Timestamp("2026-08-01")}).rename_axis("family_id")
    both = pd.concat([ATTACHED, later])
    assert baselines.unrecorded(P1, recorded, both).to_dict() == later.to_dict()
    other = recorded.assign(attached_on=pd.Timestamp("2026-08-01"), value=99.0)
    merged = baselines.merged(recorded, other)
    assert len(merged) == 2 * len(recorded)
    assert len(baselines.still_asked(P1, merged, both)) == len(merged)
    assert baselines.unrecorded(P1, merged, both).empty


def test_a_rule_that_changed_is_seen_anew(recorded):
    wirral = profile.load("wirral-phase-1")
    kept = baselines.still_asked(wirral, recorded, ATTACHED)
    assert "P1.RES.A1" not in set(kept["rule"])
    assert list(baselines.unrecorded(wirral, kept, ATTACHED).index) == ["F1"]
