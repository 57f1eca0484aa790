"""Days as whole numbers (days since 1970-01-01): arrays of them are small, exact and quick to compare."""

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NEVER = 2_000_000
"""A day that does not come: an open end."""
UNKNOWN = -2_000_000
"""A day that nobody knows: an empty date."""

Days = NDArray[np.int32]
_SPAN = 60_000


def day(year: int, month: int = 1, date: int = 1) -> int:
    """The number of one calendar day."""
    return (dt.date(year, month, date) - dt.date(1970, 1, 1)).days


def parts(days: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Year, month and day of the month of each day of the years 1806 to 2133; other days give nonsense."""
    year, month, date = _calendar()
    place = np.clip(np.asarray(days), -_SPAN, _SPAN - 1) + _SPAN
    return year[place], month[place], date[place]


@functools.cache
def _calendar() -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Year, month and day of the month of every day within reach: looking up is ten times as quick as reckoning."""
    dates = np.arange(-_SPAN, _SPAN).astype("datetime64[D]")
    months, years = dates.astype("datetime64[M]"), dates.astype("datetime64[Y]")
    return (
        np.asarray(years.astype(np.int64) + 1970),
        np.asarray((months - years.astype("datetime64[M]")).astype(np.int64) + 1),
        np.asarray((dates - months.astype("datetime64[D]")).astype(np.int64) + 1),
    )


def from_parts(years: NDArray[Any], months: NDArray[Any], dates: NDArray[Any]) -> Days:
    """The days of these years, months and days of the month, which must exist."""
    firsts = ((np.asarray(years) - 1970) * 12 + np.asarray(months) - 1).astype("datetime64[M]")
    return np.asarray((firsts.astype("datetime64[D]").astype(np.int64) + np.asarray(dates) - 1).astype(np.int32))


def ages(born: NDArray[Any], on: NDArray[Any] | int) -> NDArray[np.int64]:
    """Whole years lived on a day; the birthday itself counts."""
    born_year, born_month, born_date = parts(born)
    year, month, date = parts(np.broadcast_to(np.asarray(on), np.shape(born)))
    before = (month < born_month) | ((month == born_month) & (date < born_date))
    return np.asarray(year - born_year - before)


@dataclass(frozen=True)
class Month:
    """One calendar month: its first day, its last, and its name as `YYYY-MM`."""

    name: str
    first: int
    last: int

    @classmethod
    def of(cls, name: str) -> "Month":
        """The month called `YYYY-MM`."""
        year, month = int(name[:4]), int(name[5:7])
        following = day(year + month // 12, month % 12 + 1)
        return cls(name=name, first=day(year, month), last=following - 1)

    def earlier(self, months: int) -> "Month":
        """The month that lies so many months before this one."""
        index = int(self.name[:4]) * 12 + int(self.name[5:7]) - 1 - months
        return Month.of(f"{index // 12:04d}-{index % 12 + 1:02d}")

    @property
    def date(self) -> dt.date:
        """The month's last day as a date."""
        return dt.date(1970, 1, 1) + dt.timedelta(days=self.last)


def months_to(until: str, count: int) -> list[Month]:
    """The `count` months that end with `until`, oldest first."""
    last = Month.of(until)
    return [last.earlier(back) for back in range(count - 1, -1, -1)]


def school_year(days: NDArray[Any] | int) -> NDArray[np.int64]:
    """The calendar year in which the school year of each day began (1 September)."""
    year, month, _ = parts(np.asarray(days))
    return np.asarray(year - (month < 9))
