"""Victims and those who hurt them: an old address must never put them back under one roof."""

import numpy as np
import pandas as pd

from linkage.person_rows import PersonRows, Tables

_ACCUSED = ("suspect", "offender")


def parted_pairs(people: PersonRows, tables: Tables, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per victim (`left`) and accused (`right`) of one incident of domestic abuse, and its newest day `on`."""
    occurrences = tables["police", "occurrences"]
    abuse = occurrences[
        ((occurrences["kind"] == "domestic_abuse") & (occurrences["occurred_on"] <= as_of)).to_numpy(bool)
    ]
    parts = pd.DataFrame(
        {
            "incident": abuse["occurrence_id"].to_numpy(object),
            "person": people.of("police", "nominals", abuse["nominal_id"]),
            "role": abuse["role"].to_numpy(object),
            "on": abuse["occurred_on"].to_numpy(),
        }
    )
    victims, accused = parts[parts["role"] == "victim"], parts[parts["role"].isin(_ACCUSED)]
    both = victims.merge(accused[["incident", "person"]], on="incident", suffixes=("", "_accused"))
    both = both[(both["person"] >= 0) & (both["person_accused"] >= 0) & (both["person"] != both["person_accused"])]
    pairs = both.rename(columns={"person": "left", "person_accused": "right"})[["left", "right", "on"]]
    return pairs.groupby(["left", "right"], sort=True)[["on"]].max().reset_index()


def without_old_roof(weighed: pd.DataFrame, parted: pd.DataFrame) -> pd.DataFrame:
    """What the records are worth, where a dwelling that both name loses to any that one of them has confirmed since.

    The victim yields first, wherever the accused has ever been; then the accused, where the victim most likely is.
    `weighed` is as `linkage.residence.weigh` gives it, and so is what comes back.
    """
    victims = parted.rename(columns={"left": "person", "right": "other"})
    weighed = _yielding(weighed, victims, weighed)
    accused = parted.rename(columns={"right": "person", "left": "other"})
    return _yielding(weighed, accused, weighed.drop_duplicates("person"))


def _yielding(weighed: pd.DataFrame, pairs: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    theirs = pairs.merge(others[["person", "dwelling"]].rename(columns={"person": "other"}), on="other")
    shared = pd.MultiIndex.from_frame(theirs[["person", "dwelling"]])
    since = weighed.merge(pairs.groupby("person", as_index=False)["on"].max(), on="person")
    since = since[(since["seen_on"] >= since["on"]) & (since["worth"] > 0)]
    safe = since[~pd.MultiIndex.from_frame(since[["person", "dwelling"]]).isin(shared)]
    old = pd.MultiIndex.from_frame(weighed[["person", "dwelling"]]).isin(shared) & weighed["person"].isin(
        safe["person"]
    )
    kept = weighed.assign(worth=np.where(old, 0.0, weighed["worth"]))
    order = ["person", "worth", "seen_on", "trust", "dwelling"]
    return kept.sort_values(order, ascending=[True, False, False, True, True], kind="stable", ignore_index=True)
