"""The days that a window covers, reckoned back from a day: completed terms, whole months, or the day itself."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from programme.conditions import Window


@dataclass(frozen=True)
class Span:
    """The first and last day counted, both included; missing where the calendar has no completed term."""

    from_on: pd.Timestamp
    to_on: pd.Timestamp
    terms: tuple[tuple[str, str], ...] = ()


def span(window: Window, *, anchor: pd.Timestamp, terms: pd.DataFrame) -> Span:
    """The days of a window that ends on `anchor`.

    Months are whole: twelve months to 31 October begin on 1 November. Terms are the newest completed ones; a term is
    completed when its last day is on or before `anchor`.
    """
    if window.unit == "current":
        return Span(anchor, anchor)
    if window.unit == "months":
        return Span(months_before(anchor, window.length) + pd.Timedelta(days=1), anchor)
    done = terms[terms["ends_on"] <= anchor].sort_values(["ends_on", "starts_on"]).tail(window.length)
    if done.empty:
        return Span(pd.NaT, pd.NaT)  # type: ignore[arg-type]
    names = zip(done["academic_year"], done["term"], strict=True)
    return Span(done["starts_on"].min(), done["ends_on"].max(), tuple((str(year), str(term)) for year, term in names))


def months_before(day: pd.Timestamp, months: int) -> pd.Timestamp:
    """The day so many months earlier; from a month's last day it is again a month's last day."""
    earlier = day - pd.DateOffset(months=months)
    return earlier + pd.offsets.MonthEnd(0) if day.is_month_end else earlier


def spans(windows: Iterable[Window], *, anchors: Iterable[pd.Timestamp], terms: pd.DataFrame) -> pd.DataFrame:
    """Every window at every anchor: window, anchor, from_on, to_on, and the terms as two lists."""
    anchors = sorted(set(anchors))
    rows = []
    for window in sorted(set(windows), key=str):
        for anchor in anchors:
            found = span(window, anchor=anchor, terms=terms)
            years, names = [year for year, _ in found.terms], [term for _, term in found.terms]
            rows.append((str(window), anchor, found.from_on, found.to_on, years, names))
    frame = pd.DataFrame(rows, columns=["window", "anchor", "from_on", "to_on", "years", "terms"])
    days = dict.fromkeys(("anchor", "from_on", "to_on"), "datetime64[ns]")
    return frame.astype({"window": "string[pyarrow]", **days})
