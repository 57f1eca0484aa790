"""How full the columns are that say who somebody is and where: what a delivery can lose without losing a row.

An export that leaves a column out, or writes its dates as nobody can read them, brings as many rows as ever. Matching
then finds other people and homes, and families go of whom nothing has changed.
"""

from collections.abc import Iterator

import duckdb
import pandas as pd

from feeds.recall import ROSTER
from feeds.tables import is_prepared
from schemas.frames import contract_columns
from schemas.registry import FEED_TABLES, PERSON_TABLES, ROSTERS

ADDRESS = "address"
_ADDRESS = ("address_line_1", "postcode", "uprn")
_TELLING = ("forename", "surname", "date_of_birth", "relationship", "lives_with_pupil")
# Below these, a fall says nothing: small councils have small numbers, and what hardly anybody fills comes and goes.
_FEW_ROWS = 100
_LEAST = 0.2


def filled(con: duckdb.DuckDBPyConnection, month: str) -> pd.Series:
    """Of each roster as of a month, the share of its rows that fill a telling column, by `feed/table column`.

    The address is one column: a row has one that has a first line, a postcode or a property number. A roster of fewer
    than 100 rows tells nothing.
    """
    shares: dict[str, float] = {}
    if is_prepared(con):
        for feed, table in PERSON_TABLES:
            if (feed, table) in ROSTERS:
                shares |= _shares(con, month, feed, table)
    return pd.Series(shares, dtype=float)


def emptied(before: pd.Series, now: pd.Series, fall_pct: int) -> list[str]:
    """The columns whose share of filled rows fell by at least so many per cent, in words with both shares.

    At 100 nothing has fallen: somebody has said that the fall is right.
    """
    if fall_pct >= 100:
        return []
    both = pd.concat({"before": before, "now": now}, axis=1).dropna()
    fell = (100 * both["now"] <= (100 - fall_pct) * both["before"]) & (both["before"] >= _LEAST)
    return [f"{name} ({row.before:.0%} of rows, now {row.now:.0%})" for name, row in both[fell].iterrows()]


def _shares(con: duckdb.DuckDBPyConnection, month: str, feed: str, table: str) -> dict[str, float]:
    columns = dict(_columns(feed, table))
    counts = ", ".join(f"count(coalesce({', '.join(names)}))" for names in columns.values())
    rows = ROSTER.format(columns="*", table=f"{feed}_{table}")
    values = {"month": month, "feed": feed, "table_name": table}
    found = con.execute(f"SELECT count(*), {counts} FROM ({rows})", values).fetchone()
    if found is None or found[0] < _FEW_ROWS:
        return {}
    return {f"{feed}/{table} {name}": count / found[0] for name, count in zip(columns, found[1:], strict=True)}


def _columns(feed: str, table: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    there = contract_columns(FEED_TABLES[feed, table])
    yield from ((name, (name,)) for name in _TELLING if name in there)
    if place := tuple(name for name in _ADDRESS if name in there):
        yield ADDRESS, place
