"""Records as they were delivered, to be read side by side, without the whereabouts of protected people."""

import dagster as dg
import pandas as pd

from assets.held import HeldTables
from assets.partitions import MONTHS
from assets.settings import Settings
from assets.store import Store
from assets.withholding import withholding
from linkage.record_details import People, detail

GROUP = "people"


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    io_manager_key="month_tables",
    description="What each record says of its person, as delivered; of protected people without their whereabouts.",
)
@withholding
def record_details(
    context: dg.AssetExecutionContext,
    person_records: pd.DataFrame,
    persons: pd.DataFrame,
    households: pd.DataFrame,
    household_members: pd.DataFrame,
    settings: dg.ResourceParam[Settings],
    store: dg.ResourceParam[Store],
) -> pd.DataFrame:
    """The month's records."""
    return detail(
        People(person_records, persons, households, household_members),
        HeldTables(store, context.partition_key),
        key=settings.id_key.get_secret_value(),
        settings=store.engine_settings,
    )


ASSETS = [record_details]
