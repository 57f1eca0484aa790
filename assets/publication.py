"""The month closed: the run's own record, then the snapshot swapped in."""

import json
from importlib.metadata import version

import dagster as dg
import pandas as pd

from assets.casebook import HEAD_OF_TRAIL, head_of_trail
from assets.partitions import MONTHS
from assets.profiles import profile_of
from assets.settings import Settings
from assets.snapshots import MODELS
from assets.store import Store
from assets.withholding import withholding
from schemas.registry import PUBLISHED_TABLES

_RETRY = dg.RetryPolicy(max_retries=2, delay=5)


@dg.asset(
    name="run",
    partitions_def=MONTHS,
    group_name="publication",
    io_manager_key="month_tables",
    deps=[name for name in MODELS if name not in {"run", "matching", "changes"}],
    description="The run itself: what software, programme, model and settings made the month; one row.",
)
@withholding
def run_record(
    context: dg.AssetExecutionContext,
    matching: pd.DataFrame,
    settings: dg.ResourceParam[Settings],
    store: dg.ResourceParam[Store],
) -> pd.DataFrame:
    """One row of the run."""
    profile = profile_of(settings)
    record = context.instance.get_run_record_by_id(context.run.run_id)
    finished = pd.Timestamp.now(tz="UTC").tz_localize(None)
    started = pd.Timestamp(record.start_time, unit="s") if record and record.start_time else finished
    return pd.DataFrame(
        {
            "month": [context.partition_key],
            "run_id": [context.run.run_id],
            "started_at": [started],
            "finished_at": [finished],
            "software_version": [version("hearth")],
            "programme": [profile.name],
            "programme_sha256": [profile.sha256],
            "model_sha256": [str(matching["model_sha256"].iloc[0])],
            "settings": [_settings(settings, store)],
        }
    )


def _settings(settings: Settings, store: Store) -> str:
    """The settings, and the head of the trail of decisions that shaped the month."""
    head = head_of_trail(store)
    told = json.loads(settings.published()) | ({HEAD_OF_TRAIL: head} if head else {})
    return json.dumps(told, sort_keys=True)


@dg.asset(
    partitions_def=MONTHS,
    group_name="publication",
    deps=list(MODELS),
    retry_policy=_RETRY,
    description="The finished month as one read-only snapshot, swapped in in one step.",
)
@withholding
def publication(context: dg.AssetExecutionContext, store: dg.ResourceParam[Store]) -> dg.MaterializeResult[None]:
    """Publish the month."""
    store.publish(context.partition_key)
    return dg.MaterializeResult(metadata={"month": context.partition_key, "tables": len(PUBLISHED_TABLES)})


ASSETS = [run_record, publication]
