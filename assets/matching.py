"""Records matched by the engine: the held feeds in, the links and clusters of the month out."""

import json

import pandas as pd

from assets.casebook import read_decisions
from assets.held import HeldTables
from assets.settings import Settings
from assets.store import Store
from linkage.engine import Linked, link
from linkage.lasting import record_keys
from linkage.mentions import SPEC, mentions, never_pairs, relations
from linkage.model import Model
from linkage.shipped import borrowed_model

# A smaller table teaches nothing worth keeping: docs/decisions/0005-a-small-council-borrows-a-model.md.
FEW_RECORDS = 2_000
_PLACE = ["feed", "table_name", "source_id"]


def match(store: Store, settings: Settings, month: str) -> dict[str, pd.DataFrame]:
    """The tables `links`, `record_clusters` and `matching` of a month; a first model is trained and kept."""
    linked = linked_month(store, settings, month)
    if kept_model(store) is None and len(linked.clusters) >= FEW_RECORDS:
        keep_model(store, linked.model)
    places = mentions(HeldTables(store, month)).set_index("mention_id")[_PLACE]
    return {
        "links": _links(linked, places),
        "record_clusters": _clusters(linked, places),
        "matching": pd.DataFrame(
            {"model_sha256": [linked.model.sha256], "counts": [json.dumps(linked.counts, sort_keys=True)]}
        ),
    }


def linked_month(store: Store, settings: Settings, month: str) -> Linked:
    """The records of a month matched by the model in use, else by one learnt from them or, of few, the borrowed one."""
    held = HeldTables(store, month)
    people = mentions(held)
    return link(
        people,
        SPEC,
        model=kept_model(store) or (borrowed_model() if len(people) < FEW_RECORDS else None),
        never=never_pairs(held),
        relations=relations(held),
        decisions=_decisions(store),
        threads=settings.threads,
        memory_limit=settings.memory_limit,
        temp_directory=str(store.scratch),
    )


def kept_model(store: Store) -> Model | None:
    """The model in use, None before the first month; raises ModelError where its file was changed by hand."""
    file = store.model_file
    return Model.from_text(file.read_text("utf-8")) if file.is_file() else None


def keep_model(store: Store, model: Model) -> None:
    """Make this the model in use."""
    fresh = store.model_file.with_suffix(".new")
    fresh.write_text(model.to_text(), "utf-8")
    fresh.replace(store.model_file)


def _decisions(store: Store) -> pd.DataFrame:
    said = read_decisions(store)
    sides = {
        side: record_keys(said[[f"{side}_feed", f"{side}_table", f"{side}_id"]].set_axis(_PLACE, axis=1))
        for side in ("left", "right")
    }
    return pd.DataFrame({"left_id": sides["left"], "right_id": sides["right"], "decision": said["decision"]})


def _links(linked: Linked, places: pd.DataFrame) -> pd.DataFrame:
    links = linked.links
    for side in ("left", "right"):
        found = places.loc[links[f"{side}_id"]].reset_index(drop=True)
        links = links.drop(columns=f"{side}_id").join(
            found.set_axis([f"{side}_feed", f"{side}_table", f"{side}_id"], axis=1)
        )
    return links


def _clusters(linked: Linked, places: pd.DataFrame) -> pd.DataFrame:
    clusters = linked.clusters
    found = places.loc[clusters["id"]].reset_index(drop=True)
    return found.assign(cluster_id=clusters["cluster_id"], basis=clusters["basis"])
