"""Frames made to match their model: empty ones, typed ones, and the SQL types that hold them."""

from collections.abc import Mapping

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrors

from schemas.columns import FeedColumn


class TableContractError(ValueError):
    """A table breaks its own model; the message names columns, rules and counts, never a value."""


Model = type[pa.DataFrameModel]

_SQL_TYPES = {
    "datetime64[ns]": "DATE",
    "Int64": "BIGINT",
    "boolean": "BOOLEAN",
    "float64": "DOUBLE",
    "string[pyarrow]": "VARCHAR",
}


def column_names(model: Model) -> list[str]:
    """The model's columns, in its order."""
    return list(model.to_schema().columns)


def empty(model: Model) -> pd.DataFrame:
    """A frame of no rows with the model's columns and types."""
    columns = model.to_schema().columns
    return pd.DataFrame({name: pd.Series(dtype=column.dtype.type) for name, column in columns.items()})


def conform(frame: pd.DataFrame, model: Model) -> pd.DataFrame:
    """The frame with the model's columns, order and types; raises TableContractError where it breaks the model."""
    try:
        valid = model.validate(frame, lazy=True)
    except SchemaErrors as errors:
        complaint = _summary(errors.failure_cases)
    except SchemaError as error:
        complaint = f"{error.reason_code.name if error.reason_code else 'unreadable'} in one column"
    else:
        return pd.DataFrame(valid)[column_names(model)].reset_index(drop=True)
    # Raised outside the handlers: the pandera error carries the failing values, and must not travel with ours.
    message = f"{model.__name__}: {complaint}. Mend the step that makes this table; its model is in schemas/."
    raise TableContractError(message)


def sql_types(model: Model) -> Mapping[str, str]:
    """Column to the DuckDB type that holds it; instants (`…_at`) are timestamps, other moments are days."""
    columns = model.to_schema().columns
    return {
        name: "TIMESTAMP" if name.endswith("_at") else _SQL_TYPES[str(column.dtype)] for name, column in columns.items()
    }


def contract_columns(model: Model) -> Mapping[str, FeedColumn]:
    """A feed table's columns as the contract names them, each with what the contract says of it."""
    columns = model.to_schema().columns
    return {name: column.metadata["feed"] for name, column in columns.items() if "feed" in (column.metadata or {})}


def _summary(cases: pd.DataFrame) -> str:
    # Of a missing column pandera gives the name as the failing case: the one case that may be told.
    missing = cases["check"].eq("column_in_dataframe")
    named = cases.assign(column=cases["column"].where(~missing, cases["failure_case"]))
    counts = named.groupby(["column", "check"], dropna=False, sort=True).size().reset_index(name="rows")
    return "; ".join(f"{row.column} fails {row.check} in {row.rows} rows" for row in counts.itertuples(index=False))
