"""Who qualifies, who was taken on, what changed for them, and what may be claimed."""

import dagster as dg
import pandas as pd

from assets.casebook import read_attachments
from assets.held import HeldTables, table_status
from assets.identity import events_until
from assets.partitions import MONTHS, as_of
from assets.profiles import profile_of
from assets.settings import Settings
from assets.snapshots import read_published
from assets.store import Store
from assets.withholding import withholding
from feeds.calendar import load_terms
from feeds.terms import term_dates
from linkage.identity_events import resolve
from programme import cohort as listing
from programme import needs as judging
from programme.facts import Month
from schemas.vocabulary import Feed

GROUP = "programme"
_FEEDS = [dg.AssetDep(feed.value) for feed in Feed]


def _engine(store: Store) -> dict[str, str]:
    return {
        "threads": str(store.threads),
        "memory_limit": store.memory_limit,
        "temp_directory": str(store.scratch),
    }


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=_FEEDS,
    io_manager_key="month_tables",
    description="Every criterion of the programme judged for every family: met, not met or unknown, with its evidence.",
)
@withholding
def needs(
    context: dg.AssetExecutionContext,
    person_records: pd.DataFrame,
    persons: pd.DataFrame,
    families: pd.DataFrame,
    family_members: pd.DataFrame,
    settings: dg.ResourceParam[Settings],
    store: dg.ResourceParam[Store],
) -> pd.DataFrame:
    """Judge the month."""
    month = context.partition_key
    facts = Month(
        tables=HeldTables(store, month),
        person_records=person_records,
        persons=persons,
        families=families,
        family_members=family_members,
        terms=term_dates(load_terms(settings.landing, as_of(month).date())),
        feeds=table_status(store, month),
        as_of=as_of(month),
    )
    return judging.judge(profile_of(settings), facts, settings=_engine(store))


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    io_manager_key="month_tables",
    description="The families taken on, as the casebook has them, under the ids that they bear now.",
)
@withholding
def attachments(
    context: dg.AssetExecutionContext, identity_events: pd.DataFrame, store: dg.ResourceParam[Store]
) -> pd.DataFrame:
    """The casebook's attachments; an id that has since joined another is followed to it."""
    said = read_attachments(store)
    events = pd.concat([events_until(store, context.partition_key), identity_events], ignore_index=True)
    families = events[events["kind"].eq("family")]
    now = {old: resolve(families, old).id or old for old in said["family_id"].unique()}
    return said.assign(family_id=said["family_id"].map(now))


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    io_manager_key="month_tables",
    description="Every family, on the list or not, and why; in what order, since when, and what changed.",
)
@withholding
def cohort(
    context: dg.AssetExecutionContext,
    needs: pd.DataFrame,
    families: pd.DataFrame,
    attachments: pd.DataFrame,
    settings: dg.ResourceParam[Settings],
    store: dg.ResourceParam[Store],
) -> pd.DataFrame:
    """Identify the month's families."""
    month = context.partition_key
    earlier = [read_published(store, other, "cohort").assign(month=other) for other in store.months() if other < month]
    previous = pd.concat(earlier, ignore_index=True) if earlier else None
    return listing.identify(
        profile_of(settings), needs, families, month=month, previous=previous, attachments=attachments
    )


ASSETS = [needs, attachments, cohort]
