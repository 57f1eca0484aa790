"""Nominations under an indicator that the programme's profile does not know: kept, counted and named."""

import pandas as pd

from programme.profile import Profile

# Anything else in the column is no indicator's name, and might be a person's: it is counted, and not repeated.
_CODE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,23}"


def unknown_indicators(nominations: pd.DataFrame, profile: Profile) -> str:
    """What the delivery report says of them, as `indicators the profile does not know: 3 X1.2`; empty where all are."""
    known = {
        indicator
        for criterion in profile.criteria.values()
        for condition in criterion.any_of
        for indicator in condition.indicators
    }
    strange = nominations.loc[~nominations["indicator"].isin(known), "indicator"]
    if strange.empty:
        return ""
    named = strange.where(strange.str.fullmatch(_CODE), "in other words")
    counts = named.value_counts().sort_index()
    return "indicators the profile does not know: " + ", ".join(f"{count} {name}" for name, count in counts.items())


def with_unknown_indicators(deliveries: pd.DataFrame, told: str) -> pd.DataFrame:
    """The delivery report with that said on the row of the nominations."""
    row = deliveries["feed"].eq("nominations") & deliveries["status"].eq("used")
    joined = deliveries["reason"].where(deliveries["reason"].isna(), deliveries["reason"] + "; ").fillna("") + told
    return deliveries.assign(reason=deliveries["reason"].mask(row, joined)) if told else deliveries
