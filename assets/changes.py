"""What changed since the month before, and why."""

import dagster as dg
import pandas as pd

from assets.partitions import MONTHS
from assets.withholding import withholding
from schemas.frames import empty
from schemas.published import MonthChange

GROUP = "publication"


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=["needs", "cohort", "families", "family_members", "record_details", "deliveries"],
    io_manager_key="month_tables",
    description="Every family that came, went, split or joined and every need that turned, each with its cause.",
)
@withholding
def changes() -> pd.DataFrame:
    """The month against the one before."""
    return empty(MonthChange)


ASSETS = [changes]
