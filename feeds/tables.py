"""The DuckDB tables that hold accepted rows and the reports on deliveries, made from the models."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pandas as pd
import pyarrow as pa

from schemas import published
from schemas.frames import Model, sql_types
from schemas.registry import FEED_TABLES

DELIVERIES, REJECTED = "deliveries", "rejected_records"
TABLES: dict[str, Model] = {f"{feed}_{table}": model for (feed, table), model in FEED_TABLES.items()} | {
    DELIVERIES: published.Delivery,
    REJECTED: published.RejectedRecord,
}


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of schema `held`, where they are not there yet; a column new to a model is added."""
    con.execute("CREATE SCHEMA IF NOT EXISTS held")
    there = _columns_there(con)
    for name, model in TABLES.items():
        types = sql_types(model)
        if name not in there:
            columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
            con.execute(f"CREATE TABLE held.{name} ({columns})")
        for column in sorted(types.keys() - there.get(name, types.keys())):
            con.execute(f'ALTER TABLE held.{name} ADD COLUMN "{column}" {types[column]}')


def is_prepared(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the tables are there; a database that is only read cannot be given them."""
    return _columns_there(con).keys() >= TABLES.keys()


def insert(con: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    """Add the rows of a frame to a held table."""
    con.register("incoming", pa.Table.from_pandas(frame, preserve_index=False))
    try:
        con.execute(f"INSERT INTO held.{name} BY NAME SELECT * FROM incoming")
    finally:
        con.unregister("incoming")


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of what happens within, or nothing of it."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def _columns_there(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'held'"
    there: dict[str, set[str]] = {}
    for table, column in con.execute(query).fetchall():
        there.setdefault(table, set()).add(column)
    return there
