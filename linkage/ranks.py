"""Texts as whole numbers that sort as the texts do: what is done with many texts is done with numbers."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.extensions import ExtensionArray

from schemas.identifiers import TEXT

Codes = npt.NDArray[np.int64]


def ranked(*texts: pd.Series) -> tuple[list[Codes], pd.Series]:
    """The rank of each text among all the distinct ones of every column, -1 where it is missing, and those, sorted."""
    encoded = _whole(*texts).dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order) + 1, np.int64)
    rank[order], rank[-1] = np.arange(len(order)), -1
    codes = rank[pc.fill_null(encoded.indices, len(order)).to_numpy()]
    ends = np.cumsum([len(column) for column in texts])[:-1]
    return np.split(codes, ends), pd.Series(pd.array(encoded.dictionary.take(pa.array(order)), dtype=TEXT))


def places_of(wanted: pd.Series, keys: pd.Series) -> Codes:
    """The place of each text among `keys`, each of which stands there once; -1 where it is missing or not there."""
    places = pc.index_in(_whole(wanted), value_set=_whole(keys), skip_nulls=True)
    return np.asarray(pc.fill_null(places, -1).to_numpy(), np.int64)


def repeated(text: str, size: int) -> ExtensionArray:
    """So many times the same text."""
    return pd.array(pa.repeat(pa.scalar(text, pa.large_string()), size), dtype=TEXT)


def in_one_piece(column: pd.Series) -> pd.Series:
    """The same text, not in the pieces of which it was put together: it would be put together anew at every look-up."""
    return pd.Series(pd.array(_whole(column), dtype=TEXT), index=column.index)


def _whole(*columns: pd.Series) -> pa.Array:
    """The columns below one another as one array."""
    chunks = [chunk for column in columns for chunk in _chunks(column)]
    return pa.chunked_array(chunks, pa.large_string()).combine_chunks()


def _chunks(column: pd.Series) -> list[pa.Array]:
    given = pa.array(column.astype(TEXT).array, pa.large_string())
    return given.chunks if isinstance(given, pa.ChunkedArray) else [given]
