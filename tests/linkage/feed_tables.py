"""Feed tables from a few rows, for tests of what is read from them."""

import pandas as pd

from schemas.frames import empty
from schemas.registry import FEED_TABLES


def tables(**said):
    """Feed tables with these rows; a name is the feed and the table with an underscore between."""
    held = {"received_for": "2026-10", "extract_on": pd.Timestamp("2026-10-31"), "file_sha256": "0" * 64, "line": 2}
    made = {key: empty(model) for key, model in FEED_TABLES.items()}
    for key, frame in made.items():
        told = said.get("_".join(key), [])
        made[key] = pd.DataFrame([{**held, **row} for row in told], columns=list(frame.columns)).astype(frame.dtypes)
    return made
