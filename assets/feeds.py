"""Deliveries: one asset a feed, which receives and holds what the month's folder brings, and the reports on them."""

import dagster as dg
import pandas as pd

from assets.indicators import unknown_indicators, with_unknown_indicators
from assets.partitions import MONTHS
from assets.profiles import profile_of
from assets.settings import Settings
from assets.store import Store
from assets.withholding import withholding
from feeds import holdings
from feeds.archive import Archive
from feeds.incoming import IntakeSettings
from feeds.intake import receive
from schemas.vocabulary import Feed

GROUP = "deliveries"
_RETRY = dg.RetryPolicy(max_retries=2, delay=5)
# Asset keys go over the wire to Dagster's pages, which know no enums of ours.
_FEEDS = [feed.value for feed in Feed]
_SAYS = {
    Feed.SCHOOL: "Pupils, their contacts, attendance, exclusions and attainment, as schools delivered them.",
    Feed.POLICE: "People known to the police, occurrences and interventions, as the force delivered them.",
    Feed.MASH: "People known to the safeguarding hub, with relationships, referrals and episodes.",
    Feed.JOBCENTRE: "Claimants, claims, employment and progress to work, as the Job Centre delivered them.",
    Feed.NOMINATIONS: "People whom any agency or professional nominated under an indicator.",
}


def _feed_asset(feed: Feed) -> dg.AssetsDefinition:
    @dg.asset(name=feed.value, partitions_def=MONTHS, group_name=GROUP, retry_policy=_RETRY, description=_SAYS[feed])
    @withholding
    def received(
        context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], store: dg.ResourceParam[Store]
    ) -> dg.MaterializeResult[None]:
        month = context.partition_key
        intake = IntakeSettings(settings.max_rejected_pct / 100, settings.allow_test_identifiers)
        with store.connect(store.feeds_file) as connection:
            past = holdings.past(connection, month, feed)
            delivery = receive(
                settings.landing, month, feed, settings=intake, keep=Archive(store.received).keep, past=past
            )
            holdings.hold(connection, delivery)
        return dg.MaterializeResult(metadata=_counts(delivery.deliveries))

    return received


def _counts(deliveries: pd.DataFrame) -> dict[str, int | str]:
    totals = {name: int(deliveries[name].fillna(0).sum()) for name in ("accepted", "rejected", "repaired")}
    statuses = ", ".join(f"{count} {status}" for status, count in deliveries["status"].value_counts().items())
    return {"dagster/row_count": totals["accepted"], **totals, "tables": statuses}


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=_FEEDS,
    io_manager_key="month_tables",
    description="One row for each table that came, used or refused, and one for each feed that did not.",
)
@withholding
def deliveries(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], store: dg.ResourceParam[Store]
) -> pd.DataFrame:
    """The month's delivery report."""
    month = context.partition_key
    with store.connect(store.feeds_file) as connection:
        report = holdings.deliveries(connection, month)
        nominated = holdings.held_table(connection, month, Feed.NOMINATIONS, "nominations")
    came = nominated[nominated["received_for"].eq(month)]
    return with_unknown_indicators(report, unknown_indicators(came, profile_of(settings)))


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=_FEEDS,
    io_manager_key="month_tables",
    description="Every row of the month's files that could not be used, kept whole, with the rule that it broke.",
)
@withholding
def rejected_records(context: dg.AssetExecutionContext, store: dg.ResourceParam[Store]) -> pd.DataFrame:
    """The month's rejected rows."""
    with store.connect(store.feeds_file) as connection:
        return holdings.rejected_records(connection, context.partition_key)


ASSETS = [*(_feed_asset(feed) for feed in Feed), deliveries, rejected_records]
