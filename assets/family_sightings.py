"""Which agencies know a family, and when each last had to do with it."""

import dagster as dg
import pandas as pd

from assets.held import HeldTables
from assets.partitions import MONTHS, as_of
from assets.store import Store
from assets.withholding import withholding
from programme.known_agencies import sightings

GROUP = "people"


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    io_manager_key="month_tables",
    description="Which agencies know each member of each family, and the day of the last contact.",
)
@withholding
def family_sightings(
    context: dg.AssetExecutionContext,
    person_records: pd.DataFrame,
    persons: pd.DataFrame,
    families: pd.DataFrame,
    family_members: pd.DataFrame,
    store: dg.ResourceParam[Store],
) -> pd.DataFrame:
    """The month's sightings."""
    people = {
        "person_records": person_records,
        "persons": persons,
        "families": families,
        "family_members": family_members,
    }
    month = context.partition_key
    return sightings(people, HeldTables(store, month), as_of=as_of(month), settings=store.engine_settings)


ASSETS = [family_sightings]
