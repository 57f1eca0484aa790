"""A delivery that has lost a column but no row publishes nothing, until somebody says that it is right."""

import csv

import pytest

pytestmark = pytest.mark.journey


def fill(file, rows):
    with file.open(newline="", encoding="utf-8") as opened:
        names = csv.DictReader(opened).fieldnames
    with file.open("a", newline="", encoding="utf-8") as opened:
        csv.DictWriter(opened, names, restval="").writerows(rows)


def deliver(council, month, *, born):
    council.deliver(month)
    rows = [
        {"pupil_id": f"S{number}", "school_urn": "100001", "surname": f"Testling{number}", "date_of_birth": born}
        for number in range(400)
    ]
    fill(council.landing / month / "school" / "pupils.csv", rows)


def test_a_roster_that_lost_its_dates_of_birth_stops_the_month_until_that_is_said_to_be_right(council, monkeypatch):
    deliver(council, "2026-09", born="2015-02-03")
    deliver(council, "2026-10", born="03/02/2015")
    assert council.run("2026-09").exit_code == 0
    stopped = council.run("2026-10")
    assert stopped.exit_code == 1
    assert "school/pupils date_of_birth (100% of rows, now 1%)" in stopped.stderr
    assert (council.store / "published" / "current").read_text().strip() == "2026-09"
    monkeypatch.setenv("HEARTH_VOLUME_FALL_PCT", "100")
    assert council.run("2026-10").exit_code == 0
