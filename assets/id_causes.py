"""Why ids changed in a month that another model, or other software, made than the one before."""

from collections.abc import Callable
from importlib.metadata import version

import pandas as pd

from assets.partitions import as_of
from assets.snapshots import read, read_published
from assets.store import Store
from programme.differences import Snapshot
from programme.id_causes import retraced
from programme.tracing import PLACE, Runs


def caused(store: Store, month: str, events: pd.DataFrame, *, model_sha256: str) -> pd.DataFrame:
    """The month's identity events, each with its cause; what was made alike differs by its data or by people alone."""
    before = store.month_before(month)
    made = read_published(store, before, "run").astype(object).to_dict("records")
    if before is None or not made:
        return events
    was = {str(name): value for name, value in made[0].items()}
    runs = Runs(was, {"model_sha256": model_sha256, "software_version": version("hearth")})
    if not runs.differ_in("model_sha256") and not runs.differ_in("software_version"):
        return events
    earlier = _side(before, lambda name: read_published(store, before, name))
    making = _side(month, lambda name: read(store, store.work_file(month), name))
    return retraced(events, earlier, making, runs)


def _side(month: str, table: Callable[[str], pd.DataFrame]) -> Snapshot:
    members = table("household_members")
    prints = table("record_details")[[*PLACE, "fingerprint"]]
    tables = {
        "person_records": table("person_records").merge(prints, on=PLACE, how="left"),
        "persons": table("persons"),
        "household_members": members[members["to_on"].isna()],
        "family_members": table("family_members"),
    }
    return Snapshot(month, as_of(month), tables)
