"""Texts of one place that are nearly the same: a street, or a family name, that is written in several ways."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from linkage.ranks import Codes


def pairs_within(groups: pd.Series) -> tuple[Codes, Codes]:
    """Every two places that share a group, the lower first."""
    frame = pd.DataFrame({"group": pd.factorize(groups)[0], "place": np.arange(len(groups))})
    sizes = frame.groupby("group")["place"].transform("size")
    frame = frame[sizes > 1]
    both = frame.merge(frame, on="group")
    both = both[both["place_x"] < both["place_y"]]
    return both["place_x"].to_numpy(np.int64), both["place_y"].to_numpy(np.int64)


def similar(left: npt.NDArray[np.object_], right: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """Share of letters that two texts have in common place by place, 0 to 1."""
    if not len(left):
        return np.zeros(0)
    return np.asarray(cpdist(left, right, scorer=Levenshtein.normalized_similarity), dtype=np.float64)
