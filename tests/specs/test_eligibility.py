"""The thresholds of `eligibility.toml`, case by case, judged in a council of one family."""

import tomllib
from pathlib import Path

import pytest

from programme import cohort, gateway, outcomes, profile
from programme.conditions import Condition

CASES = tomllib.loads((Path(__file__).parent / "eligibility.toml").read_text(encoding="utf-8"))["case"]
TERMS = ("2025/26 autumn", "2025/26 spring", "2025/26 summer")


def _profile(case):
    pack = profile.load(case["profile"])
    criteria = dict(pack.criteria)
    for key, conditions in case.get("changes", {}).items():
        any_of = tuple(Condition(**each) for each in conditions)
        criteria[key] = criteria[key].model_copy(update={"any_of": any_of})
    rule = pack.identification
    if "distinct_headlines" in case:
        rule = rule.model_copy(update={"distinct_headlines": case["distinct_headlines"]})
    return pack.model_copy(update={"criteria": criteria, "identification": rule})


def _fill(council, case):
    children = {f"child_{n}": "2012-05-05" for n, _ in enumerate(case["children"])}
    council.family("F1", mother_1="1985-01-01", **children)
    for n, child in enumerate(case["children"]):
        _child(council, f"F1.child_{n}", child)
    if case.get("out_of_work"):
        council.row("jobcentre", "claims", claimant_id="F1.mother_1", benefit_code="JSA", started_on="2026-01-01")
    for indicator in case.get("nominations", ()):
        council.nominate("F1.child_0", indicator, on="2026-01-01")
    return council


def _child(council, person, child):
    council.pupil(person, young_carer="N")
    given = child.get("sessions", ())
    for counts, name in zip(given, child.get("terms", TERMS[-len(given) :]), strict=False):
        possible, authorised, unauthorised = (int(each) for each in counts.split("/"))
        year, term = name.split()
        council.sessions(
            person, year=year, term=term, possible=possible, authorised=authorised, unauthorised=unauthorised
        )
    for code, sessions in child.get("codes", {}).items():
        key = {"pupil_id": person, "academic_year": "2025/26", "term": "summer"}
        council.row("school", "attendance", **key, attendance_code=code, sessions=sessions)
    for n, day in enumerate(child.get("suspended", ())):
        values = {"exclusion_id": f"{person}.{n}", "pupil_id": person, "category": "SUSP", "started_on": day}
        council.row("school", "exclusions", **values, sessions=2)
    for n in range(child.get("offences", 0)):
        values = {"occurrence_id": f"{person}.{n}", "nominal_id": person, "role": "offender", "kind": "crime"}
        council.row("police", "occurrences", **values, occurred_on="2026-03-01", proven=True)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if "profile" in case],
    ids=lambda case: f"{case['id']}: {case['given'][:40]}",
)
def test_threshold(case, council):
    pack = _profile(case)
    month = _fill(council, case).month()
    needs = council.judge(pack)
    judged = needs.set_index("criterion_id")
    for key, state in case.get("states", {}).items():
        assert judged.loc[key, "state"] == state
    for key, value in case.get("values", {}).items():
        assert judged.loc[key, "value"] == value
    if "identified" in case:
        listed = cohort.identify(pack, needs, month.families, month="2026-10")
        assert bool(listed["is_identified"][0]) is case["identified"]
    for key, state in case.get("conditions", {}).items():
        assert _result(pack, key, month) == state


def _result(pack, key, month):
    """A result that any family has to reach, whatever it came with."""
    anyones = pack.outcomes[key].model_copy(update={"problem": None})
    alone = pack.model_copy(update={"outcomes": {key: anyones}})
    attached = month.families[["family_id"]].assign(attached_on=month.as_of)
    return outcomes.judge(alone, attached, month).set_index("outcome_id").loc[key, "state"]


@pytest.mark.parametrize("case", [case for case in CASES if "factors" in case], ids=lambda case: case["given"])
def test_gate(case):
    assert gateway.is_within_objective(case["factors"]) is case["gate"]


def test_every_case_of_the_reference_is_here():
    assert list(dict.fromkeys(case["id"] for case in CASES)) == [f"C{number}" for number in range(50, 69)]
