"""What single rows said as of a month: enough to see that a row came, went or changed, without its values."""

import duckdb
import pandas as pd
import pyarrow as pa

from feeds.tables import is_prepared
from schemas.frames import contract_columns
from schemas.identifiers import TEXT
from schemas.registry import FEED_TABLES, ROSTERS

_COLUMNS = ["feed", "table_name", "source_id", "content"]

_NEWEST = """
    SELECT source_id, max_by(md5(concat_ws(chr(31), {said})), received_for) AS content
    FROM held.{table} SEMI JOIN wanted USING (source_id)
    WHERE received_for <= $month {of_roster}
    GROUP BY source_id
"""
_OF_ROSTER = """
    AND received_for = (
        SELECT max(received_for) FROM held.deliveries
        WHERE feed = $feed AND table_name = $table_name AND status = 'used' AND received_for <= $month
    )
"""


def contents(con: duckdb.DuckDBPyConnection, month: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Of these rows (feed, table_name, source_id) those that are held as of the month, with a hash of what each says.

    What a partner sends again unchanged has the same hash, whichever file it came in.
    """
    if rows.empty or not is_prepared(con):
        return pd.DataFrame(columns=_COLUMNS, dtype=TEXT)
    parts = [
        _of_table(con, month, key, wanted)
        for key, wanted in rows.groupby(["feed", "table_name"], sort=True)["source_id"]
        if key in FEED_TABLES
    ]
    return pd.concat(parts or [pd.DataFrame(columns=_COLUMNS)], ignore_index=True).astype(TEXT)


def _of_table(con: duckdb.DuckDBPyConnection, month: str, key: tuple[str, str], wanted: pd.Series) -> pd.DataFrame:
    said = ", ".join(f"coalesce({name}::VARCHAR, '')" for name in contract_columns(FEED_TABLES[key]))
    is_roster = key in ROSTERS
    query = _NEWEST.format(said=said, table="_".join(key), of_roster=_OF_ROSTER if is_roster else "")
    values = {"month": month} | ({"feed": key[0], "table_name": key[1]} if is_roster else {})
    con.register("wanted", pa.table({"source_id": pa.array(sorted(set(wanted)), pa.string())}))
    try:
        found = con.execute(query, values).df()
    finally:
        con.unregister("wanted")
    return found.assign(feed=key[0], table_name=key[1])[_COLUMNS]
