"""Records as they were delivered, to be read side by side, without the whereabouts of protected people."""

import dagster as dg
import pandas as pd

from assets.partitions import MONTHS
from assets.withholding import withholding
from schemas.frames import empty
from schemas.published import RecordDetail

GROUP = "people"


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=["person_records", "persons", "household_members", "households"],
    io_manager_key="month_tables",
    description="What each record says of its person, as delivered; of protected people without their whereabouts.",
)
@withholding
def record_details() -> pd.DataFrame:
    """The month's records."""
    return empty(RecordDetail)


ASSETS = [record_details]
