"""Which of the people who stay at one dwelling live together, and which only share a front door."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.care import FOSTER
from linkage.company import Traits
from linkage.connections import connect
from linkage.dwelling_shapes import shapes
from linkage.kinship import KIN
from linkage.likely_kin import children_alone, likely_ties
from linkage.surnames import name_groups

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Known:
    """What is known of the people who stay somewhere.

    Stated `ties`, their `traits`, the `surnames` they used, who a coordinator says lives `together`, and by person who
    is `in_care`.
    """

    ties: pd.DataFrame
    traits: Traits
    surnames: pd.DataFrame
    together: pd.DataFrame
    in_care: npt.NDArray[np.bool_]


def group_stays(stays: pd.DataFrame, known: Known, dwellings: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """The stays with `shape`, `child`, and the first stay, by place, of their `kin`, `relatives` and `household`.

    People of one dwelling are relatives if a record or a family name ties them (`kin`), or, at a whole address that is
    not protected, if their ages make them likely kin, or if children would else live alone there who are not in care.
    Relatives are a household, with the children whom they foster or who would else live alone there.
    """
    names = name_groups(stays, known.surnames)
    ties = known.ties[known.ties["tie"].isin([*KIN, "phone"]).to_numpy()]
    stays = stays.assign(kin=_kin_groups(stays, ties, names))
    stays["shape"] = shapes(stays, known.traits.ages, dwellings)[stays["dwelling"]]
    stays["child"] = known.traits.ages.is_dependent_child().array[stays["person"]]
    hidden = stays.groupby("dwelling")["protected"].transform("max").to_numpy(bool)
    vague = dwellings["vague"].to_numpy(bool)[stays["dwelling"]]
    open_home = ~hidden & ~vague & (stays["shape"] == "home").to_numpy()
    described = _described(stays[open_home], known)
    left, right = likely_ties(described, as_of)
    alone, adults = children_alone(described, as_of)
    theirs = ~np.isin(alone, stays["kin"].to_numpy()[known.in_care[stays["person"].to_numpy()]])
    left, right = np.append(left, alone[theirs]), np.append(right, adults[theirs])
    places = np.arange(len(stays))
    relatives = connect(len(stays), np.append(places, left), np.append(stays["kin"], right))
    carers, fostered = tied_stays(stays, known.ties[(known.ties["tie"] == FOSTER).to_numpy()])
    left, right = tied_stays(stays, known.together)
    household = connect(
        len(stays), np.concatenate([places, carers, left, alone]), np.concatenate([relatives, fostered, right, adults])
    )
    return stays.assign(relatives=relatives, household=household)


def _described(stays: pd.DataFrame, known: Known) -> pd.DataFrame:
    person = stays["person"].to_numpy()
    child = stays["child"].fillna(value=False).to_numpy(bool)
    return stays[["person", "dwelling", "kin", "confirmed", "own"]].assign(
        years=known.traits.ages.years[person], child=child
    )


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
