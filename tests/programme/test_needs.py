"""How a need is judged: what proves it, what is too little, and what nobody can say."""

import json
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from programme import needs, profile
from schemas import frames, published

SF = profile.load("supporting-families-2022")


def _incident(council, person, *, kind="domestic_abuse", role="victim", on="2026-05-01", number="O1", **more):
    values = {"occurrence_id": number, "nominal_id": person, "role": role, "occurred_on": on, "kind": kind}
    council.row("police", "occurrences", **values, **more)


def _states(council, criterion_id, cases, write):
    """What a criterion comes to for each case, each a family of its own for which `write` adds the case's rows."""
    for number, case in enumerate(cases):
        council.family(f"F{number}", mother_1="1990-01-01", child_1="2013-05-05")
        write(f"F{number}", case)
    judged = council.judge(SF).set_index(["family_id", "criterion_id"])["state"]
    return {case: judged[f"F{number}", criterion_id] for number, case in enumerate(cases)}


@pytest.fixture
def one_family(council):
    council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
    council.pupil("F1.child_1", young_carer="N")
    return council


def test_needs_keep_the_contract_one_row_for_each_criterion(one_family):
    judged = one_family.judge(SF)
    assert list(judged["criterion_id"]) == list(SF.criteria)
    pd.testing.assert_frame_equal(frames.conform(judged, published.Need), judged)


def test_an_incident_is_met_and_shows_the_row_that_proves_it(one_family):
    _incident(one_family, "F1.mother_1")
    need = one_family.judge(SF).set_index("criterion_id").loc["SF8.1"]
    assert (need["state"], need["person_id"], need["value"], need["feed"]) == ("met", "F1.mother_1", 1.0, "police")
    assert json.loads(need["evidence"]) == [
        {
            "feed": "police",
            "table": "occurrences",
            "source_id": "O1|F1.mother_1",
            "received_for": "2026-10",
            "file_sha256": "0" * 64,
            "line": 2,
        },
    ]


def test_twelve_months_are_whole_months_both_ends_counted(council):
    expected = {"2025-10-31": "not_met", "2025-11-01": "met", "2026-10-31": "met", "2026-11-01": "not_met"}

    def write(family, day):
        _incident(council, f"{family}.mother_1", number=family, on=day)

    assert _states(council, "SF8.1", expected, write) == expected


def test_a_callers_or_victims_anti_social_behaviour_never_counts(council):
    expected = {**dict.fromkeys(("caller", "victim", "witness", "involved"), "not_met"), "suspect": "met"}

    def write(family, role):
        _incident(council, f"{family}.mother_1", number=family, kind="asb", role=role)

    assert _states(council, "SF7.1", expected, write) == expected


def test_an_occurrence_known_only_by_its_address_counts_for_nobody(one_family):
    _incident(one_family, None, kind="asb", role="suspect", uprn="100")
    assert one_family.state(SF, "SF7.1") == "not_met"


def test_one_not_of_the_family_counts_for_nobody_in_it(one_family):
    one_family.family("F2", mother_1="1950-01-01", child_1="2013-05-05")
    _incident(one_family, "F2.mother_1", kind="asb", role="offender")
    judged = one_family.judge(SF).set_index(["family_id", "criterion_id"])["state"]
    assert judged["F2", "SF7.1"] == "met"
    assert judged["F1", "SF7.1"] == "not_met"


@pytest.mark.parametrize("absent", ["late", "never"])
def test_a_feed_that_did_not_speak_never_reads_as_not_met(one_family, absent):
    getattr(one_family, absent).update({"police", "nominations", "mash", "jobcentre", "school"})
    assert set(one_family.judge(SF)["state"]) == {"unknown"}


def test_rows_of_a_late_feed_still_prove(one_family):
    _incident(one_family, "F1.mother_1")
    one_family.late.add("police")
    judged = one_family.judge(SF).set_index("criterion_id")
    assert judged.loc["SF8.1", "state"] == "met"
    assert judged.loc["SF8.1", "extract_on"] == pd.Timestamp("2026-09-30")
    assert judged.loc["SF7.1", "state"] == "unknown"


def test_one_absent_feed_of_several_leaves_the_criterion_unknown(one_family):
    one_family.never.add("nominations")
    judged = one_family.judge(SF).set_index("criterion_id")
    assert judged.loc["SF8.1", ["state", "feed"]].tolist() == ["unknown", "mash+nominations+police"]
    assert judged.loc["SF10.1", "state"] == "not_met"


