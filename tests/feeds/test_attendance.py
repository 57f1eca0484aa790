"""Attendance rows in their two forms: sessions of a code, or a term's totals."""

from collections.abc import Callable

import pytest

from feeds.errors import UnusableFileError
from feeds.screening import Screened

CODES = {"pupil_id": "P1", "academic_year": "2025/26", "term": "autumn", "attendance_code": "/", "sessions": "10"}
TOTALS = {
    "pupil_id": "P1",
    "academic_year": "2025/26",
    "term": "autumn",
    "possible_sessions": "100",
    "authorised_sessions": "4",
    "unauthorised_sessions": "2",
}
BOTH = dict.fromkeys({**CODES, **TOTALS}, "")


def attendance(screened: Callable[..., Screened], *rows: dict[str, str]) -> Screened:
    return screened("school", "attendance", list(rows))


def test_each_form_is_read_and_a_totals_row_has_an_empty_code_in_its_key(screened: Callable[..., Screened]) -> None:
    assert attendance(screened, CODES).frame["source_id"].tolist() == ["P1|2025/26|autumn|/"]
    totals = attendance(screened, TOTALS).frame
    assert totals["source_id"].tolist() == ["P1|2025/26|autumn|"]
    assert totals["possible_sessions"].tolist() == [100]


def test_both_forms_may_stand_in_one_file(screened: Callable[..., Screened]) -> None:
    result = attendance(screened, BOTH | CODES, BOTH | TOTALS | {"pupil_id": "P2"})
    assert result.frame["source_id"].tolist() == ["P1|2025/26|autumn|/", "P2|2025/26|autumn|"]
    assert result.doubtful == {}


def test_a_term_that_one_file_gives_in_both_forms_is_doubtful(screened: Callable[..., Screened]) -> None:
    result = attendance(screened, BOTH | CODES, BOTH | TOTALS)
    assert result.doubtful == {("term_in_both_forms", "attendance_code"): 1}


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (BOTH | TOTALS | CODES, "two_forms", "attendance_code"),
        (CODES | {"attendance_code": ""}, "required", "attendance_code"),
        (CODES | {"sessions": ""}, "required", "sessions"),
        (CODES | {"sessions": "some"}, "number", "sessions"),
        (CODES | {"sessions": "-1"}, "number", "sessions"),
        (CODES | {"sessions": "1.5"}, "number", "sessions"),
        (CODES | {"term": "winter"}, "code", "term"),
        (TOTALS | {"possible_sessions": ""}, "required", "possible_sessions"),
        (TOTALS | {"authorised_sessions": ""}, "required", "authorised_sessions"),
        (TOTALS | {"unauthorised_sessions": "x"}, "number", "unauthorised_sessions"),
    ],
)
def test_a_row_of_neither_form_is_set_aside(
    screened: Callable[..., Screened], row: dict[str, str], rule: str, column: str
) -> None:
    rejected = attendance(screened, row).rejected
    assert rejected[["rule", "column_name"]].to_numpy().tolist() == [[rule, column]]


def test_an_unknown_code_is_kept_and_doubtful_and_a_known_one_is_read_in_any_case(
    screened: Callable[..., Screened],
) -> None:
    rows = [CODES | {"attendance_code": code} for code in ("l", "\\", "Q9", "#", "c1", "D")]
    result = attendance(screened, *rows)
    assert result.frame["attendance_code"].tolist() == ["L", "\\", "Q9", "#", "C1", "D"]
    assert result.doubtful == {("attendance_code", "attendance_code"): 1}


def test_a_spreadsheets_whole_number_of_sessions_is_read(screened: Callable[..., Screened]) -> None:
    assert attendance(screened, CODES | {"sessions": "12.0"}).frame["sessions"].tolist() == [12]


def test_an_academic_year_of_another_form_and_more_absence_than_sessions_are_doubtful(
    screened: Callable[..., Screened],
) -> None:
    result = attendance(screened, TOTALS | {"academic_year": "2025-26", "authorised_sessions": "99"})
    assert result.doubtful == {
        ("academic_year", "academic_year"): 1,
        ("more_absent_than_possible", "possible_sessions"): 1,
    }


def test_a_file_with_the_columns_of_neither_form_is_refused(screened: Callable[..., Screened]) -> None:
    with pytest.raises(UnusableFileError, match="required column sessions is missing"):
        attendance(screened, {name: value for name, value in CODES.items() if name != "sessions"})
    with pytest.raises(UnusableFileError, match="attendance_code, sessions"):
        attendance(screened, {name: value for name, value in TOTALS.items() if name != "possible_sessions"})
