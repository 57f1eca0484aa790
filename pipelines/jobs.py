"""The monthly job, and the schedule that starts it."""

import dagster as dg

from assets.partitions import month_before
from assets.settings import Settings

MONTHLY = dg.define_asset_job(
    "monthly",
    selection=dg.AssetSelection.all(),
    # Named here because a run that names no logger gets Dagster's own, which tells people nothing.
    config={"loggers": {"console": {"config": {}}}},
    description="Everything of one month: deliveries read, people matched, needs judged, the month published.",
)


def monthly_schedule(settings: Settings) -> dg.ScheduleDefinition:
    """Runs the month before on the settings' day of each month."""

    def last_month(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        month = month_before(context.scheduled_execution_time.date())
        return dg.RunRequest(run_key=month, partition_key=month)

    return dg.ScheduleDefinition(
        name="monthly_schedule",
        job=MONTHLY,
        cron_schedule=f"0 {settings.schedule_hour} {settings.schedule_day} * *",
        execution_timezone="UTC",
        execution_fn=last_month,
        description="Runs the month before on the day of the month that the settings name.",
    )
