"""Questions to people, ranked by what the answer changes."""

import dagster as dg
import pandas as pd

from assets.partitions import MONTHS
from assets.withholding import withholding
from schemas.frames import empty
from schemas.published import Review

GROUP = "programme"


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=["links", "record_details", "needs", "cohort", "claims"],
    io_manager_key="month_tables",
    description="Doubtful pairs and doubtful households as questions, ranked by what the answer would change.",
)
@withholding
def reviews() -> pd.DataFrame:
    """The month's questions."""
    return empty(Review)


ASSETS = [reviews]
