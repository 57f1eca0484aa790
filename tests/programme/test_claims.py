"""Claims: one for a family in a phase, never lost, warned when a later month would undo one."""

import pandas as pd
import pytest

from programme import claims, profile
from programme.errors import ClaimError
from schemas import frames, published

P1 = profile.load("troubled-families-phase-1")
A = ("P1.RES.A1", "P1.RES.A2", "P1.RES.A3")
AS_OF = pd.Timestamp("2013-06-30")


def _outcomes(states, family="F1"):
    rows = [(family, key, state) for key, state in states.items()]
    return pd.DataFrame(rows, columns=["family_id", "outcome_id", "state"]).astype("string[pyarrow]")


def _attached(on="2012-06-01", family="F1"):
    frame = pd.DataFrame({"family_id": [family], "attached_on": [pd.Timestamp(on)]})
    return frame.astype({"family_id": "string[pyarrow]"})


def _assess(states, previous=None, **more):
    return claims.assess(P1, _outcomes(states), _attached(), as_of=AS_OF, previous=previous, **more)


def _met(*keys, **others):
    return {**dict.fromkeys((*A, "P1.RES.B", "P1.RES.C"), "not_met"), **dict.fromkeys(keys, "met"), **others}


def _at(claims_, status):
    return claims_.assign(status=pd.Series([status] * len(claims_), dtype="string[pyarrow]"))


def test_a_claim_keeps_the_contract():
    made = _assess(_met(*A))
    pd.testing.assert_frame_equal(frames.conform(made, published.Claim), made)
    assert made.loc[0, ["route", "amount_gbp", "window", "status"]].tolist() == ["A", 700, "2013-14 Q1", "eligible"]


def test_what_is_neutral_does_not_stand_in_the_way_but_cannot_carry_a_claim():
    assert list(_assess({**_met(), **dict.fromkeys(A, "neutral"), "P1.RES.A2": "met"})["route"]) == ["A"]
    assert _assess({**_met(), **dict.fromkeys(A, "neutral")}).empty


@pytest.mark.parametrize("state", ["not_met", "unknown"])
def test_one_result_that_is_not_there_makes_no_claim(state):
    assert _assess({**_met(*A), "P1.RES.A3": state}).empty


def test_progress_to_work_alone_is_no_claim():
    assert _assess(_met("P1.RES.B")).empty


def test_the_fee_is_that_of_the_year_of_attachment_not_of_the_claim():
    made = claims.assess(P1, _outcomes(_met("P1.RES.C")), _attached("2013-03-31"), as_of=pd.Timestamp("2015-01-31"))
    assert list(made["amount_gbp"]) == [800]


def test_a_family_attached_outside_the_schemes_years_is_reckoned_and_warned():
    made = claims.assess(P1, _outcomes(_met("P1.RES.C")), _attached("2026-01-01"), as_of=pd.Timestamp("2026-10-31"))
    assert made.loc[0, "warning"] == "attached outside the scheme's years; reckoned at the rates of 2014-15"


def test_the_same_claim_has_the_same_id_each_month_and_is_made_once():
    first = _assess(_met(*A))
    second = _assess(_met(*A), previous=first)
    pd.testing.assert_frame_equal(first, second)


def test_a_claim_nobody_has_acted_on_takes_the_better_route():
    first = _assess(_met(*A))
    assert list(_assess(_met(*A, "P1.RES.B"), previous=first)["route"]) == ["A+B"]
    assert list(_assess(_met(*A, "P1.RES.B"), previous=_at(first, "submitted"))["route"]) == ["A"]


def test_a_later_month_that_would_undo_a_claim_warns_and_names_the_cause():
    paid = _at(_assess(_met(*A)), "paid")
    again = _assess({**_met(*A), "P1.RES.A1": "not_met"}, previous=paid)
    assert list(again["status"]) == ["paid"]
    assert again.loc[0, "warning"].startswith("P1.RES.A1 (Education: each child")
    assert again.loc[0, "warning"].endswith("is no longer met")


def test_a_late_feed_is_named_in_the_warning():
    paid = _at(_assess(_met(*A)), "submitted")
    feeds = pd.DataFrame(
        {"feed": ["police", "school", "mash"], "is_late": [True, False, True], "never_delivered": False}
    )
    again = _assess({**_met(*A), "P1.RES.A2": "unknown"}, previous=paid, feeds=feeds)
    assert again.loc[0, "warning"].endswith("cannot be judged this month; no delivery from: police")


def test_a_warning_goes_when_its_cause_does():
    paid = _at(_assess(_met(*A)), "paid")
    warned = _assess(_met(), previous=paid)
    assert pd.isna(_assess(_met(*A), previous=warned).loc[0, "warning"])


def test_the_note_that_a_claim_was_made_with_outlives_a_warning():
    made = claims.assess(P1, _outcomes(_met("P1.RES.C")), _attached("2026-01-01"), as_of=pd.Timestamp("2026-10-31"))
    later = {"as_of": pd.Timestamp("2026-11-30")}
    warned = claims.assess(P1, _outcomes(_met()), _attached("2026-01-01"), previous=_at(made, "paid"), **later)
    assert warned.loc[0, "warning"].startswith("P1.RES.C")
    again = claims.assess(P1, _outcomes(_met("P1.RES.C")), _attached("2026-01-01"), previous=warned, **later)
    assert list(again["warning"]) == list(made["warning"])


def test_a_claim_of_a_family_that_is_gone_stays_on_record_and_says_so():
    paid = _at(_assess(_met(*A)), "paid")
    again = claims.assess(P1, _outcomes({}), _attached(family="F2"), as_of=AS_OF, previous=paid)
    assert list(again["family_id"]) == ["F1"]
    assert "matched anew" in again.loc[0, "warning"]


def test_a_withdrawn_claim_stays_and_a_new_one_may_be_made():
    gone = _at(_assess(_met(*A)), "withdrawn")
    again = _assess(_met(*A), previous=gone)
    assert sorted(again["status"]) == ["eligible", "withdrawn"]
    assert again["claim_id"].is_unique


def _decided(*steps):
    made = _assess(_met(*A))
    rows = [(made.loc[0, "claim_id"], status, who) for status, who in steps]
    decisions = pd.DataFrame(rows, columns=["claim_id", "status", "decided_by"])
    return claims.statuses(made, decisions).loc[0, "status"]


def test_two_people_check_and_approve():
    assert _decided(("checked", "one"), ("approved", "two"), ("submitted", "one")) == "submitted"


def test_one_person_cannot_do_both():
    with pytest.raises(ClaimError, match="the approval must be another's"):
        _decided(("checked", "one"), ("approved", "one"))


def test_no_step_is_left_out():
    with pytest.raises(ClaimError, match="is eligible and cannot become submitted; allowed: checked, withdrawn"):
        _decided(("submitted", "one"))


def test_a_paid_claim_can_still_be_withdrawn_but_not_brought_back():
    steps = (("checked", "one"), ("approved", "two"), ("submitted", "one"), ("paid", "two"), ("withdrawn", "one"))
    assert _decided(*steps) == "withdrawn"
    with pytest.raises(ClaimError, match="allowed: nothing"):
        _decided(*steps, ("eligible", "one"))
