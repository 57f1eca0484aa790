"""Victims and those who hurt them: an old address must never put them back under one roof."""

import numpy as np
import pandas as pd

from linkage.person_rows import PersonRows, Tables

_ACCUSED = ("suspect", "offender")


def parted_pairs(people: PersonRows, tables: Tables, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per victim (`left`) and accused (`right`) of one incident of domestic abuse, and its newest day `on`."""
    occurrences = tables["police", "occurrences"]
    abuse = occurrences[((occurrences["kind"] == "domestic_abuse") & (occurrences["occurred_on"] <= as_of)).to_numpy(bool)]
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
    return pairs.groupby(["left", "right"], sort=True, as_index=False)["on"].max()


def without_old_roof(weighed: pd.DataFrame, parted: pd.DataFrame) -> pd.DataFrame:
    """What the records are worth, where a victim's dwelling that the accused also names loses to any confirmed since.

    `weighed` is as `linkage.residence.weigh` gives it, and so is what comes back.
    """
    theirs = parted.merge(weighed[["person", "dwelling"]].rename(columns={"person": "right"}), on="right")
    shared = pd.MultiIndex.from_frame(theirs[["left", "dwelling"]])
    since = weighed.merge(parted.groupby("left", as_index=False)["on"].max().rename(columns={"left": "person"}), on="person")
    safe = since[(since["seen_on"] >= since["on"]) & ~pd.MultiIndex.from_frame(since[["person", "dwelling"]]).isin(shared)]
    old = pd.MultiIndex.from_frame(weighed[["person", "dwelling"]]).isin(shared) & weighed["person"].isin(safe["person"])
    kept = weighed.assign(worth=np.where(old, 0.0, weighed["worth"]))
    order = ["person", "worth", "seen_on", "trust", "dwelling"]
    return kept.sort_values(order, ascending=[True, False, False, True, True], kind="stable", ignore_index=True)
