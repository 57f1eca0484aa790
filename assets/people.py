"""Who is who: records matched, persons, households and families under ids that last."""

from collections.abc import Iterator

import dagster as dg
import pandas as pd

from assets.casebook import pairs_decided
from assets.held import HeldTables
from assets.id_causes import caused
from assets.identity import decided_until, made_before, moved_by_people, past_of
from assets.matching import match
from assets.partitions import MONTHS, as_of
from assets.postcodes import read_postcodes
from assets.settings import Settings
from assets.snapshots import read_published
from assets.store import Store
from assets.withholding import withholding
from linkage.by_people import Why
from linkage.childhood import Rules
from linkage.households import Evidence
from linkage.known_again import known_again
from linkage.lasting import identify_persons, settle
from linkage.people import describe
from schemas.vocabulary import Feed

GROUP = "people"
_FEEDS = [dg.AssetDep(feed.value) for feed in Feed]


def _table(description: str) -> dg.AssetOut:
    return dg.AssetOut(io_manager_key="month_tables", description=description)


def _outputs(tables: dict[str, pd.DataFrame]) -> Iterator[dg.Output[pd.DataFrame]]:
    for name, frame in tables.items():
        yield dg.Output(frame, output_name=name)


@dg.multi_asset(
    name="match_records",
    group_name=GROUP,
    partitions_def=MONTHS,
    deps=_FEEDS,
    outs={
        "links": _table("Every compared pair that is kept for the record, with its weight, levels and decision."),
        "record_clusters": _table("Each record and the cluster that matching put it in, before ids that last."),
        "matching": _table("How the month was matched: the model's hash and the counts; one row."),
    },
)
@withholding
def match_records(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], store: dg.ResourceParam[Store]
) -> Iterator[dg.Output[pd.DataFrame]]:
    """Match the records of every feed's newest roster."""
    yield from _outputs(match(store, settings, context.partition_key))


@dg.multi_asset(
    name="identify_people",
    group_name=GROUP,
    partitions_def=MONTHS,
    deps=_FEEDS,
    outs={
        "person_records": _table("Each record that describes a person, and whose it is."),
        "persons": _table("One row a person: what the records most often say of them."),
        "person_ledger": _table("Under which person id each record has stood."),
        "person_events": _table("What became of each person id this month."),
    },
)
@withholding
def identify_people(
    context: dg.AssetExecutionContext,
    record_clusters: pd.DataFrame,
    settings: dg.ResourceParam[Settings],
    store: dg.ResourceParam[Store],
) -> Iterator[dg.Output[pd.DataFrame]]:
    """Give each cluster its lasting person id, and describe the person."""
    month = context.partition_key
    decided = pairs_decided(store, made_before(store, month))
    held = HeldTables(store, month)
    found = identify_persons(record_clusters, past_of(store, settings, month), marks=known_again(held), decided=decided)
    yield from _outputs(
        {
            "person_records": found.person_records,
            "persons": describe(found.person_records, held),
            "person_ledger": found.ledger,
            "person_events": found.identity_events,
        }
    )


@dg.multi_asset(
    name="settle_homes",
    group_name=GROUP,
    partitions_def=MONTHS,
    deps=_FEEDS,
    outs={
        "households": _table("People at one address, as of the month."),
        "household_members": _table("Each stay of a person in a household: since when, until when, on what evidence."),
        "families": _table("Households, or parts of them, with a dependent child: the programme's unit."),
        "family_members": _table("Who belongs to each family, as parent, adult or child, and on what evidence."),
        "home_ledger": _table("Under which household and family ids each person has stood."),
        "home_events": _table("What became of each household and family id this month."),
        "doubts": _table("Households that the evidence does not settle, as questions about two people."),
    },
)
@withholding
def settle_homes(
    context: dg.AssetExecutionContext,
    person_records: pd.DataFrame,
    persons: pd.DataFrame,
    person_events: pd.DataFrame,
    settings: dg.ResourceParam[Settings],
    store: dg.ResourceParam[Store],
) -> Iterator[dg.Output[pd.DataFrame]]:
    """Find who lives together, and which of them are families."""
    month = context.partition_key
    decided, couples, members = decided_until(store, month, person_events)
    homes = settle(
        Evidence(
            person_records,
            persons,
            HeldTables(store, month),
            as_of(month).date(),
            postcodes=read_postcodes(settings.postcode_lookup),
            decided=decided,
            rules=Rules(settings.dependent_until, settings.expectant_parents),
        ),
        past_of(store, settings, month),
        members_before=read_published(store, store.month_before(month), "household_members"),
        households_before=read_published(store, store.month_before(month), "households"),
        why=Why(moved_by_people(person_events), couples, members),
    )
    yield from _outputs(
        {
            "households": homes.households,
            "household_members": homes.household_members,
            "families": homes.families,
            "family_members": homes.family_members,
            "home_ledger": homes.ledger,
            "home_events": homes.identity_events,
            "doubts": homes.doubts,
        }
    )


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=["person_records", "persons", "record_details", "household_members", "family_members"],
    io_manager_key="month_tables",
    description="What became of every person, household and family id this month, and why.",
)
@withholding
def identity_events(
    context: dg.AssetExecutionContext,
    person_events: pd.DataFrame,
    home_events: pd.DataFrame,
    matching: pd.DataFrame,
    store: dg.ResourceParam[Store],
) -> pd.DataFrame:
    """Both kinds of event in one table, traced where more than the data differs from the month before."""
    events = pd.concat([person_events, home_events], ignore_index=True)
    return caused(store, context.partition_key, events, model_sha256=str(matching["model_sha256"].iloc[0]))


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    io_manager_key="month_tables",
    description="Under which ids every record and person has stood: what the next month's ids are taken from.",
)
@withholding
def identity_ledger(person_ledger: pd.DataFrame, home_ledger: pd.DataFrame) -> pd.DataFrame:
    """Both ledgers in one table."""
    return pd.concat([person_ledger, home_ledger], ignore_index=True)


ASSETS = [match_records, identify_people, settle_homes, identity_events, identity_ledger]
