"""Families that come back: taken on again, or referred again, each tied to the earlier work and told as a rate."""

from collections.abc import Mapping

import pandas as pd

from programme.rates import of_each

_MONTH_DAYS = 30.4375


def returned(attachments: pd.DataFrame, origins: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Families taken on again after closure, each tied to its earlier work.

    `origins`: a family id to the one that it split from, for a family that came back as part of another. Columns:
    family_id, earlier_family_id, closed_on (of the earlier work), attached_again_on, months_between.
    """
    parents = pd.Series(dict(origins or {}), dtype=object)
    closed = attachments.dropna(subset=["closed_on"])[["family_id", "closed_on"]]
    closed = closed.rename(columns={"family_id": "earlier_family_id"})
    taken = attachments[["family_id", "attached_on"]].astype({"family_id": object})
    split = taken.assign(earlier_family_id=taken["family_id"].map(parents)).dropna(subset=["earlier_family_id"])
    both = pd.concat([taken.assign(earlier_family_id=taken["family_id"]), split])
    found = both.merge(closed.astype({"earlier_family_id": object}), on="earlier_family_id")
    found = found[found["closed_on"] <= found["attached_on"]].sort_values(["family_id", "attached_on", "closed_on"])
    found = found.drop_duplicates(["family_id", "attached_on"], keep="last").reset_index(drop=True)
    between = ((found["attached_on"] - found["closed_on"]).dt.days / _MONTH_DAYS).astype("float64").round(1)
    found = found.rename(columns={"attached_on": "attached_again_on"}).assign(months_between=between)
    columns = ["family_id", "earlier_family_id", "closed_on", "attached_again_on", "months_between"]
    return found[columns].astype({"family_id": "string[pyarrow]", "earlier_family_id": "string[pyarrow]"})


def referred_again(attachments: pd.DataFrame, referrals: pd.DataFrame) -> pd.DataFrame:
    """Closed families with a referral after the closure, each with its first.

    Columns: family_id, closed_on, referral_id, received_on, months_between.
    `referrals`: family_id, referral_id, received_on. A referral while the family is on the programme is none.
    """
    ordered = attachments.sort_values(["family_id", "attached_on"])
    ordered = ordered.assign(next_on=ordered.groupby("family_id")["attached_on"].shift(-1))
    closed = ordered.dropna(subset=["closed_on"])[["family_id", "closed_on", "next_on"]]
    found = closed.merge(referrals, on="family_id")
    within = (found["received_on"] > found["closed_on"]) & ~(found["received_on"] > found["next_on"])
    found = found[within].sort_values(["family_id", "received_on", "referral_id"]).drop_duplicates("family_id")
    between = ((found["received_on"] - found["closed_on"]).dt.days / _MONTH_DAYS).astype("float64").round(1)
    columns = ["family_id", "closed_on", "referral_id", "received_on", "months_between"]
    return found.assign(months_between=between)[columns].reset_index(drop=True)


def rates(count: int, attachments: pd.DataFrame, *, turned_around: int) -> pd.DataFrame:
    """Families that came back as a share of those worked with, of those closed, and of those turned around."""
    wholes = {
        "worked with": attachments["family_id"].nunique(),
        "closed": attachments.dropna(subset=["closed_on"])["family_id"].nunique(),
        "turned around": turned_around,
    }
    return of_each(count, wholes)
