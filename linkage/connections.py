"""Things tied to one another, near or through others, as groups."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def connect(size: int, left: npt.NDArray[np.integer], right: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """The group of each of `size` things: the smallest thing that it is tied to through the pairs `left`, `right`."""
    if not size:
        return np.zeros(0, np.int64)
    ties = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
    _, group = connected_components(ties, directed=False)
    first = np.full(int(group.max()) + 1, size, np.int64)
    np.minimum.at(first, group, np.arange(size))
    return np.asarray(first[group], np.int64)
