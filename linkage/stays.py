"""Current stays: the dwelling of each person, the second home of a child, the home of those without an address."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.childhood import Ages

Codes = npt.NDArray[np.int64]
_FOLLOWS = ("parent", "carer", "partner", "grandparent", "sibling")
_COLUMNS = ["person", "dwelling", "from_on", "protected", "basis"]


def current_stays(weighed: pd.DataFrame, ties: pd.DataFrame, ages: Ages) -> pd.DataFrame:
    """One row per person and dwelling lived in: `person`, `dwelling`, `from_on`, `protected`, `basis` in words.

    `weighed` is as `linkage.residence.weigh` gives it, `ties` as `linkage.kinship.stated_ties`.
    """
    own = weighed.drop_duplicates("person")
    own = own.assign(basis="address given by " + own["feeds"])[_COLUMNS]
    followed = _followers(own, ties, len(ages.years))
    stays = pd.concat([own, followed], ignore_index=True)
    second = _second_homes(stays, ties, ages)
    return pd.concat([stays, second], ignore_index=True).sort_values(
        ["person", "dwelling"], kind="stable", ignore_index=True
    )


def _followers(own: pd.DataFrame, ties: pd.DataFrame, size: int) -> pd.DataFrame:
    """People without an address live where the pupil, child, parent or partner lives whom a record ties them to."""
    steps = []
    home = _by_person(own, "dwelling", size)
    for _ in range(2):
        step = _one_step(home, ties)
        home[step["person"].to_numpy()] = step["dwelling"].to_numpy()
        steps.append(step)
    found = pd.concat(steps, ignore_index=True)
    start = own.drop_duplicates("person").set_index("person")
    return found.assign(
        from_on=start["from_on"].reindex(found["of"]).to_numpy(),
        protected=start["protected"].astype("boolean").reindex(found["of"]).fillna(value=False).to_numpy(bool),
    )[_COLUMNS]


def _one_step(home: Codes, ties: pd.DataFrame) -> pd.DataFrame:
    usable = ties[ties["tie"].isin(_FOLLOWS).to_numpy() & ties["lives"].fillna(value=True).to_numpy(bool)]
    ways = pd.concat([usable, usable.rename(columns={"left": "right", "right": "left"})], ignore_index=True)
    ways = ways[(home[ways["left"]] < 0) & (home[ways["right"]] >= 0)]
    says = np.where(
        ways["lives"].fillna(value=False),
        "school says lives with pupil",
        "no address of their own; lives with a " + ways["tie"],
    )
    ways = ways.assign(
        dwelling=home[ways["right"]], basis=says, surer=~ways["lives"].fillna(value=False).to_numpy(bool)
    )
    best = ways.sort_values(["left", "surer", "tie", "dwelling"], kind="stable").drop_duplicates("left")
    return pd.DataFrame(best).rename(columns={"left": "person", "right": "of"})[["person", "dwelling", "of", "basis"]]


def _second_homes(stays: pd.DataFrame, ties: pd.DataFrame, ages: Ages) -> pd.DataFrame:
    """A child lives in two dwellings where each has a parent of whom the school says that the child lives with them."""
    size = len(ages.years)
    home = _by_person(stays, "dwelling", size)
    parents = ties[(ties["tie"] == "parent") & ties["lives"].fillna(value=False)]
    parents = parents[ages.child[parents["right"]] & (home[parents["left"]] >= 0) & (home[parents["right"]] >= 0)]
    place = pd.DataFrame({"person": parents["right"], "parent": parents["left"], "dwelling": home[parents["left"]]})
    at_home = place["dwelling"].to_numpy() == home[place["person"]]
    anchored = place.loc[at_home, "person"].unique()
    other = place[~at_home & place["person"].isin(anchored).to_numpy()].drop_duplicates(["person", "dwelling"])
    start = stays.drop_duplicates("person").set_index("person").reindex(other["parent"])
    return pd.DataFrame(other).assign(
        from_on=start["from_on"].to_numpy(),
        protected=start["protected"].fillna(value=False).to_numpy(bool),
        basis="second home: school says lives with this parent too",
    )[_COLUMNS]


def _by_person(stays: pd.DataFrame, column: str, size: int) -> Codes:
    values = np.full(size, -1, np.int64)
    first = stays.drop_duplicates("person")
    values[first["person"].to_numpy()] = first[column].to_numpy()
    return values
