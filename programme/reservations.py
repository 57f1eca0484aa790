"""What stands against a claim whatever its results say: the family was never shown to qualify, or it said no.

Every framework pays for families who met its criteria and with whom the work was agreed (guidance 2022 to 2025, chapter
4; phase 1 and 2 financial frameworks). A family may have been taken on for what no feed tells: so a claim is kept, and
says what the case file must show.
"""

from collections.abc import Mapping

import pandas as pd

from programme import cohort
from programme.profile import Profile
from schemas.casebook import Consent

NOT_SHOWN = "not shown to have met the criteria"
DECLINED = "the family has declined"


def declined(attachments: pd.DataFrame, as_of: pd.Timestamp) -> set[str]:
    """The families whose newest word by the day is that they decline; none where consent is not told."""
    if "consent" not in attachments:
        return set()
    known = attachments[attachments["attached_on"] <= as_of].sort_values("attached_on", kind="stable")
    newest = known.drop_duplicates("family_id", keep="last")
    return set(newest.loc[newest["consent"].eq(Consent.DECLINED.value).fillna(value=False), "family_id"].astype(str))


def not_shown(profile: Profile, family_ids: pd.Series, met: pd.DataFrame, *, baselines: pd.DataFrame) -> dict[str, str]:
    """The families of whom too few needs were ever met, each with how many were: family to words.

    Counted are the needs met at attachment (`baselines`) and in any month up to now (`met`: family_id, criterion_id).
    """
    then = baselines.loc[baselines["state"] == "met", ["family_id", "rule"]].rename(columns={"rule": "criterion_id"})
    parts = [part[["family_id", "criterion_id"]].astype("string[pyarrow]") for part in (met, then)]
    met = pd.concat(parts, ignore_index=True).drop_duplicates()
    met = met[met["criterion_id"].isin(profile.criteria) & met["family_id"].isin(family_ids)]
    names = {key: profile.headlines[each.headline] for key, each in profile.criteria.items()}
    met = met.assign(state="met", headline=met["criterion_id"].map(names).astype("string[pyarrow]"))
    counted = cohort.counted(profile, met, family_ids)
    thing = "headlines" if profile.identification.distinct_headlines else "needs"
    asked = profile.identification.min_needs
    short = counted[~counted["is_enough"]]
    return {
        str(family): f"{NOT_SHOWN}: {met_by} of {asked} {thing} seen, at attachment or since"
        for family, met_by in zip(short["family_id"], short["counted"], strict=True)
    }


def reservations(short: Mapping[str, str], said_no: set[str]) -> dict[str, str]:
    """Family to all that stands against its claim, for the two kinds there are."""
    families = [*short, *(family for family in sorted(said_no) if family not in short)]
    return {
        family: "; ".join(filter(None, (DECLINED if family in said_no else "", short.get(family, ""))))
        for family in families
    }
