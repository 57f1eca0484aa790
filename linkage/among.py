"""Whether two whole numbers stand side by side in another table, asked of many rows at once."""

import numpy as np
import numpy.typing as npt
import pandas as pd


def among(rows: pd.DataFrame, others: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Of each row of two whole numbers whether `others`, of two columns too, has the same two in the same order."""
    return np.asarray(pd.Series(_packed(rows)).isin(_packed(others)).to_numpy(bool))


def _packed(rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    first, second = (rows.iloc[:, place].to_numpy().astype(np.int64) for place in (0, 1))
    return np.asarray(first << 32 | second & 0xFFFFFFFF)
