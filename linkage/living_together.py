"""Which of the people who stay at one dwelling live together, and which only share a front door."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.childhood import Ages
from linkage.connections import connect
from linkage.dwelling_shapes import SHARED, shapes
from linkage.kinship import KIN

Codes = npt.NDArray[np.int64]


def group_stays(
    stays: pd.DataFrame, names: pd.DataFrame, ties: pd.DataFrame, known: Ages, dwellings: pd.DataFrame
) -> pd.DataFrame:
    """The stays with `kin`, `name`, `shape`, `child` and `household`: the first stay of each group, by place.

    A dwelling is one household unless its shape or its words say that strangers share it, its address is protected or
    known only in part: then each group of kin is one.
    """
    kin = _kin_groups(stays, ties[ties["tie"].isin([*KIN, "phone"]).to_numpy()], names)
    stays = stays.assign(kin=kin, name=_first_name(stays, names))
    stays["shape"] = shapes(stays, known, dwellings)[stays["dwelling"]]
    hidden = stays.groupby("dwelling")["protected"].transform("max").to_numpy(bool)
    vague = dwellings["vague"].to_numpy(bool)[stays["dwelling"]]
    apart = hidden | vague | stays["shape"].isin(SHARED).to_numpy()
    first = stays.reset_index().groupby("dwelling")["index"].transform("min").to_numpy()
    child = known.is_dependent_child().array[stays["person"]]
    return stays.assign(household=np.where(apart, kin, first), child=child)


def tied_stays(stays: pd.DataFrame, ties: pd.DataFrame) -> tuple[Codes, Codes]:
    """The places of stays in one dwelling whose people are tied."""
    placed = stays[["person", "dwelling"]].reset_index(names="stay")
    both = ties[["left", "right"]].merge(placed.rename(columns={"person": "left"}), on="left")
    both = both.merge(placed.rename(columns={"person": "right"}), on=["right", "dwelling"])
    return both["stay_x"].to_numpy(np.int64), both["stay_y"].to_numpy(np.int64)


def _kin_groups(stays: pd.DataFrame, ties: pd.DataFrame, names: pd.DataFrame) -> Codes:
    """The first stay of each stay's kin in its dwelling: tied by a record or of one family name."""
    left, right = tied_stays(stays, ties)
    named = len(stays) + names["name"].to_numpy()
    nodes = len(stays) + (int(names["name"].max()) + 1 if len(names) else 0)
    return connect(nodes, np.append(left, names["stay"]), np.append(right, named))[: len(stays)]


def _first_name(stays: pd.DataFrame, names: pd.DataFrame) -> Codes:
    first = np.full(len(stays), -1, np.int64)
    ordered = names.sort_values(["stay", "name"], kind="stable").drop_duplicates("stay")
    first[ordered["stay"].to_numpy()] = ordered["name"].to_numpy()
    return first
