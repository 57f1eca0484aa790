"""How many of the families found were taken on, agreed and were reached: each rate with every denominator in use."""

from collections.abc import Collection, Mapping

import pandas as pd

from programme import fees
from programme.profile import Profile
from programme.rates import of_each

_NOT_ASKED = "not asked"


def consent(attachments: pd.DataFrame) -> pd.DataFrame:
    """How many families agreed, declined or were not asked: consent, families, percent of all, percent of those asked.

    A family taken on more than once counts by the newest time.
    """
    said = _said(attachments)
    counts = said.value_counts(sort=False).sort_index()
    asked = int(counts.drop(labels=_NOT_ASKED, errors="ignore").sum())
    rows = [
        (name, int(count), _percent(int(count), len(said)), _percent(int(count), asked) if name != _NOT_ASKED else None)
        for name, count in counts.items()
    ]
    frame = pd.DataFrame(rows, columns=["consent", "families", "percent_of_all", "percent_of_asked"])
    types = {"consent": "string[pyarrow]", "families": "Int64"}
    return frame.astype({**types, "percent_of_all": "float64", "percent_of_asked": "float64"})


def rates(
    attachments: pd.DataFrame, activity: pd.DataFrame, *, contacts: Collection[str], identified: Collection[str]
) -> pd.DataFrame:
    """Taken on, agreed and reached, each as a share of every whole that reports use: rate, families, of, denominator.

    `activity`: family_id, done_on, kind; `contacts`: the kinds that reach a family. A family is reached when one of
    these is recorded on or after the day it was taken on. `identified`: the families of the month's list.
    """
    said = _said(attachments)
    agreed, attached = set(said.index[said == "given"]), set(said.index)
    met = reached(attachments, activity, contacts=contacts)
    listed = attached | set(identified)
    parts: Mapping[str, tuple[set[str], dict[str, int]]] = {
        "taken on": (attached, {"on the list or taken on": len(listed)}),
        "agreed": (agreed, {"taken on": len(attached), "asked": int((said != _NOT_ASKED).sum())}),
        "reached": (met, {"taken on": len(attached), "agreed": len(agreed)}),
        "reached and agreed": (met & agreed, {"taken on": len(attached), "agreed": len(agreed)}),
    }
    frames = [of_each(len(who), wholes).assign(rate=name, families=len(who)) for name, (who, wholes) in parts.items()]
    return pd.concat(frames, ignore_index=True)[["rate", "families", "denominator", "of", "percent"]]


def reached(attachments: pd.DataFrame, activity: pd.DataFrame, *, contacts: Collection[str]) -> set[str]:
    """The families with whom there was a contact since they were taken on."""
    met = activity[activity["kind"].isin(list(contacts))].merge(
        attachments[["family_id", "attached_on"]], on="family_id"
    )
    return set(met.loc[met["done_on"] >= met["attached_on"], "family_id"].astype(str))


def release_test(profile: Profile, attachments: pd.DataFrame, met: Collection[str]) -> pd.DataFrame:
    """Each cohort year's families against the share that must be engaged before the next year's money is paid.

    Columns: cohort_year, attached, engaged, needed, passes; no rows where the profile asks for no such share.
    """
    rule = profile.casework
    columns = ["cohort_year", "attached", "engaged", "needed", "passes"]
    if rule is None or rule.engagement_percent is None or not profile.fees:
        return pd.DataFrame(columns=columns)
    engaged = fees.attached_by_year(profile, attachments[attachments["family_id"].isin(list(met))])
    rows = []
    for year, count in fees.attached_by_year(profile, attachments).items():
        needed = fees.needed_for(int(rule.engagement_percent), count)
        rows.append((year, count, engaged.get(year, 0), needed, engaged.get(year, 0) >= needed))
    return pd.DataFrame(rows, columns=columns)


def _said(attachments: pd.DataFrame) -> pd.Series:
    newest = attachments.drop_duplicates("family_id", keep="last").set_index("family_id")
    return newest["consent"].fillna("").str.replace("_", " ").replace("", _NOT_ASKED).astype(object)


def _percent(part: int, whole: int) -> float | None:
    percent = of_each(part, {"all": whole})["percent"].iloc[0]
    return None if pd.isna(percent) else float(percent)
