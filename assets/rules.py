"""The programme's rules as they stood when the month was judged."""

import dagster as dg
import pandas as pd

from assets.partitions import MONTHS
from assets.profiles import profile_of
from assets.settings import Settings
from assets.withholding import withholding
from programme.rulebook import in_force


@dg.asset(
    partitions_def=MONTHS,
    group_name="programme",
    io_manager_key="month_tables",
    description="The rules in force: headlines, criteria, results and figures in words, each with its source.",
)
@withholding
def rules(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> pd.DataFrame:  # noqa: ARG001 - Dagster hands it in
    """The month's rules."""
    return in_force(profile_of(settings))


ASSETS = [rules]
