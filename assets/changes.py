"""What changed since the month before, and why."""

import dagster as dg
import pandas as pd

from assets.comparing import Side, compare
from assets.partitions import MONTHS
from assets.store import Store
from assets.withholding import withholding
from schemas.frames import empty
from schemas.published import MonthChange

GROUP = "publication"


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=[
        "run",
        "needs",
        "cohort",
        "families",
        "family_members",
        "household_members",
        "persons",
        "record_details",
        "links",
        "deliveries",
    ],
    io_manager_key="month_tables",
    description="Every family that came, went, split or joined and every need that turned, each with its cause.",
)
@withholding
def changes(context: dg.AssetExecutionContext, store: dg.ResourceParam[Store]) -> pd.DataFrame:
    """The month against the one before."""
    month = context.partition_key
    before = store.month_before(month)
    if before is None:
        return empty(MonthChange)
    return compare(store, Side(before, store.published_file(before)), Side(month, store.work_file(month)))


ASSETS = [changes]
