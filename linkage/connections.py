"""Things tied to one another, near or through others, as groups."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def connect(size: int, left: npt.NDArray[np.integer], right: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """The group of each of `size` things: the smallest thing that it is tied to through the pairs `left`, `right`."""
    ties = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
    group = connected_components(ties, directed=False)[1] if size else np.empty(0, np.int32)
    # Numbered as they appear, so each one's first thing stands where the highest number rises.
    first = np.flatnonzero(np.diff(np.maximum.accumulate(group), prepend=-1))
    return np.asarray(first[group], np.int64)
