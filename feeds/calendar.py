"""The term calendar: `<landing>/calendar.csv`, else the terms of the settings, else the contract's default."""

import csv
import io
import itertools
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from feeds.errors import CalendarError
from feeds.terms import HEADINGS, Term, default_terms, is_academic_year
from schemas.identifiers import TEXT
from schemas.vocabulary import TERM

FIRST_ACADEMIC_YEAR = 1990


def load_terms(landing: Path, as_of: date, *, settled: Sequence[Term] = ()) -> list[Term]:
    """Every term, oldest first: from `<landing>/calendar.csv`, else the settled ones, else the default to `as_of`.

    Raises CalendarError, naming line and rule. Settled terms (those of the settings) obey the same rules as the file.
    """
    path = landing / "calendar.csv"
    if path.is_file():
        return read_calendar(path.read_bytes())
    if settled:
        return _ordered(settled, "The terms of the settings")
    years = range(FIRST_ACADEMIC_YEAR, as_of.year + 1)
    return [term for year in years for term in default_terms(year)]


def read_calendar(content: bytes) -> list[Term]:
    """The terms of a `calendar.csv`, oldest first; raises CalendarError, naming line and rule."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    headings = [heading.strip().casefold() for heading in next(reader, [])]
    missing = [name for name in HEADINGS if name not in headings]
    if missing:
        message = f"calendar.csv, line 1: the column {missing[0]} is missing; it needs {', '.join(HEADINGS)}."
        raise CalendarError(message)
    places = [headings.index(name) for name in HEADINGS]
    rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    return _ordered([_term(line, row, places) for line, row in rows], "calendar.csv")


def _delimiter(text: str) -> str:
    first = text.splitlines()[0] if text.strip() else ""
    return max(",;\t", key=first.count)


def _term(line: int, row: list[str], places: list[int]) -> Term:
    if len(row) <= max(places):
        message = f"calendar.csv, line {line}: the row has {len(row)} cells, fewer than the header names."
        raise CalendarError(message)
    year, term, starts, ends = (row[place].strip() for place in places)
    if not bool(is_academic_year(pd.Series([year], dtype=TEXT)).iloc[0]):
        message = f"calendar.csv, line {line}: academic_year is not written as 2025/26."
        raise CalendarError(message)
    if term.casefold() not in TERM:
        message = f"calendar.csv, line {line}: term is none of {', '.join(sorted(TERM))}."
        raise CalendarError(message)
    try:
        return Term(date.fromisoformat(starts), date.fromisoformat(ends), year, term.casefold())
    except ValueError:
        pass
    message = f"calendar.csv, line {line}: starts_on or ends_on is no date written as YYYY-MM-DD."
    raise CalendarError(message)


def _ordered(terms: Iterable[Term], origin: str) -> list[Term]:
    ordered = sorted(terms)
    names = [(term.academic_year, term.term) for term in ordered]
    if not ordered:
        message = f"{origin}: no term is given; give the terms or leave the calendar out."
        raise CalendarError(message)
    if len(set(names)) < len(names):
        message = f"{origin}: a term of one academic year is given twice."
        raise CalendarError(message)
    for term in ordered:
        if term.ends_on < term.starts_on:
            message = f"{origin}: {term.term} {term.academic_year} ends before it starts."
            raise CalendarError(message)
    for earlier, later in itertools.pairwise(ordered):
        if later.starts_on <= earlier.ends_on:
            message = (
                f"{origin}: {later.term} {later.academic_year} starts before {earlier.term} "
                f"{earlier.academic_year} has ended."
            )
            raise CalendarError(message)
    return ordered
