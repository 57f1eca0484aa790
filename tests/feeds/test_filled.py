"""A delivery that comes with all its rows and without what its rows say of people is noticed by its columns."""

from typing import Any

import pandas as pd
import pytest

from feeds.filled import emptied, filled

M1, M2 = "2026-09", "2026-10"


def pupils(count: int, *, born: str = "2015-02-03", line: str = "", postcode: str = "HB1 1AA") -> str:
    rows = "".join(f"P{number},1,Ada,Lee,{born},{line},{postcode}\n" for number in range(count))
    return f"pupil_id,school_urn,forename,surname,date_of_birth,address_line_1,postcode\n{rows}"


def shares(council: Any, month: str, text: str) -> pd.Series:
    council.deliver(month, "school", "pupils.csv", text)
    council.run(month, "school")
    return filled(council.con, month)


def test_dates_that_nobody_can_read_and_addresses_that_are_left_out_are_told_by_column(council: Any) -> None:
    before = shares(council, M1, pupils(120))
    now = shares(council, M2, pupils(120, born="03/02/2015", postcode=""))
    assert emptied(before, now, 50) == [
        "school/pupils date_of_birth (100% of rows, now 0%)",
        "school/pupils address (100% of rows, now 0%)",
    ]
    assert emptied(before, before, 50) == []


def test_an_address_that_is_written_in_another_column_is_none_the_less(council: Any) -> None:
    before, now = shares(council, M1, pupils(120)), shares(council, M2, pupils(120, line="1 Test Row", postcode=""))
    assert emptied(before, now, 50) == []


def test_a_late_feed_is_as_full_as_when_it_last_came(council: Any) -> None:
    before = shares(council, M1, pupils(120))
    pd.testing.assert_series_equal(filled(council.con, M2), before)


def test_a_small_roster_tells_nothing(council: Any) -> None:
    assert shares(council, M1, pupils(99)).empty


@pytest.mark.parametrize(
    ("now", "fall_pct", "told"), [(0.5, 50, True), (0.51, 50, False), (0.5, 60, False), (0, 100, False)]
)
def test_how_far_a_column_must_fall(now: float, fall_pct: int, told: bool) -> None:  # noqa: FBT001 - one of a table
    both = [pd.Series({"school/pupils surname": share}) for share in (1.0, now)]
    assert bool(emptied(*both, fall_pct)) is told


def test_what_hardly_anybody_filled_may_come_and_go() -> None:
    both = [pd.Series({"school/contacts date_of_birth": share}) for share in (0.19, 0.0)]
    assert emptied(*both, 50) == []
