"""Stays over the months: one that is seen again goes on, one that is not seen any more ends and is kept."""

import numpy as np
import pandas as pd

_KEY = ["household_id", "person_id"]


def with_history(
    now: pd.DataFrame, before: pd.DataFrame | None, person_ids: pd.Series, as_of: pd.Timestamp
) -> pd.DataFrame:
    """`household_members` of this month with the stays of the month before; both under lasting ids.

    A stay seen again keeps its first day. One not seen again ends on the day the person is first seen elsewhere,
    else on `as_of`. History of people whom no feed knows any more (not in `person_ids`) is left to
    the earlier snapshots.
    """
    if before is None or before.empty:
        return now.sort_values(_KEY, kind="stable", ignore_index=True)
    before = before[before["person_id"].astype(object).isin(set(person_ids.astype(object))).to_numpy(bool)]
    open_before = before[before["to_on"].isna().to_numpy(bool)]
    here, there = _numbered(now, open_before)
    started = open_before["from_on"].set_axis(there).groupby(level=0).first().reindex(here)
    now = now.assign(from_on=_earlier(now["from_on"], started.to_numpy("datetime64[ns]")))
    ended = open_before[~np.isin(there, here)]
    elsewhere = now[~now["person_id"].duplicated(keep=False).to_numpy(bool)].set_index("person_id")["from_on"]
    ended = ended.assign(to_on=_end(ended, elsewhere, as_of))
    closed = before[before["to_on"].notna().to_numpy(bool)]
    stays = pd.concat(
        [part.astype(now.dtypes.to_dict()) for part in (now, ended, closed) if len(part)], ignore_index=True
    )
    return stays.sort_values([*_KEY, "from_on", "to_on"], kind="stable", ignore_index=True)


def _numbered(now: pd.DataFrame, before: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Each stay's household and person as one whole number, the same in both tables."""
    codes = [pd.factorize(pd.concat([now[name], before[name]]).astype(object))[0].astype(np.int64) for name in _KEY]
    both = codes[0] << 32 | codes[1]
    return both[: len(now)], both[len(now) :]


def _earlier(days: pd.Series, others: np.ndarray) -> pd.Series:
    other = pd.Series(others, index=days.index)
    return days.where(~(other < days) & days.notna(), other)


def _end(ended: pd.DataFrame, elsewhere: pd.Series, as_of: pd.Timestamp) -> pd.Series:
    """The first day elsewhere where that lies after the stay's start, else the day of the month that misses it."""
    moved = pd.Series(ended["person_id"].map(elsewhere).to_numpy("datetime64[ns]"), index=ended.index)
    return moved.where(moved > ended["from_on"], as_of)
