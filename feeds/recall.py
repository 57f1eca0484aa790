"""One held table as of a month, worked out in SQL from the rows of every month up to it."""

import duckdb
import pandas as pd
import pyarrow as pa

from schemas.frames import Model, column_names, empty
from schemas.registry import FEED_TABLES, ROSTERS

ROSTER = """
    SELECT {columns} FROM held.{table}
    WHERE received_for = (
        SELECT max(received_for) FROM held.deliveries
        WHERE feed = $feed AND table_name = $table_name AND status = 'used' AND received_for <= $month
    )
    ORDER BY received_for, line
"""

# Which rows stand is found by their places alone; only those rows are then fetched. A source id stands at most once in
# a month, so that its newest month names one row.
EVENTS = """
    WITH newest AS (
        SELECT max_by(rowid, received_for) AS place FROM held.{table} WHERE received_for <= $month GROUP BY source_id
    )
    SELECT {columns} FROM held.{table} WHERE rowid IN (SELECT place FROM newest)
    ORDER BY received_for, line
"""

# A totals row stands for its term: it replaces the codes of its own month and of those before it, and any code with
# sessions that comes later replaces it. Of each code the newest row stands; with 0 sessions it is withdrawn.
ATTENDANCE = """
    WITH totals AS MATERIALIZED (
        SELECT pupil_id, academic_year, term, max(received_for) AS totals_for, max_by(rowid, received_for) AS place
        FROM held.{table} WHERE received_for <= $month AND attendance_code IS NULL GROUP BY ALL
    ),
    codes AS (
        SELECT codes.rowid AS place, source_id, pupil_id, academic_year, term, received_for, sessions, totals_for
        FROM held.{table} AS codes LEFT JOIN totals USING (pupil_id, academic_year, term)
        WHERE received_for <= $month AND attendance_code IS NOT NULL
        AND (totals_for IS NULL OR received_for > totals_for)
    ),
    standing AS (
        SELECT max_by(place, received_for) AS place FROM codes
        GROUP BY source_id HAVING max_by(sessions, received_for) > 0
        UNION ALL
        SELECT place FROM totals ANTI JOIN (
            SELECT pupil_id, academic_year, term FROM codes WHERE totals_for IS NOT NULL AND sessions > 0
        ) USING (pupil_id, academic_year, term)
    )
    SELECT {columns} FROM held.{table} WHERE rowid IN (SELECT place FROM standing)
    ORDER BY received_for, line
"""

_PANDAS_TYPES = {
    pa.string(): pd.StringDtype("pyarrow"),
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def recall(con: duckdb.DuckDBPyConnection, month: str, feed: str, table: str) -> pd.DataFrame:
    """The table as of the month in its held form, ordered by month received and line."""
    model = FEED_TABLES[feed, table]
    columns = ", ".join(f'"{name}"' for name in column_names(model))
    query = _query(feed, table).format(columns=columns, table=f"{feed}_{table}")
    values = {"month": month} | ({"feed": feed, "table_name": table} if (feed, table) in ROSTERS else {})
    return typed(con.execute(query, values).to_arrow_table(), model)


def typed(rows: pa.Table, model: Model) -> pd.DataFrame:
    """Rows that DuckDB holds for a model, as the frame that its model describes."""
    frame: pd.DataFrame = rows.to_pandas(types_mapper=_PANDAS_TYPES.get, date_as_object=False, split_blocks=True)
    return frame.astype(empty(model).dtypes.to_dict())


def _query(feed: str, table: str) -> str:
    if (feed, table) in ROSTERS:
        return ROSTER
    return ATTENDANCE if table == "attendance" else EVENTS
