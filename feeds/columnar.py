"""Parquet: typed columns as the contract's text. A row's line is its place plus one, as if a header were line 1."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from feeds.cells import cell_text
from feeds.delivered import DeliveredTable, folded, named
from feeds.errors import UnusableFileError


def read_columnar(content: bytes, known: frozenset[str]) -> DeliveredTable:
    """Read a Parquet file; raises UnusableFileError with the reason."""
    table = _table(content)
    names = named(table.column_names, known)
    columns = {name: _column_text(name, column, known) for name, column in zip(names, table.columns, strict=True)}
    return DeliveredTable(pa.table(columns), np.arange(table.num_rows, dtype=np.int64) + 2)


def _table(content: bytes) -> pa.Table:
    try:
        table = pq.read_table(pa.BufferReader(content))
        # Bytes that are not what their type says would otherwise come to light in the middle of a rule.
        table.validate(full=True)
        table = table.rename_columns([str(name) for name in table.column_names])
    except (pa.ArrowException, OSError, ValueError):
        table = None
    if table is None:
        raise UnusableFileError("the file is no readable Parquet file; it may have been cut off while it was sent")
    return table


def _column_text(name: str, column: pa.ChunkedArray, known: frozenset[str]) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        texts = column.cast(pa.large_string())
    elif pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        texts = _unreadable(name, column, known)
    else:
        texts = _by_value(column)
    return pc.fill_null(texts, "").combine_chunks()


def _by_value(column: pa.ChunkedArray) -> pa.ChunkedArray:
    encoded = column.combine_chunks().dictionary_encode()
    texts = pa.array([cell_text(value) for value in encoded.dictionary.to_pylist()], pa.large_string())
    return pa.chunked_array([texts.take(encoded.indices)])


def _unreadable(name: str, column: pa.ChunkedArray, known: frozenset[str]) -> pa.ChunkedArray:
    if folded(name) in known:
        message = f"the column {folded(name)} holds neither text, number, date nor yes and no"
        raise UnusableFileError(message)
    return pa.chunked_array([pa.nulls(len(column), pa.large_string())])
