"""A store with a published month made of given rows, for commands that only read."""

import pandas as pd
import pytest

from assets.snapshots import MODELS, write
from schemas.frames import conform, empty


@pytest.fixture(scope="session")
def publish():
    """Publishes a month of a store: each table is given as rows, and is else empty."""

    def published(store, month, **tables):
        for name, model in MODELS.items():
            rows = pd.DataFrame(tables.get(name, []), columns=empty(model).columns)
            write(store, store.work_file(month), name, conform(rows, model))
        store.publish(month)

    return published
