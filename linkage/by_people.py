"""Whom decisions moved: who stands together, or in a family, now and did not before, or the other way round.

A decision that confirms what stands moves nobody: what happens to them besides is not put down to it.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd


@dataclass(frozen=True)
class Why:
    """Whose doing changes of ids may be.

    Changes that touch one of `human_keys` are put down to people, and those that touch one of two keys of which
    somebody has `decided` since the month before (`left`, `right`), or one of which was said whether it `belongs` to an
    id (`key`, `id`), where that has moved them; all others to data.
    """

    human_keys: frozenset[str] = frozenset()
    decided: pd.DataFrame | None = field(default=None, repr=False)
    belongs: pd.DataFrame | None = field(default=None, repr=False)


NOBODYS = Why()


def moved(pairs: pd.DataFrame, *states: pd.DataFrame) -> set[str]:
    """The keys of the pairs (`left`, `right`) of which both stand under one id in some of the states, and not in all.

    A state is `key` and `id`, a row for each id under which a key stands; one without a row says nothing.
    """
    differs = _differ([_together(pairs, state) for state in states if len(state)])
    return set() if differs is None else {str(key) for name in ("left", "right") for key in pairs.loc[differs, name]}


def placed(belongs: pd.DataFrame, *states: pd.DataFrame) -> set[str]:
    """The keys of those (`key`, `id`) that stand under that very id in some of the states, and not in all.

    A state is `key` and `id`; who has no row in it stands under none.
    """
    sought = pd.MultiIndex.from_frame(belongs[["key", "id"]])
    differs = _differ([sought.isin(pd.MultiIndex.from_frame(state[["key", "id"]])) for state in states])
    return set() if differs is None else set(belongs.loc[differs, "key"].astype(str))


def _differ(told: list[npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_] | None:
    return np.logical_or.reduce(told) & ~np.logical_and.reduce(told) if told else None


def _together(pairs: pd.DataFrame, state: pd.DataFrame) -> npt.NDArray[np.bool_]:
    known = state.loc[state["key"].isin(pd.concat([pairs["left"], pairs["right"]])), ["key", "id"]]
    places = pd.DataFrame({"pair": np.arange(len(pairs)), "left": pairs["left"].array, "right": pairs["right"].array})
    left, right = (
        places[["pair", side]].merge(known, left_on=side, right_on="key")[["pair", "id"]] for side in ("left", "right")
    )
    return np.isin(places["pair"], left.merge(right, on=["pair", "id"])["pair"])
