"""How many records were found in another agency's feed too, by group, and why the others were not."""

import dagster as dg
import pandas as pd

from assets.held import HeldTables
from assets.partitions import MONTHS, as_of
from assets.store import Store
from assets.withholding import withholding
from linkage.match_rates import MonthTables
from linkage.match_rates import match_rates as rates
from schemas.registry import FEED_TABLES, PERSON_TABLES


@dg.asset(
    partitions_def=MONTHS,
    group_name="people",
    io_manager_key="month_tables",
    description="How many records of each feed another feed knows too, by group; why the others stand alone.",
)
@withholding
def match_rates(
    context: dg.AssetExecutionContext,
    person_records: pd.DataFrame,
    persons: pd.DataFrame,
    record_details: pd.DataFrame,
    links: pd.DataFrame,
    households: pd.DataFrame,
    household_members: pd.DataFrame,
    store: dg.ResourceParam[Store],
) -> pd.DataFrame:
    """The month's rates."""
    tables = MonthTables(
        person_records,
        persons,
        record_details,
        links,
        households,
        household_members,
        ethnicities(store, context.partition_key),
    )
    return rates(tables, as_of=as_of(context.partition_key), settings=store.engine_settings)


def ethnicities(store: Store, month: str) -> pd.DataFrame:
    """feed, table_name, source_id, ethnicity of each record that states one."""
    held = HeldTables(store, month)
    stating = [key for key in PERSON_TABLES if "ethnicity" in FEED_TABLES[key].to_schema().columns]
    parts = [
        held[key][["source_id", "ethnicity"]].assign(feed=key[0], table_name=key[1]).dropna(subset=["ethnicity"])
        for key in stating
    ]
    return pd.concat(parts, ignore_index=True)


ASSETS = [match_rates]
