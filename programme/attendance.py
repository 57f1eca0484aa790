"""Attendance in whole numbers: millions of rows whose texts are few, numbered before they are joined.

`coded` holds every attendance row with the places of its texts in short lists; `session_rows` the rows that stand, of
members, in terms of the calendar; `term_totals` what each child's terms come to.
"""

import duckdb
import pandas as pd
import pyarrow as pa

from programme.sources import Sources

ATTENDANCE = ("school", "attendance")
_TEXTS = ("pupil_id", "academic_year", "term", "attendance_code")
_COUNTS = ("sessions", "possible_sessions", "authorised_sessions", "unauthorised_sessions")

TERM_NUMBERS = """
CREATE TABLE term_numbers AS
SELECT t.academic_year, t.term, t.starts_on::DATE AS starts_on, t.ends_on::DATE AS ends_on,
    (row_number() OVER (ORDER BY t.starts_on))::SMALLINT AS number, y.place AS year_place, n.place AS term_place
FROM terms t
LEFT JOIN attendance_academic_year y ON y.text = t.academic_year
LEFT JOIN attendance_term n ON n.text = t.term
"""

# Until August 2024 `J` was an interview, and attending; the code that took its place is an authorised absence.
SESSIONS = """
CREATE TABLE session_rows AS
WITH pupils AS (
    SELECT p.place AS pupil_id, k.person
    FROM attendance_pupil_id p
    JOIN records k ON k.feed = 'school' AND k.table_name = 'pupils' AND k.source_id = p.text
), codes AS (
    SELECT p.place AS attendance_code, p.text AS code, c.class
    FROM attendance_attendance_code p LEFT JOIN attendance_codes c ON c.code = p.text
)
SELECT k.person, t.number AS term, r.source::INTEGER AS source,
    CASE WHEN c.class IS NOT NULL THEN r.sessions
         WHEN r.attendance_code IS NULL THEN r.possible_sessions END::INTEGER AS possible,
    CASE WHEN r.attendance_code IS NULL THEN coalesce(r.authorised_sessions, 0)
         WHEN c.class = 'authorised' OR (c.code = 'J' AND t.academic_year >= '2024/25') THEN r.sessions
         ELSE 0 END::INTEGER AS authorised,
    CASE WHEN r.attendance_code IS NULL THEN coalesce(r.unauthorised_sessions, 0)
         WHEN c.class = 'unauthorised' THEN r.sessions ELSE 0 END::INTEGER AS unauthorised
FROM coded r
JOIN pupils k USING (pupil_id)
JOIN term_numbers t ON t.year_place = r.academic_year AND t.term_place = r.term
LEFT JOIN codes c USING (attendance_code)
WHERE r.attendance_code IS NULL OR r.sessions > 0
"""

TERM_TOTALS = """
CREATE TABLE term_totals AS
SELECT person, term, coalesce(sum(possible), 0)::BIGINT AS possible, sum(authorised)::BIGINT AS authorised,
    sum(unauthorised)::BIGINT AS unauthorised
FROM session_rows GROUP BY ALL
"""

STATEMENTS = (TERM_NUMBERS, SESSIONS, TERM_TOTALS)


def hold_coded(engine: duckdb.DuckDBPyConnection, sources: Sources) -> None:
    """Let the engine read `coded`, and each list of texts as `attendance_<column>` (place, text)."""
    rows = sources.tables[ATTENDANCE]
    columns = {name: pa.array(rows[name], pa.int64(), from_pandas=True) for name in _COUNTS}
    for name in _TEXTS:
        coded = _whole(rows[name]).dictionary_encode()
        columns[name] = coded.indices
        texts = pa.table({"place": pa.array(range(len(coded.dictionary)), pa.int32()), "text": coded.dictionary})
        engine.register(f"attendance_{name}", texts)
    engine.register("coded", pa.table({"source": sources.numbers(ATTENDANCE), **columns}))


def _whole(texts: pd.Series) -> pa.Array:
    """The texts as one array: a column of more than a million rows comes in pieces."""
    given = pa.array(texts, pa.large_string(), from_pandas=True)
    return given.combine_chunks() if isinstance(given, pa.ChunkedArray) else given
