"""What other publications say of ids: the past that a month's ids are taken from."""

import pandas as pd

from assets.settings import Settings
from assets.snapshots import read_published
from assets.store import Store
from linkage.ledger import Past


def past_of(store: Store, settings: Settings, month: str) -> Past:
    """The ledgers of the nearest month before, of this month if it was published before, and of the nearest after."""
    months = (store.month_before(month), month, store.month_after(month))
    earlier, own, later = (read_published(store, other, "identity_ledger") for other in months)
    return Past(month, settings.id_key.get_secret_value().encode(), earlier, own, later)


def events_until(store: Store, month: str) -> pd.DataFrame:
    """The identity events of every published month before this one, oldest first."""
    earlier = [read_published(store, other, "identity_events") for other in store.months() if other < month]
    return pd.concat([read_published(store, None, "identity_events"), *earlier], ignore_index=True)


def cause_of_change(store: Store, month: str, model_sha256: str) -> str:
    """What changed beside the data since the month before: `model` where matching used another, else `data`."""
    before = read_published(store, store.month_before(month), "run")["model_sha256"]
    return "model" if len(before) and before.iloc[0] != model_sha256 else "data"
