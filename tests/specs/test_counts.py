"""The counts and reports of `counts.toml`, case by case."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from programme import casework, claims, disclosure, profile, rates

CASES = tomllib.loads((Path(__file__).parent / "counts.toml").read_text(encoding="utf-8"))["case"]


def _sum(targets, expect):
    found = [target.split(".") for target in targets]
    assert sum(profile.load(name).targets[key].figure for name, key in found) == expect


def _shares(*rows):
    for part, whole, expect in rows:
        places = -Decimal(expect).as_tuple().exponent
        assert str(rates.percent(part, whole, places=places)) == expect


def _capacity(**values):
    found = casework.capacity(profile.load(values["profile"]).casework)
    assert (found.for_each_worker, found.a_year) == (values["for_each_worker"], values["a_year"])


def _norm(**values):
    rule = profile.load(values["profile"]).casework
    assert [casework.norm(rule, count) for count in values["families"]] == values["expect"]


def _by_route(expect, **counts):
    rows = [(route, "submitted") for route, count in counts.items() for _ in range(count)]
    tally = claims.by_route(pd.DataFrame([*rows, ("C", "withdrawn")], columns=["route", "status"]))
    assert dict(zip(tally["route"], tally["claims"], strict=True)) == counts
    assert tally["claims"].sum() == expect


def _hours(documents, minutes, expect):
    assert str(rates.hours(documents, minutes_each=minutes)) == expect


def _follow_up(**values):
    closed = pd.DataFrame({"family_id": ["F1"], "closed_on": [pd.Timestamp(values["closed_on"])]})
    due = pd.Timestamp(values["due"])
    found = casework.follow_ups(profile.load(values["profile"]), closed, as_of=due).iloc[0]
    assert (found["follow_up_on"], found["sustained_from"]) == (due, pd.Timestamp(values["sustained"]))
    assert bool(found["is_due"])
    assert not found["is_sustained_by_now"]


def _suppressed(counts, total_shown, expect):
    assert disclosure.suppressed(counts, total_shown=total_shown) == expect


def _rounded(*pairs):
    assert [disclosure.rounded(count) for count, _ in pairs] == [expect for _, expect in pairs]


KINDS = {
    "sum": _sum,
    "shares": _shares,
    "capacity": _capacity,
    "norm": _norm,
    "by_route": _by_route,
    "hours": _hours,
    "follow_up": _follow_up,
    "suppressed": _suppressed,
    "rounded": _rounded,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_counts(case):
    (kind,) = set(case) & set(KINDS)
    values = case[kind]
    KINDS[kind](**values) if isinstance(values, dict) else KINDS[kind](*values)


def test_every_case_of_the_reference_is_here():
    assert [case["id"] for case in CASES] == [f"C{number}" for number in range(30, 48)]
