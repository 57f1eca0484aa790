"""What a person sees while a month is made: a line for each table, with its rows; counts only."""

import logging
import time

import dagster as dg
from dagster import DagsterEvent
from rich.console import Console


class _Progress(logging.Handler):
    """Turns Dagster's events into lines; an event without one is passed over."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._started = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_meta", {}).get("dagster_event")
        if isinstance(event, DagsterEvent) and (line := _line(event)):
            self._console.print(f"  {time.monotonic() - self._started:6.1f} s  {line}", highlight=False)


def _line(event: DagsterEvent) -> str | None:
    if event.event_type_value == "ASSET_MATERIALIZATION":
        materialization = event.step_materialization_data.materialization
        rows = materialization.metadata.get("dagster/row_count")
        name = materialization.asset_key.to_user_string() if materialization.asset_key else event.step_key
        return f"{name}: {rows.value:,} rows" if rows is not None else f"{name}"
    if event.event_type_value == "ASSET_CHECK_EVALUATION":
        evaluation = event.asset_check_evaluation_data
        if not evaluation.passed:
            return f"[yellow]check {evaluation.check_name} of {evaluation.asset_key.to_user_string()} did not pass[/]"
    return None


def _logger(_context: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("hearth", level=logging.DEBUG)
    logger.addHandler(_Progress(Console(stderr=True)))
    return logger


progress_logger = dg.LoggerDefinition(_logger, description="One line for each table made; counts only")
