"""One feed's delivery for one month, received: files kept, agreed with the sender's note, read, screened, reported."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from feeds import report
from feeds.errors import UnusableNoteError
from feeds.incoming import IncomingTable, IntakeSettings, Keep, load, read_table, refuse_emptied, screen_table
from feeds.landing import FoundDelivery, FoundTable, find
from feeds.note import Note, read_note
from feeds.terms import last_day
from schemas.registry import FEED_TABLES, ROSTER_OF


@dataclass(frozen=True)
class Past:
    """What earlier months say of a feed.

    The month it last delivered, the keys of its held rosters by table, and which rosters had rows when last used.
    """

    last_delivered: str | None = None
    roster_keys: Mapping[str, pd.Series] = field(default_factory=dict)
    filled_rosters: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ReceivedFeed:
    """What a delivery came to: accepted rows by table, and its rows of `deliveries` and `rejected_records`."""

    feed: str
    month: str
    tables: Mapping[str, pd.DataFrame]
    deliveries: pd.DataFrame
    rejected: pd.DataFrame


def receive(  # noqa: PLR0913 - a delivery is named by three, and judged by three
    landing: Path, month: str, feed: str, *, settings: IntakeSettings, keep: Keep, past: Past | None = None
) -> ReceivedFeed:
    """Receive what lies in the landing folder for this feed and month.

    `keep(content, sha256, suffix)` is called for every file of a contract table and for `delivery.toml`, refused ones
    too. A delivery that disagrees with its note is refused whole; a table that cannot be used is refused alone.
    """
    reckoning, found, past = last_day(month), find(landing, month, feed), past or Past()
    if found.is_late:
        return _received(found, report.of_late(found, past.last_delivered))
    tables = [load(table, keep) for table in found.tables]
    note, refusal = _note(found, keep)
    extract_on = note.extract_on or reckoning
    for table in tables:
        read_table(table, feed)
    refusal = refusal or _disagreement(tables, note)
    if refusal:
        return _received(found, report.of_refused(found, extract_on, [*tables, *_absent(tables, note, feed)], refusal))
    for table in tables:
        screen_table(table, found, extract_on, settings)
        refuse_emptied(table, past.filled_rosters)
    _doubt_strangers(feed, tables, past)
    return _received(found, report.of_tables(found, extract_on, tables), tables)


def _received(found: FoundDelivery, deliveries: pd.DataFrame, tables: Sequence[IncomingTable] = ()) -> ReceivedFeed:
    used = {table.name: table.used.frame for table in tables if table.used is not None}
    return ReceivedFeed(found.feed, found.month, used, deliveries, report.rejected_records(found, tables))


def _note(found: FoundDelivery, keep: Keep) -> tuple[Note, str]:
    if found.note is None:
        return Note(), ""
    content = found.note.read_bytes()
    keep(content, hashlib.sha256(content).hexdigest(), found.note.suffix)
    try:
        return read_note(content), ""
    except UnusableNoteError as error:
        return Note(), str(error)


def _disagreement(tables: Sequence[IncomingTable], note: Note) -> str:
    """The first hash, count or file that the note states and the delivery does not have, with both values."""
    delivered = {table.name: table for table in tables}
    for name, stated in note.tables.items():
        table = delivered.get(name)
        if table is None:
            return f"delivery.toml states a table {name}, and no file of that name was delivered"
        if stated.sha256 and table.sha256 and stated.sha256 != table.sha256:
            return f"delivery.toml states sha256 {stated.sha256} for {name}, the file has {table.sha256}"
        if stated.rows is not None and table.rows is not None and stated.rows != table.rows:
            return f"delivery.toml states {stated.rows} rows for {name}, the file has {table.rows}"
    return ""


def _absent(tables: Sequence[IncomingTable], note: Note, feed: str) -> list[IncomingTable]:
    delivered = {table.name for table in tables}
    return [
        IncomingTable(FoundTable(name, ()))
        for name in note.tables
        if name not in delivered and (feed, name) in FEED_TABLES
    ]


def _doubt_strangers(feed: str, tables: Sequence[IncomingTable], past: Past) -> None:
    """Count events whose person is in no roster: this delivery's where it is used, else the one last held."""
    used = {table.name: table.used for table in tables if table.used is not None}
    for name, screened in used.items():
        roster, column = ROSTER_OF.get((feed, name), ("", ""))
        if roster:
            known = used[roster].frame[column] if roster in used else past.roster_keys.get(roster)
            people = screened.frame[column].dropna()
            strangers = len(people) if known is None else int((~people.isin(known)).sum())
            if strangers:
                screened.doubtful["unknown_person", column] = strangers
