"""Stays over the months: one that is seen again goes on, one that is not seen any more ends and is kept."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from linkage.ranks import ranked
from linkage.runs import in_order

_KEY = ["household_id", "person_id"]


def with_history(
    now: pd.DataFrame, before: pd.DataFrame | None, as_of: pd.Timestamp, *, moved: Collection[str] = ()
) -> pd.DataFrame:
    """`household_members` of this month with the stays of the month before; both under lasting ids.

    A stay seen again keeps its first day, unless its household is one of those that `moved` house: then another begins.
    One not seen again ends on the day the person is first seen elsewhere, else on `as_of`, also where no feed
    knows the person any more.
    """
    if before is None or before.empty:
        return _in_order(now)
    now = now.assign(from_on=_since_the_move(now, set(moved), as_of))
    open_before = before[before["to_on"].isna().to_numpy(bool)]
    here, there = _numbered(now, open_before)
    here = np.where(now["household_id"].isin(list(moved)).to_numpy(bool), -1, here)
    started = open_before["from_on"].set_axis(there).groupby(level=0).first().reindex(here)
    now = now.assign(from_on=_earlier(now["from_on"], started.to_numpy("datetime64[ns]")))
    ended = open_before[~np.isin(there, here)]
    elsewhere = now[~now["person_id"].duplicated(keep=False).to_numpy(bool)].set_index("person_id")["from_on"]
    ended = ended.assign(to_on=_end(ended, elsewhere, as_of))
    closed = before[before["to_on"].notna().to_numpy(bool)]
    stays = pd.concat(
        [part.astype(now.dtypes.to_dict()) for part in (now, ended, closed) if len(part)], ignore_index=True
    )
    return _in_order(stays)


def _in_order(stays: pd.DataFrame) -> pd.DataFrame:
    """The stays by household, person and days; those that go on come last."""
    key = (ranked(stays[name])[0][0] for name in _KEY)
    days = (stays[name].to_numpy() for name in ("from_on", "to_on"))
    return stays.iloc[in_order(*key, *days)].reset_index(drop=True)


def _since_the_move(now: pd.DataFrame, moved: set[str], as_of: pd.Timestamp) -> pd.Series:
    """First days, those of households that moved as the first day of this month that a record has them there."""
    days, stayed = now["from_on"], ~now["household_id"].isin(moved).to_numpy(bool)
    lately = days.where((days >= as_of.replace(day=1)).to_numpy(bool))
    return days.where(stayed, lately.groupby(now["household_id"]).transform("min").fillna(as_of))


def changed_address(now: pd.DataFrame, before: pd.DataFrame) -> set[str]:
    """Ids of households of another address than before, by `uprn` where both are known, else by `postcode`."""
    both = now.dropna(subset=["postcode"]).merge(before, on="household_id", suffixes=("", "_before"))
    known = both["uprn"].notna() & both["uprn_before"].notna()
    by_postcode = (both["postcode"] != both["postcode_before"]).fillna(value=False)
    moved = by_postcode.where(~known, (both["uprn"] != both["uprn_before"]).fillna(value=False))
    return set(both.loc[moved.to_numpy(bool), "household_id"].astype(str))


def _numbered(now: pd.DataFrame, before: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Each stay's household and person as one whole number, the same in both tables."""
    households, people = (ranked(now[name], before[name])[0] for name in _KEY)
    here, there = (household << 32 | person for household, person in zip(households, people, strict=True))
    return here, there


def _earlier(days: pd.Series, others: np.ndarray) -> pd.Series:
    other = pd.Series(others, index=days.index)
    return days.where(~(other < days) & days.notna(), other)


def _end(ended: pd.DataFrame, elsewhere: pd.Series, as_of: pd.Timestamp) -> pd.Series:
    """The first day elsewhere where that lies after the stay's start, else the day of the month that misses it."""
    moved = pd.Series(ended["person_id"].map(elsewhere).to_numpy("datetime64[ns]"), index=ended.index)
    return moved.where(moved > ended["from_on"], as_of)
