"""The accepted rows of every month, in DuckDB, and what each month knows of them.

Every month's rows stay as they came; what is held as of a month is worked out when it is asked for. So months may be
received in any order, and again, and always give the same.
"""

import duckdb
import pandas as pd

from feeds.intake import Past, ReceivedFeed
from feeds.landing import tables_of
from feeds.recall import recall, typed
from feeds.tables import DELIVERIES, REJECTED, TABLES, insert, is_prepared, prepare, transaction
from schemas.frames import column_names, empty
from schemas.identifiers import TEXT
from schemas.registry import FEED_TABLES, ROSTER_OF, ROSTERS
from schemas.vocabulary import Feed

LAST_USED = """
    SELECT {names}, max(received_for) AS last_used, arg_max(extract_on, received_for) AS extract_on
    FROM held.deliveries WHERE status = 'used' AND received_for <= $month GROUP BY ALL
"""


def hold(con: duckdb.DuckDBPyConnection, received: ReceivedFeed) -> None:
    """Let what was received be all that is held of this feed for this month, in one transaction."""
    prepare(con)
    with transaction(con):
        for table in tables_of(received.feed):
            name = f"{received.feed}_{table}"
            con.execute(f"DELETE FROM held.{name} WHERE received_for = $month", {"month": received.month})
            if table in received.tables:
                insert(con, name, received.tables[table])
        for name, report in ((DELIVERIES, received.deliveries), (REJECTED, received.rejected)):
            con.execute(
                f"DELETE FROM held.{name} WHERE feed = $feed AND received_for = $month",
                {"feed": received.feed, "month": received.month},
            )
            insert(con, name, report)


def deliveries(con: duckdb.DuckDBPyConnection, month: str) -> pd.DataFrame:
    """The report on a month's own deliveries, in the published form, by feed and table."""
    return _report(con, month, DELIVERIES, "feed, table_name")


def rejected_records(con: duckdb.DuckDBPyConnection, month: str) -> pd.DataFrame:
    """The rows of a month's own files that could not be used, in the published form, by feed, table and line."""
    return _report(con, month, REJECTED, "feed, table_name, line")


def held(con: duckdb.DuckDBPyConnection, month: str) -> dict[tuple[str, str], pd.DataFrame]:
    """Every contract table as of a month, in its held form; a table that was never delivered is empty.

    A roster is its newest used delivery up to the month; of an event, the newest row of its key stands.
    """
    return {key: held_table(con, month, *key) for key in FEED_TABLES}


def held_table(con: duckdb.DuckDBPyConnection, month: str, feed: str, table: str) -> pd.DataFrame:
    """One contract table as of a month, ordered by month received and line."""
    if not is_prepared(con):
        return empty(FEED_TABLES[feed, table])
    return recall(con, month, feed, table)


def past(con: duckdb.DuckDBPyConnection, month: str, feed: str) -> Past:
    """What the months before this one say of a feed, for the report of its delivery."""
    if not is_prepared(con):
        return Past()
    before = con.execute(
        """
        SELECT max(received_for) FROM held.deliveries
        WHERE feed = $feed AND status = 'used' AND received_for < $month
        """,
        {"feed": feed, "month": month},
    ).fetchone()
    last = before[0] if before else None
    columns = {roster: column for (owner, _), (roster, column) in ROSTER_OF.items() if owner == feed}
    keys = {roster: held_table(con, last, feed, roster)[column] for roster, column in columns.items()} if last else {}
    return Past(last, keys, _filled_rosters(con, month, feed))


def _filled_rosters(con: duckdb.DuckDBPyConnection, month: str, feed: str) -> frozenset[str]:
    rows = con.execute(
        """
        SELECT table_name FROM held.deliveries
        WHERE feed = $feed AND status = 'used' AND received_for < $month
        GROUP BY table_name HAVING arg_max(accepted, received_for) > 0
        """,
        {"feed": feed, "month": month},
    ).fetchall()
    return frozenset(name for (name,) in rows if (feed, name) in ROSTERS)


def status(con: duckdb.DuckDBPyConnection, month: str) -> pd.DataFrame:
    """One row a feed: `feed`, `last_used` (month), `extract_on` (its day), `is_late` (nothing of this month used)."""
    feeds = _last_used(con, month, pd.DataFrame({"feed": [feed.value for feed in Feed]}))
    return feeds.assign(is_late=feeds["last_used"].ne(month).fillna(value=True).astype("boolean"))


def table_status(con: duckdb.DuckDBPyConnection, month: str) -> pd.DataFrame:
    """One row a contract table: `feed`, `table_name`, `last_used` (month; missing where never), `extract_on`."""
    return _last_used(con, month, pd.DataFrame(list(FEED_TABLES), columns=["feed", "table_name"]))


def _last_used(con: duckdb.DuckDBPyConnection, month: str, subjects: pd.DataFrame) -> pd.DataFrame:
    prepare(con)
    names = list(subjects.columns)
    used = con.execute(LAST_USED.format(names=", ".join(names)), {"month": month}).df()
    merged = subjects.merge(used, how="left", on=names)
    return merged.astype(dict.fromkeys([*names, "last_used"], TEXT) | {"extract_on": "datetime64[ns]"})


def _report(con: duckdb.DuckDBPyConnection, month: str, name: str, order: str) -> pd.DataFrame:
    prepare(con)
    model = TABLES[name]
    columns = ", ".join(f'"{column}"' for column in column_names(model))
    query = f"SELECT {columns} FROM held.{name} WHERE received_for = $month ORDER BY {order}"
    return typed(con.execute(query, {"month": month}).to_arrow_table(), model)
