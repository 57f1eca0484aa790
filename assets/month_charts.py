"""The page of charts of a published month."""

import json

from assets.models import made_by
from assets.snapshots import read_published
from assets.store import Store
from linkage.mentions import SPEC
from linkage.month_charts import MonthMatching, month_page


def charts_page(store: Store, month: str) -> str:
    """A published month's matching as one HTML page that needs no network and holds no personal value."""
    counts = read_published(store, month, "matching")["counts"]
    made = read_published(store, month, "run")["model_sha256"]
    matching = MonthMatching(
        month=month,
        links=read_published(store, month, "links"),
        person_records=read_published(store, month, "person_records"),
        match_rates=read_published(store, month, "match_rates"),
        blocking=json.loads(counts.iloc[0]).get("blocking", {}) if len(counts) else {},
        model_sha256=str(made.iloc[0]) if len(made) else "not known",
        model=made_by(store, month),
    )
    return month_page(matching, SPEC.settings)
