"""The list of families as a file: chosen columns, and a cover that says what it is and that it stays here."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from casebook.events import ExportForm
from desk.rendering import month as month_words
from reports.sheets import NOTICE, csv_of, xlsx_of

_STATUS = {"not_attached": "not taken on", "attached": "being worked with", "closed": "closed"}


@dataclass(frozen=True)
class Column:
    """A column that may be taken away: its heading, and whether it is unless one says otherwise."""

    heading: str
    is_usual: bool = True


# Never an address or a postcode: nobody needs one from a list, and one of them may be where somebody hides.
COLUMNS: Mapping[str, Column] = {
    "rank": Column("Rank"),
    "family_id": Column("Family"),
    "surnames": Column("Surnames"),
    "adults": Column("Adults"),
    "children": Column("Children"),
    "ward": Column("Ward"),
    "schools": Column("Schools", is_usual=False),
    "needs_met": Column("Needs met"),
    "headlines": Column("Headlines"),
    "criteria": Column("Criteria", is_usual=False),
    "change": Column("Since last month"),
    "first_identified": Column("First identified"),
    "oldest_data": Column("Oldest data"),
    "status": Column("Work with the family"),
    "key_worker": Column("Key worker"),
    "attached_on": Column("Taken on", is_usual=False),
    "reason": Column("Why", is_usual=False),
}


@dataclass(frozen=True)
class Cover:
    """What a file says of itself."""

    month: str
    programme: str
    filters: Sequence[str]
    who: str
    made_at: dt.datetime
    families: int

    def said(self) -> dict[str, str]:
        """The cover's lines."""
        return {
            "Families": f"{self.families:,}",
            "Month": month_words(self.month),
            "Programme": self.programme,
            "Filters": "; ".join(self.filters) or "none: the whole list",
            "Taken by": self.who,
            "Made": f"{self.made_at:%d %B %Y, %H:%M} UTC",
            "Handling": f"{NOTICE} Delete it when you no longer need it; taking it was recorded.",
        }


def file_of(form: ExportForm, families: pd.DataFrame, columns: Sequence[str], cover: Cover) -> bytes:
    """The file: the chosen columns under their headings, with the cover."""
    frame = pd.DataFrame({COLUMNS[name].heading: _told(name)(families) for name in columns})
    if form is ExportForm.CSV:
        return csv_of(frame, about=cover.said())
    title = f"Families, {month_words(cover.month)}"
    return xlsx_of({"Families": frame}, title=title, about=cover.said())


def _told(name: str) -> Callable[[pd.DataFrame], pd.Series]:
    if name in {"surnames", "headlines", "criteria", "schools"}:
        return lambda families: families[name].map("; ".join)
    if name == "ward":
        return lambda families: families["ward"].mask(families["protected"].fillna(value=False), "protected")
    if name == "status":
        return lambda families: families["status"].map(_STATUS)
    if name in {"oldest_data", "attached_on"}:
        return lambda families: pd.to_datetime(families[name])
    return lambda families: families[name]
