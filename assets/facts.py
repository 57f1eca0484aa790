"""All that judging reads of a month, from the month in the making or from one that is published."""

from pathlib import Path

from assets.held import HeldTables, table_status
from assets.partitions import as_of
from assets.settings import Settings
from assets.snapshots import read
from assets.store import Store
from feeds.calendar import load_terms
from feeds.terms import term_dates
from programme.facts import Month

FACT_TABLES = ("person_records", "persons", "families", "family_members")


def facts_of(store: Store, settings: Settings, month: str, *, file: Path) -> Month:
    """The month's people and families as the database `file` has them, with the feeds and terms as of the month."""
    tables = {name: read(store, file, name) for name in FACT_TABLES}
    return Month(
        tables=HeldTables(store, month),
        terms=term_dates(load_terms(settings.landing, as_of(month).date())),
        feeds=table_status(store, month),
        as_of=as_of(month),
        **tables,
    )
