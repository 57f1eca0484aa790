"""A term that is over and of which the school has sent nothing: what can be said of attendance all the same."""

import pandas as pd
import pytest

from programme import outcomes, profile

P1 = profile.load("troubled-families-phase-1")
WIRRAL = profile.load("wirral-phase-1")
DECEMBER = "2026-12-31"
ABSENCE, ATTENDANCE = "P1.ED.5", "WIRRAL1.ED.1"


@pytest.fixture
def child(council):
    """A child whose school has sent spring and summer; on 31 December autumn is over too."""
    council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
    council.pupil("F1.child_1")
    return council


def _delivered(council, *unauthorised, person="F1.child_1", possible=120):
    for (year, term), count in zip(
        (("2025/26", "spring"), ("2025/26", "summer"), ("2026/27", "autumn")), unauthorised, strict=False
    ):
        council.sessions(person, year=year, term=term, possible=possible, authorised=0, unauthorised=count)


def _need(council, pack, criterion, as_of=DECEMBER):
    return council.judge(pack, as_of).set_index("criterion_id").loc[criterion]


@pytest.mark.parametrize(
    ("unauthorised", "state"),
    [
        ((0, 0), "unknown"),  # clean so far: an autumn of truancy would still be 15 % of the three
        ((24, 24), "unknown"),  # 20 % so far: an autumn without a day missed would bring it below 15 %
        ((80, 80), "met"),  # 160 of 240; even with a perfect autumn of every weekday, 160 of 416
        ((0, 0, 0), "not_met"),
        ((24, 24, 20), "met"),
    ],
)
def test_two_terms_of_three_prove_only_what_the_third_cannot_turn(child, unauthorised, state):
    _delivered(child, *unauthorised)
    assert _need(child, P1, ABSENCE)["state"] == state


def test_low_attendance_is_proven_where_no_autumn_could_mend_it(child):
    _delivered(child, 80, 80)
    assert _need(child, WIRRAL, ATTENDANCE)["state"] == "met"


def test_the_need_says_what_it_waits_for(child):
    _delivered(child, 0, 0)
    need = _need(child, P1, ABSENCE)
    assert need["measure"].endswith("the school has sent nothing for a term that is over")
    assert _need(child, P1, ABSENCE, "2026-11-30")["state"] == "not_met"


def test_a_term_in_the_middle_of_which_nothing_came_is_waited_for_as_well(child):
    child.sessions("F1.child_1", term="spring", possible=120, authorised=0, unauthorised=0)
    child.sessions("F1.child_1", year="2026/27", term="autumn", possible=120, authorised=0, unauthorised=0)
    assert _need(child, P1, ABSENCE)["state"] == "unknown"


def test_nobody_waits_for_terms_before_the_childs_first(child):
    child.sessions("F1.child_1", year="2026/27", term="autumn", possible=120, authorised=0, unauthorised=0)
    assert _need(child, P1, ABSENCE)["state"] == "not_met"


def test_a_term_without_a_possible_session_has_been_sent(child):
    _delivered(child, 0, 0)
    child.row(
        "school", "attendance", pupil_id="F1.child_1", academic_year="2026/27", term="autumn",
        attendance_code="X", sessions=120,
    )  # fmt: skip
    assert _need(child, P1, ABSENCE)["state"] == "not_met"


def test_a_child_who_came_after_the_term_is_not_waited_for(council):
    council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
    council.pupil("F1.child_1", entry_on="2027-01-04")
    _delivered(council, 0, 0)
    assert _need(council, P1, ABSENCE, "2027-01-31")["state"] == "not_met"


@pytest.mark.parametrize(("entry_on", "state"), [(None, "not_met"), ("2026-09-01", "unknown")])
def test_where_the_school_sent_others_only_one_known_to_be_there_is_waited_for(council, entry_on, state):
    council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
    council.family("F2", mother_1="1990-01-01", child_1="2013-05-05")
    council.pupil("F1.child_1", entry_on=entry_on)
    council.pupil("F2.child_1")
    _delivered(council, 0, 0)
    _delivered(council, 0, 0, 0, person="F2.child_1")
    judged = council.judge(P1, DECEMBER).set_index(["family_id", "criterion_id"])["state"]
    assert (judged["F1", ABSENCE], judged["F2", ABSENCE]) == (state, "not_met")


def test_the_mean_of_rates_waits_too(child):
    pooled = P1.criteria[ABSENCE].any_of[0]
    mean = P1.criteria[ABSENCE].model_copy(update={"any_of": (pooled.model_copy(update={"pooling": "mean of terms"}),)})
    pack = P1.model_copy(update={"criteria": {ABSENCE: mean}})
    _delivered(child, 30, 30)  # 25 % twice: with nothing at all in autumn the mean is 16.7 %
    assert _need(child, pack, ABSENCE)["state"] == "met"
    council = child
    council.rows["school", "attendance"].clear()
    _delivered(council, 24, 24)  # 20 % twice: 13.3 %
    assert _need(council, pack, ABSENCE)["state"] == "unknown"


def test_no_result_is_reached_on_a_term_that_was_not_sent(child):
    child.sessions("F1.child_1", year="2024/25", term="summer", possible=200, authorised=0, unauthorised=80)
    child.no_sessions("F1.child_1", "autumn")
    _delivered(child, 0, 0)
    attached = child.month().families[["family_id"]].assign(attached_on="2025-09-01", closed_on=pd.NaT)
    attached = attached.astype({"attached_on": "datetime64[ns]"})
    states = {
        day: outcomes.judge(P1, attached, child.month(day)).set_index("outcome_id").loc["P1.RES.A1", "state"]
        for day in ("2026-11-30", DECEMBER)
    }
    assert states == {"2026-11-30": "met", DECEMBER: "unknown"}
