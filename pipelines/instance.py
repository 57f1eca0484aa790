"""Which Dagster instance a run is recorded in."""

import os
from pathlib import Path

import dagster as dg
from dagster._core.instance.ref import InstanceRef

from assets.settings import Settings

CONFIGURATION = "dagster.yaml"


def folder(settings: Settings) -> Path:
    """`DAGSTER_HOME`, else this folder where it holds a dagster.yaml, else one in the store."""
    if home := os.environ.get("DAGSTER_HOME"):
        return Path(home)
    here = Path.cwd()
    return here if (here / CONFIGURATION).is_file() else settings.store.absolute() / "dagster"


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The instance in that folder; a folder of our own is given the same private configuration as the checkout's."""
    home = folder(settings)
    home.mkdir(parents=True, exist_ok=True)
    if not (home / CONFIGURATION).is_file():
        (home / CONFIGURATION).write_text(_PRIVATE, "utf-8")
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home)))


_PRIVATE = """\
concurrency:
  runs:
    max_concurrent_runs: 1
compute_logs:
  module: dagster.core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
telemetry:
  enabled: false
nux:
  enabled: false
"""
