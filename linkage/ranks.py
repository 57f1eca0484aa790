"""Texts as whole numbers that sort as the texts do: what is done with many texts is done with numbers."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.person_rows import TEXT

Codes = npt.NDArray[np.int64]


def ranked(*texts: pd.Series) -> tuple[list[Codes], pd.Series]:
    """The rank of each text among all the distinct ones of every column, -1 where it is missing, and those, sorted."""
    chunks = [chunk for column in texts for chunk in _chunks(column)]
    whole = pa.chunked_array(chunks, pa.large_string()).combine_chunks()
    encoded = whole.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order) + 1, np.int64)
    rank[order], rank[-1] = np.arange(len(order)), -1
    codes = rank[pc.fill_null(encoded.indices, len(order)).to_numpy()]
    ends = np.cumsum([len(column) for column in texts])[:-1]
    return np.split(codes, ends), pd.Series(pd.array(encoded.dictionary.take(pa.array(order)), dtype=TEXT))


def _chunks(column: pd.Series) -> list[pa.Array]:
    given = pa.array(column.astype(TEXT).array, pa.large_string())
    return given.chunks if isinstance(given, pa.ChunkedArray) else [given]
