"""Making a month and reading it: `hearth run`, `hearth list`."""

import datetime as dt
import os
from pathlib import Path
from typing import Annotated

import typer

from assets.settings import Settings
from assets.snapshots import read_published
from assets.store import Store, open_store
from pipelines.commands.console import err, fail, out, spoken_errors, warn
from pipelines.commands.flags import Landing, Month, ProfileName, StoreFolder, month_text, settings_with
from pipelines.commands.people_tables import refuse_unwritable
from pipelines.commands.published import published_month
from pipelines.commands.summary import show_list, show_summary
from reports.family_list import FamilyList, compile_list
from reports.month_summary import summarise
from reports.sheets import write_csv, write_xlsx

LIST_TABLES = ("cohort", "families", "family_members", "persons", "needs")
_PATIENT = 10
SUMMARY_TABLES = ("deliveries", "cohort", "person_records", "persons", "households", "families", "identity_events")


def run(
    month: Annotated[str, typer.Option(help="The month to make, as 2026-10.", callback=month_text)],
    landing: Landing = None,
    store: StoreFolder = None,
    profile: ProfileName = None,
) -> None:
    """Make and publish one month from its deliveries."""
    with spoken_errors():
        settings = settings_with(landing=landing, store=store, profile=profile)
        _give_way()
        opened = open_store(settings)
        is_new = month not in opened.months()
        make(settings, month)
        show_month(opened, month)
        if later := [other for other in opened.months() if other > month]:
            warn(made_before(later, is_new=is_new))


def made_before(later: list[str], *, is_new: bool) -> str:
    """What to say of later months, which came of what this month said before, or were made without it."""
    which = "that month" if len(later) == 1 else "those months"
    were = "was" if len(later) == 1 else "were"
    told = (
        f"{', '.join(later)} {f'{were} made without this month' if is_new else 'came of what this month said before'}"
    )
    return f"{told}. Run {which} again, the oldest first: only then are ids, changes and results told right there."


def _give_way() -> None:
    """Let those who sit at the desk, on the same machine, go first: a month can wait."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, 0, max(_PATIENT, os.getpriority(os.PRIO_PROCESS, 0)))


def make(settings: Settings, month: str) -> None:
    """Run the job for a month, with progress and what its checks warn of; ends the command where the month fails."""
    err.print(f"Making {month} from {settings.landing} in {settings.store}", highlight=False)
    # Dagster and the matcher take seconds to import, which those who only read a list need not wait for.
    from pipelines.month import MonthFailedError, run_month  # noqa: PLC0415

    try:
        warnings = run_month(settings, month)
    except MonthFailedError as failure:
        fail(str(failure))
    for sentence in warnings:
        warn(sentence)


def show_month(store: Store, month: str) -> None:
    """Print what a published month came to."""
    before = store.month_before(month)
    tables = {name: read_published(store, month, name) for name in SUMMARY_TABLES}
    earlier = {name: read_published(store, before, name) for name in SUMMARY_TABLES}
    show_summary(summarise(month, tables, earlier))


def list_families(
    month: Month = None,
    csv: Annotated[Path | None, typer.Option(help="Write the list to this CSV file.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write the list to this workbook.")] = None,
    top: Annotated[int | None, typer.Option(min=1, help="Show only the first so many.")] = None,
    store: StoreFolder = None,
) -> None:
    """Show the families whom a published month identified, or write them to a file."""
    with spoken_errors():
        refuse_unwritable(csv, xlsx)
        families = published_list(settings_with(store=store), month)
        if csv:
            write_csv(families, csv)
        if xlsx:
            write_xlsx(families, xlsx, made_at=dt.datetime.now(tz=dt.UTC))
        for file in filter(None, (csv, xlsx)):
            out.print(f"{len(families.families):,} families written to {file}", highlight=False)
        if not (csv or xlsx):
            show_list(families, most=top)


def published_list(settings: Settings, month: str | None) -> FamilyList:
    """The list of a published month, the newest if none is named; ends the command where there is none."""
    store, chosen = published_month(settings, month)
    return compile_list(chosen, {name: read_published(store, chosen, name) for name in LIST_TABLES})
