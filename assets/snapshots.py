"""Tables read from, and written to, the store's databases, typed as their models say. Knows no Dagster."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from assets.store import Store
from schemas.frames import Model, TableContractError, conform, empty, sql_types
from schemas.registry import INTERNAL_TABLES, PUBLISHED_TABLES

MODELS: Mapping[str, Model] = {**PUBLISHED_TABLES, **INTERNAL_TABLES}


class OlderMonthError(RuntimeError):
    """A published month that other software made, which this one cannot read: which, by what, and what to do."""


def read(store: Store, file: Path, name: str) -> pd.DataFrame:
    """One table of one of the store's databases, typed as its model says.

    A column that has been added since the table was written is missing in every row. Raises duckdb.CatalogException
    where there is no such table.
    """
    model = MODELS[name]
    with store.connect(file, read_only=True) as connection:
        there = set(connection.table(f'"{name}"').columns)
        table = connection.execute(f'select {_chosen(model, there)} from "{name}"').to_arrow_table()
    return conform(_frame(table), model)


def _chosen(model: Model, there: set[str]) -> str:
    types = sql_types(model)
    missing = {column: f'cast(null as {kind}) as "{column}"' for column, kind in types.items() if column not in there}
    return ", ".join(missing.get(column, f'"{column}"') for column in types)


def ask(
    store: Store, file: Path, query: str, *, frames: Mapping[str, pd.DataFrame] | None = None, **values: object
) -> pd.DataFrame:
    """What a query of one of the store's databases finds; it may join `frames` by their names."""
    with store.connect(file, read_only=True) as connection:
        for name, frame in (frames or {}).items():
            connection.register(name, pa.Table.from_pandas(frame, preserve_index=False))
        return _frame(connection.execute(query, values or None).to_arrow_table())


def read_published(store: Store, month: str | None, name: str) -> pd.DataFrame:
    """One table of a published month; no rows where there is no such month, or it was published without the table.

    Raises OlderMonthError where the month's table is not as this software's model of it says.
    """
    if month is None or not store.published_file(month).is_file():
        return empty(MODELS[name])
    try:
        return read(store, store.published_file(month), name)
    except duckdb.CatalogException:
        return empty(MODELS[name])
    except TableContractError:
        told = unreadable(store, month, name)
    raise OlderMonthError(told)


def unreadable(store: Store, month: str, name: str) -> str:
    """What to say of a published month whose table is not as this software expects it."""
    with store.connect(store.published_file(month), read_only=True) as connection:
        there = set(connection.table(f'"{name}"').columns)
        made = connection.execute("SELECT software_version, finished_at FROM run").fetchone()
    lacking = [column for column in sql_types(MODELS[name]) if column not in there]
    by = f"Hearth {made[0]} on {made[1]:%Y-%m-%d}" if made else "software that did not name itself"
    ours = f"this Hearth ({version('hearth')})"
    what = f"lacks {', '.join(lacking)}, which {ours} needs" if lacking else f"is not as {ours} reads it"
    return (
        f"{month} was published by {by}, and its table {name} {what}. Make the month anew from its deliveries: "
        f"hearth run --month {month}"
    )


def write(store: Store, file: Path, name: str, frame: pd.DataFrame) -> None:
    """Replace one table of a month in the making."""
    types = sql_types(MODELS[name])
    columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
    chosen = ", ".join(f'"{column}"' for column in types)
    with store.connect(file) as connection:
        connection.register("incoming", pa.Table.from_pandas(frame, preserve_index=False))
        connection.execute("begin")
        connection.execute(f'create or replace table "{name}" ({columns})')
        connection.execute(f'insert into "{name}" select {chosen} from incoming')
        connection.execute("commit")


def _frame(table: pa.Table) -> pd.DataFrame:
    text = pd.StringDtype("pyarrow")
    mapper = {pa.string(): text, pa.large_string(): text, pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    return pd.DataFrame(table.to_pandas(types_mapper=mapper.get, date_as_object=False))