def test_a_table_that_never_came_leaves_what_rests_on_it_unknown(one_family):
    month = one_family.month()
    feeds = month.feeds.assign(table_name="occurrences")
    tables = [feeds.assign(table_name=name) for name in ("occurrences", "claims")]
    judged = needs.judge(SF, replace(month, feeds=pd.concat(tables, ignore_index=True)))
    states = judged.set_index("criterion_id")["state"]
    assert (states["SF7.1"], states["SF10.1"]) == ("unknown", "not_met")


def test_a_pupil_of_school_age_without_sessions_is_unknown(one_family):
    assert one_family.state(SF, "SF1.1") == "unknown"


def test_a_known_child_meets_whatever_is_unknown_of_a_sibling(one_family):
    one_family.family("F1", child_2="2014-05-05")
    one_family.pupil("F1.child_2")
    one_family.sessions("F1.child_2", term="summer", possible=100, authorised=0, unauthorised=11)
    assert one_family.state(SF, "SF1.1") == "met"


def test_a_known_child_who_does_not_meet_leaves_the_unknown_sibling_to_decide(one_family):
    one_family.family("F1", child_2="2014-05-05")
    one_family.pupil("F1.child_2")
    one_family.sessions("F1.child_2", term="summer", possible=100, authorised=0, unauthorised=5)
    assert one_family.state(SF, "SF1.1") == "unknown"


def test_a_toddler_without_sessions_leaves_nothing_unknown(one_family):
    one_family.family("F1", child_2="2024-05-05")
    one_family.sessions("F1.child_1", term="summer", possible=100, authorised=0, unauthorised=5)
    assert one_family.state(SF, "SF1.1") == "not_met"


def test_ninety_per_cent_exactly_is_not_below_ninety(one_family):
    one_family.sessions("F1.child_1", term="summer", possible=200, authorised=0, unauthorised=20)
    judged = one_family.judge(SF).set_index("criterion_id").loc["SF1.1"]
    assert (judged["state"], judged["value"]) == ("not_met", 90.0)
    assert [row["table"] for row in json.loads(judged["evidence"])] == ["attendance"]


def test_too_few_events_are_shown_as_well(one_family):
    for number, day in enumerate(("2026-03-01", "2026-06-01")):
        values = {"exclusion_id": f"E{number}", "pupil_id": "F1.child_1", "category": "SUSP", "started_on": day}
        one_family.row("school", "exclusions", **values, sessions=2)
    need = one_family.judge(profile.load("troubled-families-phase-1")).set_index("criterion_id").loc["P1.ED.2"]
    assert (need["state"], need["value"]) == ("not_met", 2.0)
    assert [row["source_id"] for row in json.loads(need["evidence"])] == ["E0", "E1"]


def test_few_sessions_are_called_thin(one_family):
    one_family.sessions("F1.child_1", term="summer", possible=59, authorised=0, unauthorised=20)
    assert "thin" in one_family.judge(SF).set_index("criterion_id").loc["SF1.1", "measure"]


def test_universal_credit_alone_is_not_out_of_work(council):
    expected = {
        ("JSA", None): "met",
        ("UC", "searching for work"): "met",
        ("UC", "Preparing for work"): "met",
        ("UC", "working - with requirements"): "not_met",
        ("UC", "working - no requirements"): "not_met",
        ("UC", None): "unknown",
    }

    def write(family, case):
        values = {"claimant_id": f"{family}.mother_1", "benefit_code": case[0], "started_on": "2026-01-01"}
        council.row("jobcentre", "claims", **values, conditionality=case[1])

    assert _states(council, "SF10.1", expected, write) == expected


# From the first day until the day of the end, as of 31 October 2026.
RUNNING = {
    ("2026-10-31", None): "met",
    ("2026-11-01", None): "not_met",
    ("2026-01-01", "2026-10-31"): "not_met",
    ("2026-01-01", "2026-11-01"): "met",
}


def test_a_claim_counts_from_its_first_day_until_the_day_it_ends(council):
    def write(family, days):
        values = {"claimant_id": f"{family}.mother_1", "benefit_code": "IS"}
        council.row("jobcentre", "claims", **values, started_on=days[0], ended_on=days[1])

    assert _states(council, "SF10.1", RUNNING, write) == RUNNING


