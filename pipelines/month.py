"""One month made in this process: the Dagster job, recorded in the Dagster instance."""

import dagster as dg
from dagster import DagsterEventType

from assets.partitions import MONTHS
from assets.postcodes import read_postcodes
from assets.profiles import profile_of
from assets.settings import Settings, SettingsError
from assets.store import open_store
from pipelines.definitions import build
from pipelines.instance import open_instance
from pipelines.jobs import MONTHLY


class MonthFailedError(RuntimeError):
    """A month could not be made; what was published before stands."""


def run_month(settings: Settings, month: str) -> list[str]:
    """Make and publish one month; returns what its checks warn of. Raises MonthFailedError with the reasons.

    What can be known to be wrong before the first step is said at once: SettingsError, ProgrammeError, StoreBusyError.
    """
    _look_ahead(settings, month)
    job = build(settings).resolve_job_def(MONTHLY.name)
    with open_instance(settings) as instance:
        result = job.execute_in_process(instance=instance, partition_key=month, raise_on_error=False)
    if not result.success:
        raise MonthFailedError(_why(result, settings, month))
    return _failed_checks(result, dg.AssetCheckSeverity.WARN)


def _look_ahead(settings: Settings, month: str) -> None:
    if not MONTHS.has_partition_key(month):
        months = MONTHS.get_partition_keys()
        message = f"The month {month} is none that can be run: they go from {months[0]} to {months[-1]}."
        raise SettingsError(message)
    if not settings.landing.is_dir():
        message = f"The landing folder {settings.landing} does not exist. Name another: --landing, or in hearth.toml."
        raise SettingsError(message)
    profile_of(settings)
    read_postcodes(settings.postcode_lookup)
    with open_store(settings).writing():
        pass


def _why(result: dg.ExecuteInProcessResult, settings: Settings, month: str) -> str:
    reasons = [*_failed_checks(result, dg.AssetCheckSeverity.ERROR), *_failed_steps(result)]
    stands = open_store(settings).current()
    kept = f"{stands} stays the published month" if stands else "nothing has been published"
    told = " ".join(reasons) or "It ended before any step failed."
    return f"The run for {month} did not finish, and {kept}. {told} Mend that and run the month again."


def _failed_checks(result: dg.ExecuteInProcessResult, severity: dg.AssetCheckSeverity) -> list[str]:
    evaluations = [
        event.asset_check_evaluation_data for event in _events(result, DagsterEventType.ASSET_CHECK_EVALUATION)
    ]
    return [
        f"Check {one.check_name} of {one.asset_key.to_user_string()}: {one.description or 'did not pass'}"
        for one in evaluations
        if not one.passed and one.severity == severity
    ]


def _failed_steps(result: dg.ExecuteInProcessResult) -> list[str]:
    failures = _events(result, DagsterEventType.STEP_FAILURE)
    return [_sentence(event) for event in failures if not _is_blocked(event)]


def _is_blocked(event: dg.DagsterEvent) -> bool:
    error = event.step_failure_data.error
    return error is not None and "blocking" in error.message.lower()


def _sentence(event: dg.DagsterEvent) -> str:
    error = event.step_failure_data.error
    innermost = error.cause if error is not None and error.cause is not None else error
    told = innermost.message.strip() if innermost is not None else "no reason was given"
    return f"Step {event.step_key}: {_without_class(told)}"


def _without_class(message: str) -> str:
    name, _, rest = message.partition(": ")
    return rest if rest and name.replace(".", "").replace("_", "").isalnum() and "." in name else message


def _events(result: dg.ExecuteInProcessResult, kind: DagsterEventType) -> list[dg.DagsterEvent]:
    return [event for event in result.all_events if event.event_type == kind]
