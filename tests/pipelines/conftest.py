"""A store with a published month made of given rows, for commands that only read."""

import pandas as pd
import pytest

from assets.snapshots import MODELS, write
from assets.store import Store
from schemas.frames import conform, empty


@pytest.fixture
def store(tmp_path, monkeypatch):
    """The store of the folder in which the commands are run."""
    monkeypatch.chdir(tmp_path)
    return Store(tmp_path / "store")


@pytest.fixture
def published(store):
    """Publishes a month: each table is given as rows, and is else empty."""

    def publish(month, **tables):
        for name, model in MODELS.items():
            rows = pd.DataFrame(tables.get(name, []), columns=empty(model).columns)
            write(store, store.work_file(month), name, conform(rows, model))
        store.publish(month)

    return publish
