"""What is followed after attachment: follow-ups, sustainment, drift, and caseloads against the norm."""

from dataclasses import dataclass

import pandas as pd

from programme.profile import Profile
from programme.results import Casework
from schemas.casebook import Consent

_FOLLOW_UP = "follow_up"
# As the desk has it: a little before its day it is that follow-up; a quarter after, it is waited for no longer.
_EARLY, _LATE = pd.Timedelta(days=31), pd.Timedelta(days=92)


def after(day: pd.Timestamp, months: int) -> pd.Timestamp:
    """The same day so many months later; where that month is shorter, its last day."""
    return day + pd.DateOffset(months=months)


def follow_ups(
    profile: Profile, attachments: pd.DataFrame, activity: pd.DataFrame | None = None, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Closed families: when their follow-up falls due, whether it was done, and from when the change is sustained.

    A family that is worked with again is not closed. `activity`: family_id, done_on, kind. Columns: family_id,
    closed_on, follow_up_on, followed_up_on, is_due (waited for on `as_of`), is_missed (waited for no longer),
    sustained_from, is_sustained_by_now. Dates and flags are missing where the profile states no such rule.
    """
    rule = profile.casework
    closed = _closed(attachments, as_of)
    due = _later(closed["closed_on"], rule.follow_up_months if rule else None)
    held = _later(closed["closed_on"], rule.sustainment_months if rule else None)
    done = _last_follow_up(closed["family_id"], activity, as_of)
    done = done.where(done >= due - _EARLY)
    waits = (due <= as_of) & done.isna()
    late = due + _LATE < as_of
    return closed.assign(
        follow_up_on=due,
        followed_up_on=done,
        is_due=_flag(waits & ~late, due),
        is_missed=_flag(waits & late, due),
        sustained_from=held,
        is_sustained_by_now=_flag(held <= as_of, held),
    )


def _closed(attachments: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Families with whom work has ended, each with the newest closure: family_id, closed_on."""
    ended = attachments["closed_on"] <= as_of
    again = attachments["family_id"].isin(attachments.loc[~ended, "family_id"])
    closed = attachments[~again].sort_values(["family_id", "closed_on"])
    return closed.drop_duplicates("family_id", keep="last")[["family_id", "closed_on"]].reset_index(drop=True)


def _last_follow_up(families: pd.Series, activity: pd.DataFrame | None, as_of: pd.Timestamp) -> pd.Series:
    if activity is None:
        return pd.Series(pd.NaT, index=families.index, dtype="datetime64[ns]")
    done = activity[activity["kind"].eq(_FOLLOW_UP) & (activity["done_on"] <= as_of)]
    return families.map(done.groupby("family_id")["done_on"].max()).astype("datetime64[ns]")


def _flag(flag: pd.Series, day: pd.Series) -> pd.Series:
    return flag.astype("boolean").mask(day.isna())


def _later(days: pd.Series, months: int | None) -> pd.Series:
    later = [pd.NaT if months is None else after(day, months) for day in days]
    return pd.Series(later, index=days.index, dtype="datetime64[ns]")


def drifting(
    profile: Profile, attachments: pd.DataFrame, activity: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Open families in whom nothing has been done for the profile's days of drift; the longest silent first.

    `activity`: family_id, done_on. A family with none is reckoned from its attachment; where no activity at all is
    recorded nobody can tell, and `activity_is_recorded` says so. Of a family that said no, nothing is due. Columns:
    family_id, key_worker, last_done_on, days.
    """
    limit = drift_days(profile.casework)
    # Two families that were both taken on and have become one are open twice, and silent once.
    still = _open(attachments, as_of).sort_values("attached_on", kind="stable")
    still = still.drop_duplicates("family_id", keep="last")
    still = still[still["consent"].ne(Consent.DECLINED.value).fillna(value=True)]
    last = activity[activity["done_on"] <= as_of].groupby("family_id")["done_on"].max()
    last = still["family_id"].map(last).fillna(still["attached_on"])
    silent = still[["family_id", "key_worker"]].assign(last_done_on=last, days=(as_of - last).dt.days.astype("Int64"))
    return silent[silent["days"] > limit].sort_values(["days", "family_id"], ascending=[False, True], ignore_index=True)


def drift_days(rule: Casework | None) -> int:
    """After how many days without activity work drifts: the profile's own, else the usual."""
    return rule.drift_days if rule else int(Casework.model_fields["drift_days"].default)


def activity_is_recorded(activity: pd.DataFrame, *, as_of: pd.Timestamp) -> bool:
    """Whether anybody records what is done: without that, silence says nothing of a family."""
    return bool((activity["done_on"] <= as_of).any())


def _open(attachments: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    begun = attachments["attached_on"] <= as_of
    return attachments[begun & (attachments["closed_on"].isna() | (attachments["closed_on"] > as_of))]


def caseloads(profile: Profile, attachments: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Each key worker's open families against the profile's norm: key_worker, families, norm."""
    counted = _open(attachments, as_of).groupby("key_worker")["family_id"].nunique()
    frame = counted.astype("Int64").rename("families").reset_index()
    norms = [norm(profile.casework, int(count)) for count in frame["families"]]
    return frame.assign(norm=pd.Series(norms, index=frame.index, dtype="string[pyarrow]"))


def norm(rule: Casework | None, families: int) -> str:
    """`under`, `within` or `over` the norm; `no norm stated` where the profile states none."""
    if rule is None or rule.caseload_low is None or rule.caseload_high is None:
        return "no norm stated"
    if families < rule.caseload_low:
        return "under"
    return "over" if families > rule.caseload_high else "within"


@dataclass(frozen=True)
class Capacity:
    """How many families the service can work with: for each key worker at once, and through a year."""

    for_each_worker: float
    a_year: float


def capacity(rule: Casework) -> Capacity | None:
    """The capacity that the profile's figures come to; nothing where it does not state them all."""
    if rule.key_workers is None or rule.families_at_once is None or rule.average_work_months is None:
        return None
    return Capacity(rule.families_at_once / rule.key_workers, rule.families_at_once * 12 / rule.average_work_months)
