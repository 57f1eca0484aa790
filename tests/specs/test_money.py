"""The money of `money.toml`, case by case."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from programme import claims, fees, profile
from programme.results import Cap

CASES = tomllib.loads((Path(__file__).parent / "money.toml").read_text(encoding="utf-8"))["case"]
RATES = (3200, 2400)


def _route_pounds(pack, year, *routes):
    return fees.payable(pack, pack.fees[year], routes)[1]


def _funded(rounding, families, expect, pounds=(), rate=None):
    counts = fees.funded(families, Cap(numerator=5, denominator=6, rounding=rounding))
    assert counts == expect
    rates = (rate,) if rate else RATES
    assert [count * each for count, each in zip(counts, rates, strict=False)][: len(pounds)] == list(pounds)


def _sum(profile_name, targets, expect):
    assert sum(profile.load(profile_name).targets[key].figure for key in targets) == expect


def _forecast(*, profile_name, attached, year, attachment, results, percent=None):
    row = fees.forecast(profile.load(profile_name), attached).set_index("cohort_year").loc[year]
    assert (row["attachment_gbp"], row["results_most_gbp"]) == (attachment, results)
    if percent:
        assert 100 * attachment == percent * (attachment + results)


def _needed(percent, of, expect):
    assert fees.needed_for(percent, of) == expect
    assert 100 * expect >= percent * of > 100 * (expect - 1)


def _split(profile_name, attachment, results):
    pack = profile.load(profile_name)
    assert [fee.attachment for fee in pack.fees.values()] == attachment
    assert [_route_pounds(pack, year, "C") for year in pack.fees] == results


def _routes(*, profile_name, year, A, AB, C, with_attachment):  # noqa: N803 - the routes' own names
    pack = profile.load(profile_name)
    pounds = [_route_pounds(pack, year, *routes) for routes in (("A",), ("A", "B"), ("C",))]
    assert pounds == [A, AB, C]
    assert [pack.fees[year].attachment + each for each in pounds] == with_attachment


def _one_claim(*, profile_name, attached_on, first, later, pounds, attachment):
    pack = profile.load(profile_name)
    taken = pd.DataFrame({"family_id": ["F1"], "attached_on": [pd.Timestamp(attached_on)]})
    record = None
    for routes, status in ((first, "paid"), (later, "paid")):
        rows = [(result, "met") for key in routes for result in pack.routes[key].results]
        judged = pd.DataFrame([("F1", *row) for row in rows], columns=["family_id", "outcome_id", "state"])
        record = claims.assess(pack, judged, taken, as_of=pd.Timestamp("2013-06-30"), previous=record)
        record = record.assign(status=pd.Series([status], dtype="string[pyarrow]"))
    assert list(record["amount_gbp"]) == [pounds]
    assert pack.fees["2012-13"].attachment + record["amount_gbp"].sum() == attachment + pounds == 4000


def _each_family(profile_name, year, pounds):
    pack = profile.load(profile_name)
    assert pack.fees[year].attachment + _route_pounds(pack, year, *pack.routes) == pounds


def _whole_families(profile_name, year, target, expect):
    pack = profile.load(profile_name)
    each = pack.fees[year].attachment + _route_pounds(pack, year, "progress")
    assert int(pack.targets[target].figure) // each == expect


def _mixed(profile_name, year, pounds, **families):
    pack = profile.load(profile_name)
    assert sum(count * _route_pounds(pack, year, *routes) for routes, count in families.items()) == pounds


KINDS = {
    "funded": _funded,
    "sum": _sum,
    "forecast": _forecast,
    "needed": _needed,
    "split": _split,
    "routes": _routes,
    "one_claim": _one_claim,
    "each_family": _each_family,
    "whole_families": _whole_families,
    "mixed": _mixed,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_money(case):
    (kind,) = set(case) & set(KINDS)
    values = dict(case[kind])
    if "profile" in values:
        values["profile_name"] = values.pop("profile")
    KINDS[kind](**values)


def test_every_case_of_the_reference_is_here():
    assert [case["id"] for case in CASES] == [f"C{number:02}" for number in range(1, 25)]
