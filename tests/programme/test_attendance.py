"""Attendance as it is held for judging: however many rows it has, and in however many pieces they come."""

import duckdb
import pandas as pd

from programme.attendance import ATTENDANCE, hold_coded
from programme.sources import Sources

TEXT = pd.StringDtype("pyarrow")


def _piece(pupil, code):
    texts = pd.DataFrame({"pupil_id": [pupil], "academic_year": "2025/26", "term": "summer", "attendance_code": code})
    return texts.astype(TEXT).assign(sessions=1, possible_sessions=1, authorised_sessions=0, unauthorised_sessions=1)


def test_attendance_that_comes_in_pieces_is_held_as_one():
    rows = pd.concat([_piece("a", None), _piece("b", "O"), _piece("a", "O")], ignore_index=True)
    with duckdb.connect() as engine:
        hold_coded(engine, Sources.of({ATTENDANCE: rows}, [ATTENDANCE]))
        told = engine.execute("""
            SELECT p.text, c.text FROM coded r JOIN attendance_pupil_id p ON p.place = r.pupil_id
            LEFT JOIN attendance_attendance_code c ON c.place = r.attendance_code ORDER BY r.source
        """).fetchall()
    assert told == [("a", None), ("b", "O"), ("a", "O")]