def test_an_adult_is_one_from_the_eighteenth_birthday(council):
    council.family("F1", adult_1="2008-10-31", child_1="2013-05-05")
    council.family("F2", adult_1="2008-11-01", child_1="2013-05-05")
    for person in ("F1.adult_1", "F2.adult_1"):
        council.row("jobcentre", "claims", claimant_id=person, benefit_code="JSA", started_on="2026-01-01")
    judged = council.judge(SF).set_index(["family_id", "criterion_id"])["state"]
    assert (judged["F1", "SF10.1"], judged["F2", "SF10.1"]) == ("met", "not_met")


def test_an_offence_belongs_to_the_age_it_was_done_at(council):
    council.family("F1", adult_1="2008-05-01", child_1="2013-05-05")
    _incident(council, "F1.adult_1", kind="crime", role="offender", on="2026-04-30", proven=True)
    judged = council.judge(SF).set_index("criterion_id")["state"]
    assert (judged["SF7.3"], judged["SF7.1"]) == ("met", "not_met")


def test_a_suspect_of_a_crime_is_no_offender(one_family):
    _incident(one_family, "F1.mother_1", kind="crime", role="suspect", proven=False)
    assert one_family.state(SF, "SF7.1") == "not_met"


def test_a_nomination_counts_until_it_expires(council):
    def write(family, days):
        council.nominate(f"{family}.child_1", "SF5.1", on=days[0], expires=days[1])

    assert _states(council, "SF5.1", RUNNING, write) == RUNNING


def test_a_child_expected_counts_for_its_mother(one_family):
    one_family.row("mash", "people", mash_id="UNBORN", expected_date_of_birth="2027-01-15")
    one_family.row("mash", "relationships", mash_id="F1.mother_1", related_mash_id="UNBORN", relationship="child")
    assert one_family.state(SF, "SF2.1") == "met"


def test_a_child_who_left_and_came_nowhere_else_is_off_roll_after_a_fortnight(council):
    expected = {"2026-09-15": "met", "2026-10-25": "not_met"}

    def write(family, left_on):
        council.pupil(f"{family}.child_1", left_on=left_on)

    assert _states(council, "SF1.3", expected, write) == expected


def test_a_summer_between_two_schools_is_no_time_off_roll(council):
    council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
    council.pupil("F1.child_1", left_on="2026-07-22")
    assert council.state(SF, "SF1.3", "2026-08-31") == "not_met"


def test_a_young_carer_is_unknown_where_the_school_does_not_say(council):
    expected = {"P": "met", "N": "not_met", None: "unknown"}

    def write(family, recorded):
        council.pupil(f"{family}.child_1", young_carer=recorded)

    assert _states(council, "SF5.4", expected, write) == expected


def test_codes_and_totals_come_to_the_same(new_council):
    values = []
    for form in ("codes", "totals"):
        council = new_council()
        council.family("F1", mother_1="1990-01-01", child_1="2013-05-05")
        council.pupil("F1.child_1")
        if form == "totals":
            council.sessions("F1.child_1", term="summer", possible=110, authorised=10, unauthorised=20)
        else:
            for code, sessions in {"/": 78, "I": 10, "U": 20, "D": 5, "X": 9, "Q?": 7, "J": 2}.items():
                council.row(
                    "school",
                    "attendance",
                    pupil_id="F1.child_1",
                    academic_year="2025/26",
                    term="summer",
                    attendance_code=code,
                    sessions=sessions - 2 if code == "I" else sessions,
                )
            council.row(
                "school",
                "attendance",
                pupil_id="F1.child_1",
                academic_year="2025/26",
                term="summer",
                attendance_code="\\",
                sessions=2,
            )
        values.append(council.judge(SF).set_index("criterion_id").loc["SF1.2", "value"])
    assert values[0] == values[1] == pytest.approx(100 * 80 / 110)


def test_the_answer_does_not_depend_on_threads_or_row_order(one_family):
    for number in range(20):
        _incident(one_family, "F1.mother_1", number=f"O{number}", on=f"2026-05-{number + 1:02}")
    month = one_family.month()
    turned = {key: frame.iloc[::-1].reset_index(drop=True) for key, frame in month.tables.items()}
    first = needs.judge(SF, month, settings={"threads": "1"})
    second = needs.judge(SF, replace(month, tables=turned), settings={"threads": "2"})
    pd.testing.assert_frame_equal(first, second)


def test_long_evidence_is_cut_and_says_so(one_family):
    for number in range(203):
        _incident(one_family, "F1.mother_1", number=f"O{number:03}")
    evidence = json.loads(one_family.judge(SF).set_index("criterion_id").loc["SF8.1", "evidence"])
    assert len(evidence) == 201
    assert evidence[-1] == {"more": 3}


