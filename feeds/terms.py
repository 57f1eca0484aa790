"""Months and school terms: which days a run month and a term stand for.

An attendance row names its term by academic year and term only; `term_dates` turns the terms into a frame to join on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from feeds.errors import MonthError

HEADINGS = ("academic_year", "term", "starts_on", "ends_on")


@dataclass(frozen=True, order=True)
class Term:
    """One school term, both days counted."""

    starts_on: date
    ends_on: date
    academic_year: str
    term: str


def last_day(month: str) -> date:
    """The last day of a month `YYYY-MM`: the reckoning date of its run; raises MonthError."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        first = None
    if first is None or len(month) != 7:
        message = "A month is written as YYYY-MM, for example 2026-10."
        raise MonthError(message)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def academic_year(starting: int) -> str:
    """The academic year that starts in autumn of the given year, as `2025/26`."""
    return f"{starting}/{(starting + 1) % 100:02d}"


def default_terms(starting: int) -> list[Term]:
    """The contract's default terms of the academic year that starts in autumn of the given year."""
    year, after = academic_year(starting), starting + 1
    return [
        Term(date(starting, 9, 1), date(starting, 12, 31), year, "autumn"),
        Term(date(after, 1, 1), date(after, 4, 15), year, "spring"),
        Term(date(after, 4, 16), date(after, 7, 31), year, "summer"),
    ]


def completed_terms(terms: Iterable[Term], as_of: date, n: int) -> list[Term]:
    """The `n` newest terms whose last day is on or before `as_of`, oldest first; fewer where fewer are completed."""
    completed = sorted((term for term in terms if term.ends_on <= as_of), key=lambda term: term.ends_on)
    return completed[-n:] if n > 0 else []


def term_dates(terms: Iterable[Term]) -> pd.DataFrame:
    """The terms as a frame: `academic_year`, `term` (text), `starts_on`, `ends_on` (days); one row a term."""
    rows = [(term.academic_year, term.term, term.starts_on, term.ends_on) for term in terms]
    frame = pd.DataFrame(rows, columns=list(HEADINGS))
    text, day = pd.StringDtype("pyarrow"), "datetime64[ns]"
    return frame.astype({"academic_year": text, "term": text, "starts_on": day, "ends_on": day})


def is_academic_year(values: pd.Series) -> pd.Series:
    """Whether each text is an academic year as the contract writes it: `2025/26`, the second year after the first."""
    shaped = values.str.fullmatch(r"\d{4}/\d{2}").fillna(value=False).astype(bool)
    first = pd.to_numeric(values.where(shaped).str.slice(2, 4)).fillna(-1)
    second = pd.to_numeric(values.where(shaped).str.slice(5, 7)).fillna(-1)
    return shaped & ((first + 1) % 100).eq(second)
