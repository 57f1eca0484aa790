"""The thresholds of `eligibility.toml`, case by case, each a family of its own in one council."""

import json
import tomllib
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from programme import cohort, gateway, needs, outcomes, profile
from programme.conditions import Condition
from programme.facts import gathered

CASES = tomllib.loads((Path(__file__).parent / "eligibility.toml").read_text(encoding="utf-8"))["case"]
FAMILIES = {f"F{number}": case for number, case in enumerate(CASES) if "profile" in case}
TERMS = ("2025/26 autumn", "2025/26 spring", "2025/26 summer")


def _profile(case):
    pack = _changed(case["profile"], json.dumps(case.get("changes", {})))
    rule = pack.identification
    if "distinct_headlines" in case:
        rule = rule.model_copy(update={"distinct_headlines": case["distinct_headlines"]})
    return pack.model_copy(update={"identification": rule})


@cache
def _changed(name, changes):
    pack = profile.load(name)
    criteria = dict(pack.criteria)
    for key, conditions in json.loads(changes).items():
        any_of = tuple(Condition(**each) for each in conditions)
        criteria[key] = criteria[key].model_copy(update={"any_of": any_of})
    return pack.model_copy(update={"criteria": criteria})


def _fill(council, family, case):
    children = {f"child_{n}": "2012-05-05" for n, _ in enumerate(case["children"])}
    council.family(family, mother_1="1985-01-01", **children)
    for n, child in enumerate(case["children"]):
        _child(council, f"{family}.child_{n}", child)
    if case.get("out_of_work"):
        claim = {"claimant_id": f"{family}.mother_1", "benefit_code": "JSA", "started_on": "2026-01-01"}
        council.row("jobcentre", "claims", **claim)
    for indicator in case.get("nominations", ()):
        council.nominate(f"{family}.child_0", indicator, on="2026-01-01")


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


@pytest.fixture(scope="module")
def month(new_council):
    council = new_council()
    for family, case in FAMILIES.items():
        _fill(council, family, case)
    return council.month()


@pytest.fixture(scope="module")
def judged(month):
    """All families' needs under a case's rules; rules that several cases share are judged once."""
    with gathered(month, settings={"threads": "1"}) as facts:

        @cache
        def under(name, changes):
            return needs.judged(facts, _changed(name, changes), month)

        yield lambda case: under(case["profile"], json.dumps(case.get("changes", {})))


@pytest.fixture(scope="module")
def resulting(month):
    """A result's state for every family, as one that any family has to reach, whatever it came with."""

    @cache
    def under(name, key):
        pack = profile.load(name)
        anyones = pack.outcomes[key].model_copy(update={"problem": None})
        alone = pack.model_copy(update={"outcomes": {key: anyones}})
        attached = month.families[["family_id"]].assign(attached_on=month.as_of, closed_on=pd.NaT)
        return outcomes.judge(alone, attached, month).set_index(["family_id", "outcome_id"])["state"]

    return under


@pytest.mark.parametrize(
    ("family", "case"),
    FAMILIES.items(),
    ids=[f"{case['id']}: {case['given'][:40]}" for case in FAMILIES.values()],
)
def test_threshold(family, case, month, judged, resulting):
    own = judged(case).query("family_id == @family")
    rows = own.set_index("criterion_id")
    for key, state in case.get("states", {}).items():
        assert rows.loc[key, "state"] == state
    for key, value in case.get("values", {}).items():
        assert rows.loc[key, "value"] == value
    if "identified" in case:
        families = month.families.query("family_id == @family")
        listed = cohort.identify(_profile(case), own, families, month="2026-10")
        assert [bool(each) for each in listed["is_identified"]] == [case["identified"]]
    for key, state in case.get("conditions", {}).items():
        assert resulting(case["profile"], key)[family, key] == state


@pytest.mark.parametrize("case", [case for case in CASES if "factors" in case], ids=lambda case: case["given"])
def test_gate(case):
    assert gateway.is_within_objective(case["factors"]) is case["gate"]


def test_every_case_of_the_reference_is_here():
    assert list(dict.fromkeys(case["id"] for case in CASES)) == [f"C{number}" for number in range(50, 69)]
