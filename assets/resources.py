"""What assets are given: the settings, the store held for this one run, and the way tables go in and out of it."""

from collections.abc import Iterator

import dagster as dg

from assets.settings import Settings
from assets.store import Store, open_store
from assets.tables import MonthTables


def settings_resource(settings: Settings) -> dg.ResourceDefinition:
    """The settings as they were when the code location was loaded, or as the command's flags made them."""
    return dg.ResourceDefinition.hardcoded_resource(settings, description="Every setting of the run")


def _held_store(context: dg.InitResourceContext) -> Iterator[Store]:
    with open_store(context.resources.settings).writing() as store:
        yield store


store_resource = dg.ResourceDefinition(
    _held_store, required_resource_keys={"settings"}, description="The store, held for one writer while the run lasts"
)


def _month_tables(context: dg.InitResourceContext) -> MonthTables:
    return MonthTables(context.resources.store)


month_tables = dg.IOManagerDefinition(
    _month_tables, required_resource_keys={"store"}, description="Tables in the database of their month"
)
