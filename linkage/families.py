"""Families: people of one household tied by parenthood, partnership or kinship, a dependent child among them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.care import FOSTER
from linkage.decided import as_confirmed
from linkage.households import Homes
from linkage.kinship import PARENTS
from linkage.living_together import tied_stays
from linkage.person_rows import TEXT

Codes = npt.NDArray[np.int64]
_PARENT_GAP = (14, 55)


@dataclass(frozen=True)
class Families:
    """`families` and `members` with the published columns and provisional ids."""

    families: pd.DataFrame
    members: pd.DataFrame


def form(homes: Homes) -> Families:
    """The families of households.

    A shared place (HMO, hostel, hall) is no family, save kin in a refuge and a child there with a stated parent.
    A lodger is left out: an adult of another name, untied by any record, whom age does not make the likely partner or
    parent of someone in the family. So is a foster child, and foster children alone are no family. Where expectant
    parents count, they make a family as a child does.
    """
    stays = homes.stays
    group = stays["relatives"].to_numpy(np.int64)
    child = stays["child"].fillna(value=False).to_numpy(bool)
    expecting = homes.expecting[stays["person"]]
    has_child, grown, fostered = (_any(flags, group) for flags in (child | expecting, ~child, _is_fostered(homes)))
    stated = _with_stated_parent(homes, group)
    shape = stays["shape"].to_numpy(object)
    home = (shape == "home") & (grown | ~fostered)
    counts = has_child & (home | grown & ((shape == "refuge") | stated & (shape == "shared")))
    chosen = stays[counts].assign(group=group[counts])
    members = _members(homes, chosen)
    return Families(_families(homes, chosen, members), members)


def correct(formed: Families, homes: Homes, confirmed: pd.DataFrame) -> Families:
    """Families under lasting ids as coordinators corrected them (`linkage.decided.Decided.families`)."""
    stays = homes.stays.drop_duplicates("person")
    ids = pd.Index(homes.ids.iloc[stays["person"]])
    child = stays["child"].fillna(value=False).to_numpy(bool)
    roles = pd.Series(np.where(child, "child", "adult"), ids)
    hidden = pd.Series(stays["protected"].to_numpy(bool), ids)
    members = as_confirmed(formed.members, confirmed, roles)
    told = members.assign(child=members["role"] == "child", hidden=members["person_id"].map(hidden).fillna(value=False))
    counted = told.groupby("family_id").agg(
        people=("child", "size"), children=("child", "sum"), hidden=("hidden", "max")
    )
    families = formed.families[formed.families["family_id"].isin(counted.index)].reset_index(drop=True)
    now = counted.loc[families["family_id"]].reset_index(drop=True)
    families = families.assign(
        adults=(now["people"] - now["children"]).astype("Int64"),
        children=now["children"].astype("Int64"),
        protected=(families["protected"] | now["hidden"].astype("boolean")).astype("boolean"),
    )
    return Families(families, members)


def _is_fostered(homes: Homes) -> npt.NDArray[np.bool_]:
    """Stays of children beside whoever fosters them."""
    _, fostered = tied_stays(homes.stays, homes.ties[(homes.ties["tie"] == FOSTER).to_numpy()])
    found = np.zeros(len(homes.stays), bool)
    found[fostered] = True
    return found


def _with_stated_parent(homes: Homes, group: Codes) -> npt.NDArray[np.bool_]:
    """Stays whose group holds a child and the parent or carer that a record states, under one roof."""
    ties = homes.ties[homes.ties["tie"].isin(PARENTS).to_numpy()]
    ties = ties[homes.ages.child[ties["right"]]]
    left, _ = tied_stays(homes.stays, ties)
    found = np.zeros(len(homes.stays), bool)
    found[left] = True
    return _any(found, group)


def _any(flags: npt.NDArray[np.bool_], group: Codes) -> npt.NDArray[np.bool_]:
    """Of each stay, whether any stay of its group is flagged."""
    found = np.zeros(int(group.max(initial=-1)) + 1, bool)
    found[group[flags]] = True
    return found[group]


def _members(homes: Homes, chosen: pd.DataFrame) -> pd.DataFrame:
    child = chosen["child"].fillna(value=False).to_numpy(bool)
    parent = _is_parent(homes, chosen)
    role = np.where(child, "child", np.where(parent, "parent", "adult"))
    return pd.DataFrame(
        {
            "family_id": chosen["group"].astype(str).astype(TEXT),
            "person_id": homes.ids.array.take(chosen["person"]),
            "role": pd.array(role, dtype=TEXT),
            "basis": chosen["basis"].astype(TEXT),
        }
    ).reset_index(drop=True)


def _is_parent(homes: Homes, chosen: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Adults who are a stated parent or carer of a child of the group, or of an age to be."""
    years = pd.Series(homes.ages.years[chosen["person"]], index=chosen.index)
    child = chosen["child"].fillna(value=False).astype(bool)
    eldest = years.where(child).groupby(chosen["group"]).transform("max")
    gap = years - eldest
    stated = homes.ties[homes.ties["tie"].isin(PARENTS).to_numpy()]
    of_child = np.zeros(len(homes.ids), bool)
    of_child[stated["left"][homes.ages.child[stated["right"]]]] = True
    of_child |= homes.expecting
    likely = gap.between(*_PARENT_GAP) | gap.isna()
    any_stated = (
        pd.Series(of_child[chosen["person"]] & ~child, index=chosen.index).groupby(chosen["group"]).transform("max")
    )
    return np.asarray(of_child[chosen["person"]] | (likely & ~any_stated), dtype=bool)


def _families(homes: Homes, chosen: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    child = (members["role"] == "child").to_numpy(bool)
    frame = pd.DataFrame(
        {
            "family_id": members["family_id"],
            "household_id": chosen["household"].astype(str).to_numpy(object),
            "adults": ~child,
            "children": child,
            "protected": chosen["protected"].to_numpy(bool),
        }
    )
    grouped = frame.groupby("family_id", sort=True)
    families = grouped.agg(
        household_id=("household_id", "first"),
        adults=("adults", "sum"),
        children=("children", "sum"),
        protected=("protected", "max"),
    ).reset_index()
    ward = homes.households.set_index("household_id")["ward"]
    return families.assign(
        ward=families["household_id"].map(ward).astype(TEXT),
        household_id=families["household_id"].astype(TEXT),
        adults=families["adults"].astype("Int64"),
        children=families["children"].astype("Int64"),
        protected=families["protected"].astype("boolean"),
    )
