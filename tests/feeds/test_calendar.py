"""Months and terms: defaults, calendars of a council's own, and which terms are completed."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.calendar import load_terms, read_calendar
from feeds.errors import CalendarError, MonthError
from feeds.terms import Term, completed_terms, default_terms, is_academic_year, last_day, term_dates

HEADER = "academic_year,term,starts_on,ends_on\n"


@pytest.mark.parametrize(("month", "day"), [("2026-10", 31), ("2026-02", 28), ("2028-02", 29), ("2026-12", 31)])
def test_a_months_reckoning_date_is_its_last_day(month: str, day: int) -> None:
    assert last_day(month) == date(int(month[:4]), int(month[5:]), day)


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "202610", "October", "2026-10-01", "", "20261-1"])
def test_other_text_is_no_month(text: str) -> None:
    with pytest.raises(MonthError, match="YYYY-MM"):
        last_day(text)


def test_the_last_three_terms_by_default() -> None:
    terms = load_terms(Path("nowhere"), date(2026, 10, 31))
    names = [(term.academic_year, term.term) for term in completed_terms(terms, date(2026, 10, 31), 3)]
    assert names == [("2025/26", "autumn"), ("2025/26", "spring"), ("2025/26", "summer")]


@pytest.mark.parametrize(("as_of", "newest"), [(date(2026, 7, 30), "spring"), (date(2026, 7, 31), "summer")])
def test_a_term_is_completed_when_its_last_day_is_the_reckoning_date(as_of: date, newest: str) -> None:
    assert completed_terms(load_terms(Path("nowhere"), as_of), as_of, 1)[0].term == newest


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_three_terms_are_completed_on_any_day_and_the_default_leaves_only_august_out(day: date) -> None:
    terms = load_terms(Path("nowhere"), day)
    assert len(completed_terms(terms, day, 3)) == 3
    assert completed_terms(terms, day, 0) == []
    assert any(term.starts_on <= day <= term.ends_on for term in terms) == (day.month != 8)


def test_the_calendar_of_the_landing_folder_goes_before_the_settings_and_these_before_the_default(
    tmp_path: Path,
) -> None:
    settled = [Term(date(2025, 9, 3), date(2025, 12, 19), "2025/26", "autumn")]
    assert load_terms(tmp_path, date(2026, 10, 31), settled=settled) == settled
    (tmp_path / "calendar.csv").write_text(HEADER + "2025/26,Autumn,2025-09-02,2025-12-18\n")
    assert [term.ends_on for term in load_terms(tmp_path, date(2026, 10, 31), settled=settled)] == [date(2025, 12, 18)]


def test_a_calendar_is_read_in_any_order_of_rows_and_columns() -> None:
    text = "\ufeffends_on;Term;academic_year;starts_on\n2026-04-15;spring;2025/26;2026-01-01\n\n"
    text += "2025-12-31;autumn;2025/26;2025-09-01\n"
    assert read_calendar(text.encode()) == default_terms(2025)[:2]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("academic_year,term,starts_on\n", "line 1: the column ends_on is missing"),
        (HEADER, "no term is given"),
        (HEADER + "2025/27,autumn,2025-09-01,2025-12-31\n", "line 2: academic_year"),
        (HEADER + "\n2025/26,winter,2025-09-01,2025-12-31\n", "line 3: term is none of"),
        (HEADER + "2025/26,autumn,2025-09-31,2025-12-31\n", "line 2: starts_on or ends_on"),
        (HEADER + "2025/26,autumn\n", "line 2: the row has 2 cells"),
        (HEADER + "2025/26,autumn,2025-12-31,2025-09-01\n", "ends before it starts"),
        (HEADER + "2025/26,autumn,2025-09-01,2025-12-31\n" * 2, "given twice"),
        (HEADER + "2025/26,autumn,2025-09-01,2026-01-05\n2025/26,spring,2026-01-05,2026-04-01\n", "has ended"),
        ("", "academic_year is missing"),
    ],
)
def test_a_broken_calendar_names_its_line_and_rule(text: str, complaint: str) -> None:
    with pytest.raises(CalendarError, match=complaint):
        read_calendar(text.encode())


def test_terms_as_a_frame_join_to_attendance() -> None:
    frame = term_dates(default_terms(2025))
    attendance = pd.DataFrame({"academic_year": ["2025/26"], "term": ["spring"]}, dtype="string[pyarrow]")
    joined = attendance.merge(frame, on=["academic_year", "term"])
    assert joined["ends_on"].tolist() == [pd.Timestamp(2026, 4, 15)]


def test_an_academic_year_is_two_years_on_end() -> None:
    years = pd.Series(["2025/26", "1999/00", "2025/27", "2025-26", None, "2025/2026"], dtype="string[pyarrow]")
    assert is_academic_year(years).tolist() == [True, True, False, False, False, False]
