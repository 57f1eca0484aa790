"""The code location: assets, checks, the job, its schedule and the resources they need, and nothing else."""

import dagster as dg

from assets import (
    changes,
    checks,
    family_sightings,
    feeds,
    match_rates,
    people,
    programme,
    publication,
    record_details,
    reviews,
    rules,
)
from assets.resources import month_tables, settings_resource, store_resource
from assets.settings import Settings, load
from pipelines.jobs import MONTHLY, monthly_schedule
from pipelines.progress import progress_logger

_MODULES = (
    feeds,
    people,
    record_details,
    match_rates,
    family_sightings,
    rules,
    programme,
    reviews,
    changes,
    publication,
)


def build(settings: Settings) -> dg.Definitions:
    """The code location for these settings; tests and the command assemble the same graph as Dagster's pages."""
    return dg.Definitions(
        assets=[asset for module in _MODULES for asset in module.ASSETS],
        asset_checks=checks.CHECKS,
        jobs=[MONTHLY],
        schedules=[monthly_schedule(settings)],
        # One process: the store has one writer.
        executor=dg.in_process_executor,
        loggers={"console": progress_logger},
        resources={
            "settings": settings_resource(settings),
            "store": store_resource,
            "month_tables": month_tables,
        },
    )


defs = build(load())
