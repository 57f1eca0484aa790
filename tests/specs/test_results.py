"""The results of `results.toml`, case by case: a family attached on 1 January 2026, judged on 31 October 2026."""

import tomllib
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from programme import claims, outcomes, profile

CASES = tomllib.loads((Path(__file__).parent / "results.toml").read_text(encoding="utf-8"))["case"]
FAMILIES = {f"F{number}": case for number, case in enumerate(CASES)}
ATTACHED, AS_OF = pd.Timestamp("2026-01-01"), pd.Timestamp("2026-10-31")
THEN, NOW = "2025-10-01", "2026-06-01"


def _incidents(council, person, counts, **values):
    for day, count in zip((THEN, NOW), counts, strict=True):
        for n in range(count):
            key = {"occurrence_id": f"{person}.{day}.{n}", "nominal_id": person, "occurred_on": day}
            council.row("police", "occurrences", **key, **values)


def _absence(council, person, then, now):
    council.pupil(person, left_on="2026-07-31" if now == "left" else None)
    council.no_sessions(person, "autumn", "spring")
    for year, counts in (("2024/25", then), ("2025/26", now)):
        if counts != "left":
            possible, authorised, unauthorised = (int(each) for each in counts.split("/"))
            given = {"possible": possible, "authorised": authorised, "unauthorised": unauthorised}
            council.sessions(person, year=year, term="summer", **given)


def _work(council, person, benefit, weeks):
    """Weeks in work, one mark each, the last of them ending on the day of judging."""
    first = AS_OF - pd.Timedelta(weeks=len(weeks)) + pd.Timedelta(days=1)
    spell = {"claimant_id": person, "benefit_code": benefit, "started_on": "2025-01-01", "ended_on": first}
    council.row("jobcentre", "claims", **spell)
    for n, mark in enumerate(weeks):
        if mark == "1":
            start = first + pd.Timedelta(weeks=n)
            ends = start + pd.Timedelta(days=6)
            council.row("jobcentre", "employment", claimant_id=person, started_on=start, ended_on=ends)


def _fill(council, family, case):
    absence = case.get("absence", [["200/0/0", "200/0/0"]])
    born = ["2010-05-05" if now == "left" else "2013-05-05" for _, now in absence]
    council.family(family, mother_1="1985-01-01", **{f"child_{n}": day for n, day in enumerate(born)})
    for n, (then, now) in enumerate(absence):
        _absence(council, f"{family}.child_{n}", then, now)
    _incidents(council, f"{family}.mother_1", case.get("asb", (0, 0)), kind="asb", role="suspect")
    _incidents(council, f"{family}.child_0", case.get("offences", (0, 0)), kind="crime", role="offender", proven=True)
    for indicator in case.get("had", ()):
        gone = None if indicator in case["still"] else "2026-03-01"
        council.nominate(f"{family}.mother_1", indicator, on="2025-06-01", expires=gone)
    if "work" in case:
        _work(council, f"{family}.mother_1", **case["work"])


@pytest.fixture(scope="module")
def judged(new_council):
    """The outcomes of all families that share a profile and the feeds that are late, judged once."""

    @cache
    def under(name, late):
        council = new_council()
        council.late.update(late)
        alike = {key: each for key, each in FAMILIES.items() if _rules(each) == (name, late)}
        for family, case in alike.items():
            _fill(council, family, case)
        attached = pd.DataFrame({"family_id": list(alike), "attached_on": ATTACHED, "closed_on": pd.NaT})
        return outcomes.judge(profile.load(name), attached, council.month(f"{AS_OF:%Y-%m-%d}"))

    return under


def _rules(case):
    return case["profile"], tuple(case.get("late", ()))


@pytest.mark.parametrize(
    ("family", "case"),
    FAMILIES.items(),
    ids=[f"{case['id']}: {case['given'][:40]}" for case in CASES],
)
def test_result(family, case, judged):
    own = judged(*_rules(case)).query("family_id == @family")
    states = own.set_index("outcome_id")["state"]
    assert {key: states[key] for key in case["states"]} == case["states"]
    if "routes" in case:
        attached = pd.DataFrame({"family_id": [family], "attached_on": [ATTACHED], "closed_on": pd.NaT})
        made = claims.assess(profile.load(case["profile"]), own, attached, as_of=AS_OF)
        assert list(made["route"]) == case["routes"]


def test_every_case_of_the_reference_is_here():
    assert list(dict.fromkeys(case["id"] for case in CASES)) == [f"C{number}" for number in range(70, 83)]
