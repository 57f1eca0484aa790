"""Whom decisions moved: two people or records that stand together now and did not before, or the other way round.

A decision that confirms what stands moves nobody: what happens to the two besides is not put down to it.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd


def moved(pairs: pd.DataFrame, *states: pd.DataFrame) -> set[str]:
    """The keys of the pairs (`left`, `right`) of which both stand under one id in some of the states, and not in all.

    A state is `key` and `id`, a row for each id under which a key stands; one without a row says nothing.
    """
    together = [_together(pairs, state) for state in states if len(state)]
    if not together:
        return set()
    differs = np.logical_or.reduce(together) & ~np.logical_and.reduce(together)
    return {str(key) for side in ("left", "right") for key in pairs.loc[differs, side]}


def _together(pairs: pd.DataFrame, state: pd.DataFrame) -> npt.NDArray[np.bool_]:
    known = state.loc[state["key"].isin(pd.concat([pairs["left"], pairs["right"]])), ["key", "id"]]
    places = pd.DataFrame({"pair": np.arange(len(pairs)), "left": pairs["left"].array, "right": pairs["right"].array})
    left, right = (
        places[["pair", side]].merge(known, left_on=side, right_on="key")[["pair", "id"]] for side in ("left", "right")
    )
    return np.isin(places["pair"], left.merge(right, on=["pair", "id"])["pair"])
