"""What kind of place a dwelling is, from its words and from who lives there: a home, or shared by strangers."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.childhood import Ages

SHARED = ("shared", "refuge")
_MOST_IN_A_HOME = 12
_FEWEST_NAMES = 3
_NAMES_SHARE = 0.7
_PARENT_GAP = 15
_OLD_ENOUGH = 99.0


def shapes(stays: pd.DataFrame, ages: Ages, known: pd.DataFrame) -> npt.NDArray[np.object_]:
    """`home`, `shared` or `refuge` for each dwelling.

    Shared: its words say so, more than 12 people, or three or more groups of kin that make up over 70 % of its
    people with no child beside an adult of its kin. A refuge: its words say so, or it is
    protected and children of several kin live there.
    """
    stays = stays.assign(child=ages.child[stays["person"]])
    grouped = stays.groupby("dwelling")
    people, names = grouped["person"].nunique(), grouped["kin"].nunique()
    tied = _child_ties(stays, ages)
    crowd = people > _MOST_IN_A_HOME
    strangers = (names >= _FEWEST_NAMES) & (names > _NAMES_SHARE * people) & ~people.index.isin(tied)
    families = stays[stays["child"]].groupby("dwelling")["kin"].nunique().reindex(people.index, fill_value=0)
    shape = np.where(known["place"] == "", "home", known["place"]).astype(object)
    shape[people.index[(crowd | strangers)]] = "shared"
    shape[people.index[grouped["protected"].max() & (families > 1)]] = "refuge"
    shape[(known["place"] == "refuge").to_numpy()] = "refuge"
    return np.asarray(shape, dtype=object)


def _child_ties(stays: pd.DataFrame, ages: Ages) -> npt.NDArray[np.int64]:
    """Dwellings where a child lives with someone of its kin old enough to be a parent."""
    grown = ages.adult[stays["person"]]
    # An adult whose birth nobody knows, as schools' contacts often are, counts as old enough.
    years = pd.Series(ages.years[stays["person"]], index=stays.index).mask(
        grown, lambda known: known.fillna(_OLD_ENOUGH)
    )
    grouped = stays.assign(years=years, grown=grown).groupby(["dwelling", "kin"])
    kin = grouped.agg(
        child=("child", "max"), grown=("grown", "max"), youngest=("years", "min"), oldest=("years", "max")
    )
    old_enough = (kin["oldest"] - kin["youngest"] >= _PARENT_GAP) | kin["oldest"].isna() | kin["youngest"].isna()
    found = kin[kin["child"] & kin["grown"] & old_enough].index.get_level_values("dwelling")
    return found.unique().to_numpy(np.int64)
