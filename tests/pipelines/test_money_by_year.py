"""`hearth claims forecast` as a finance officer reads it: Rotherham's two years of families."""

import pytest
from typer.testing import CliRunner

from assets.store import Store
from pipelines.cli import app

RUN = CliRunner()
MONTH = "2014-03"


def taken_on(count, day, prefix):
    return [{"family_id": f"{prefix}{n}", "attached_on": day, "consent": "given"} for n in range(count)]


def claim(family, status):
    made = {"claim_id": f"C{family}", "route": "A+B", "amount_gbp": 800, "window": "2013-14 Q4"}
    return {**made, "family_id": family, "status": status}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def table(store, profile):
    words = ["claims", "forecast", "--store", str(store.root), "--profile", profile]
    result = RUN.invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return [line.split() for line in result.stdout.splitlines()]


def test_two_years_are_capped_at_five_in_six_and_add_up(store, publish):
    first, second = taken_on(244, "2012-06-01", "A"), taken_on(365, "2013-06-01", "B")
    claims = [claim("A1", "paid"), claim("A2", "submitted"), claim("A3", "withdrawn")]
    publish(store, MONTH, attachments=[*first, *second], claims=claims)
    headings, *rows = table(store, "rotherham-phase-1")
    told = " ".join(headings)
    assert told == "cohort year attached capped attachment results most received claimed claimable still to earn"
    assert rows == [
        ["2012-13", "244", "203", "£649,600", "£162,400", "£650,400", "£800", "£0", "£160,800"],
        ["2013-14", "365", "305", "£732,000", "£488,000", "£732,000", "£0", "£0", "£488,000"],
        ["all", "years", "609", "508", "£1,381,600", "£650,400", "£1,382,400", "£800", "£0", "£648,800"],
    ]


def test_without_families_the_table_says_why_it_is_empty(store, publish):
    publish(store, MONTH)
    (told,) = table(store, "rotherham-phase-1")
    assert " ".join(told) == "rotherham-phase-1 states no fees, or nobody has been attached."
