"""Which agencies know a family, and when each last had to do with it."""

import dagster as dg
import pandas as pd

from assets.partitions import MONTHS
from assets.withholding import withholding
from schemas.frames import empty
from schemas.published import FamilySighting

GROUP = "people"


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=["person_records", "families", "family_members"],
    io_manager_key="month_tables",
    description="Which agencies know each member of each family, and the day of the last contact.",
)
@withholding
def family_sightings() -> pd.DataFrame:
    """The month's sightings."""
    return empty(FamilySighting)


ASSETS = [family_sightings]
