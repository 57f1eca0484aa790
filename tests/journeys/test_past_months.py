"""A month that is run again when later ones are published: they came of what it said before, and that is told."""

import pytest

pytestmark = pytest.mark.journey


def test_a_month_run_again_says_which_later_months_came_of_what_it_said_before(council):
    for month in ("2026-09", "2026-10"):
        council.deliver(month)
        assert "came of what this month said before" not in council.run(month).stderr
    assert "2026-10 came of what this month said before. Run that month again" in council.run("2026-09").stderr


def test_a_month_that_is_run_late_says_which_later_months_were_made_without_it(council):
    for month in ("2026-09", "2026-10"):
        council.deliver(month)
    assert council.run("2026-10").exit_code == 0
    assert "2026-10 was made without this month. Run that month again" in council.run("2026-09").stderr
