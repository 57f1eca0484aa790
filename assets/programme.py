"""Who qualifies, who was taken on, what changed for them, and what may be claimed."""

import dagster as dg
import pandas as pd

from assets.attached import baselines_of, living_families
from assets.casebook import read_attachments
from assets.claim_history import claims_before, compared
from assets.facts import FACT_TABLES, facts_of
from assets.held import table_status
from assets.history import needs_met_before, needs_met_by
from assets.partitions import MONTHS, as_of
from assets.profiles import profile_of
from assets.settings import Settings
from assets.snapshots import read_published
from assets.store import Store
from assets.withholding import withholding
from programme import claims as claiming
from programme import cohort as listing
from programme import needs as judging
from programme import outcomes as results
from programme.reservations import not_shown
from schemas.vocabulary import Feed

GROUP = "programme"
_FEEDS = [dg.AssetDep(feed.value) for feed in Feed]


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=[*_FEEDS, *FACT_TABLES],
    io_manager_key="month_tables",
    description="Every criterion of the programme judged for every family: met, not met or unknown, with its evidence.",
)
@withholding
def needs(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], store: dg.ResourceParam[Store]
) -> pd.DataFrame:
    """Judge the month."""
    facts = facts_of(store, settings, context.partition_key, file=store.work_file(context.partition_key))
    return judging.judge(profile_of(settings), facts, settings=store.engine_settings)


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
    living = living_families(store, context.partition_key, identity_events, said["family_id"])
    return said.assign(family_id=said["family_id"].map(living))


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=[*_FEEDS, *FACT_TABLES],
    io_manager_key="month_tables",
    description="What stood when each family was taken on: seen once, in the rows and members of that month, and kept.",
)
@withholding
def baselines(
    context: dg.AssetExecutionContext,
    identity_events: pd.DataFrame,
    settings: dg.ResourceParam[Settings],
    store: dg.ResourceParam[Store],
) -> pd.DataFrame:
    """The baselines recorded so far, and those of families that are new."""
    return baselines_of(store, settings, context.partition_key, identity_events)


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


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=[*_FEEDS, *FACT_TABLES, "needs"],
    io_manager_key="month_tables",
    description="Each result judged for each attached family: what stood at attachment, and what stands now.",
)
@withholding
def outcomes(
    context: dg.AssetExecutionContext,
    attachments: pd.DataFrame,
    baselines: pd.DataFrame,
    settings: dg.ResourceParam[Settings],
    store: dg.ResourceParam[Store],
) -> pd.DataFrame:
    """Judge the attached families' results."""
    month = context.partition_key
    history = needs_met_before(store, month, attachments["family_id"])
    facts = facts_of(store, settings, month, file=store.work_file(month))
    return results.judge(
        profile_of(settings),
        attachments,
        facts,
        baselines=baselines,
        history=history,
        settings=store.engine_settings,
    )


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=[*_FEEDS, "person_records", "family_members", "rules", "needs"],
    io_manager_key="month_tables",
    description="Results that may be or were claimed, with a warning where this month's data would undo one, and why.",
)
@withholding
def claims(
    context: dg.AssetExecutionContext,
    outcomes: pd.DataFrame,
    attachments: pd.DataFrame,
    baselines: pd.DataFrame,
    identity_events: pd.DataFrame,
    settings: dg.ResourceParam[Settings],
    store: dg.ResourceParam[Store],
) -> pd.DataFrame:
    """Assess the claims."""
    month, profile, families = context.partition_key, profile_of(settings), attachments["family_id"]
    met = needs_met_by(store, month, families)
    return claiming.assess(
        profile,
        outcomes,
        attachments,
        as_of=as_of(month),
        previous=claims_before(store, month, identity_events),
        feeds=table_status(store, month),
        compared=compared(store, month, identity_events),
        short=not_shown(profile, families, met, baselines=baselines),
    )


ASSETS = [needs, attachments, cohort, baselines, outcomes, claims]
