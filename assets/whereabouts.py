"""Records that tell where a protected person is to be found, counted apart from the step that leaves that out."""

from collections.abc import Mapping

import dagster as dg
import pandas as pd

from assets.held import HeldTables
from assets.store import Store
from assets.withholding import withholding
from schemas.registry import PERSON_TABLES

WHEREABOUTS = ("address", "postcode", "phone", "upn", "school")
_PARTITION = "dagster/partition"
_PLACE = ["feed", "table_name", "source_id"]
_READ = ("person_records", "persons", "households", "household_members")


@dg.asset_check(asset="record_details", additional_ins={name: dg.AssetIn(name) for name in _READ}, blocking=True)
@withholding
def no_record_tells_where_the_protected_are(
    context: dg.AssetCheckExecutionContext,
    record_details: pd.DataFrame,
    person_records: pd.DataFrame,
    persons: pd.DataFrame,
    households: pd.DataFrame,
    household_members: pd.DataFrame,
    store: dg.ResourceParam[Store],
) -> dg.AssetCheckResult:
    """No record of a protected person, of their household or of their door leaves with an address, school or number."""
    people = sheltered(persons, households, household_members)
    held = HeldTables(store, context.run.tags[_PARTITION])
    broken = telling(record_details, person_records, people, held)
    told = f"{broken} records of protected people or doors tell where to find them; this is a fault in Hearth"
    return dg.AssetCheckResult(
        passed=broken == 0,
        description=f"{told}." if broken else "As it should be.",
        metadata={"broken": broken, "protected": len(people)},
    )


def sheltered(persons: pd.DataFrame, households: pd.DataFrame, household_members: pd.DataFrame) -> set[str]:
    """The ids of people whom a feed protects, or who live in a protected household."""
    hidden = households.loc[households["protected"], "household_id"]
    living = household_members["household_id"].isin(hidden) & household_members["to_on"].isna()
    return {*persons.loc[persons["protected"], "person_id"], *household_members.loc[living, "person_id"]}


def telling(
    record_details: pd.DataFrame,
    person_records: pd.DataFrame,
    people: set[str],
    held: Mapping[tuple[str, str], pd.DataFrame],
) -> int:
    """How many records with an address, school or number are of these people, or give a property that a feed hides."""
    shown = record_details.loc[record_details[list(WHEREABOUTS)].notna().any(axis=1), _PLACE]
    shown = shown.merge(person_records, on=_PLACE, how="left")
    at_door = pd.MultiIndex.from_frame(shown[_PLACE]).isin(_at_hidden_doors(held))
    return int((at_door | shown["person_id"].isin(people).to_numpy(bool)).sum())


def _at_hidden_doors(held: Mapping[tuple[str, str], pd.DataFrame]) -> pd.MultiIndex:
    columns = ["source_id", "uprn", "protected_address"]
    rows = pd.concat(
        [held[key][columns].assign(feed=key[0], table_name=key[1]) for key in PERSON_TABLES], ignore_index=True
    )
    own = rows["protected_address"].fillna(value=False).astype(bool)
    there = own | rows["uprn"].isin(rows.loc[own, "uprn"].dropna())
    return pd.MultiIndex.from_frame(rows.loc[there, _PLACE])