def _phase_1(**minimisation):
    pack = profile.load("troubled-families-phase-1")
    rule = pack.identification.minimisation.model_copy(update={"enabled": True, **minimisation})
    identification = pack.identification.model_copy(update={"minimisation": rule})
    return pack.model_copy(update={"identification": identification})


def test_work_is_looked_up_only_for_families_with_crime_and_education(council):
    for family in ("F1", "F2"):
        council.family(family, mother_1="1990-01-01", child_1="2013-05-05")
        council.pupil(f"{family}.child_1")
        council.sessions(f"{family}.child_1", term="summer", possible=100, authorised=0, unauthorised=20)
        council.row(
            "jobcentre", "claims", claimant_id=f"{family}.mother_1", benefit_code="JSA", started_on="2026-01-01"
        )
    _incident(council, "F1.child_1", kind="crime", role="offender", proven=True)
    needs_of_both = council.judge(_phase_1())
    assert frames.conform(needs_of_both, published.Need).shape[0] == 20
    judged = needs_of_both.set_index(["family_id", "criterion_id"])
    assert judged["state"]["F1", "P1.WK.1"] == "met"
    assert judged["state"]["F2", "P1.WK.1"] == "unknown"
    assert judged["measure"]["F2", "P1.WK.1"].startswith("not looked up")
    both = council.judge(_phase_1(how="any")).set_index(["family_id", "criterion_id"])
    assert both["state"]["F2", "P1.WK.1"] == "met"


def test_no_families_are_no_needs(one_family):
    month = one_family.month()
    nobody = replace(month, families=month.families.head(0), family_members=month.family_members.head(0))
    judged = needs.judge(SF, nobody)
    assert frames.conform(judged, published.Need).empty


def test_a_calendar_without_a_completed_term_leaves_attendance_unknown(one_family):
    one_family.sessions("F1.child_1", term="summer", possible=100, authorised=0, unauthorised=50)
    month = one_family.month()
    judged = needs.judge(SF, replace(month, terms=month.terms.head(0))).set_index("criterion_id")
    assert judged.loc[["SF1.1", "SF1.3"], "state"].tolist() == ["unknown", "unknown"]
    assert judged.loc["SF10.1", "state"] == "not_met"


def _without_offences(counts):
    pack = profile.load("supporting-families-2022")
    condition = (
        pack.criteria["SF7.1"].any_of[0].model_copy(update={"counts": counts, "operator": "<", "threshold": Decimal(1)})
    )
    criterion = pack.criteria["SF7.1"].model_copy(update={"any_of": (condition,)})
    return pack.model_copy(update={"criteria": {"SF7.1": criterion}})


def test_families_of_whom_no_row_speaks_are_judged_by_how_many_there_are_to_count(council):
    council.family("two adults", mother_1="1990-01-01", father_1="1988-01-01", child_1="2013-05-05")
    council.family("one adult", mother_1="1990-01-01", child_1="2013-05-05")
    council.family("children alone", child_1="2013-05-05", child_2="2014-05-05")
    council.family("one offender", mother_1="1990-01-01", father_1="1988-01-01", child_1="2013-05-05")
    _incident(council, "one offender.mother_1", kind="crime", role="offender", proven=True)
    assert council.judge(_without_offences("any adult")).set_index("family_id")["state"].to_dict() == {
        "two adults": "met",
        "one adult": "met",
        "children alone": "not_met",
        "one offender": "met",
    }
    alone = council.judge(_without_offences("adults together")).set_index("family_id")["state"]
    assert alone["two adults"] == "met"
    assert alone["one offender"] == "not_met"


def test_evidence_from_several_tables_stands_in_order_of_feed_table_and_key(one_family):
    for number, concerns in (("R2", "3A"), ("R1", "3A")):
        values = {"referral_id": number, "mash_id": "F1.child_1", "received_on": "2026-05-01", "concerns": concerns}
        one_family.row("mash", "referrals", **values)
    values = {"episode_id": "E1", "mash_id": "F1.child_1", "kind": "assessment", "started_on": "2026-05-01"}
    one_family.row("mash", "episodes", **values, factors="3A")
    shown = json.loads(one_family.judge(SF).set_index("criterion_id").loc["SF8.1", "evidence"])
    named = [(row["table"], row["source_id"]) for row in shown]
    assert named == [("episodes", "E1"), ("referrals", "R1"), ("referrals", "R2")]
