"""Records matched by the engine: the held feeds in, the links and clusters of the month out."""

import json
from dataclasses import replace
from math import inf

import pandas as pd

from assets.casebook import read_decisions
from assets.held import HeldTables
from assets.models import keep, model_for
from assets.settings import Settings
from assets.store import Store
from linkage.contradictions import contradictions
from linkage.engine import Linked, link
from linkage.errors import DriftError
from linkage.lasting import record_keys
from linkage.mentions import SPEC, mentions, never_pairs, relations
from linkage.model import Model
from linkage.shipped import borrowed_model
from linkage.spec import LinkSpec

# A smaller table teaches nothing worth keeping: docs/decisions/0005-a-small-council-borrows-a-model.md.
FEW_RECORDS = 2_000
# Parting one cluster can make another contradict itself; more rounds than this were never needed.
_MOST_PARTINGS = 4
_PLACE = ["feed", "table_name", "source_id"]


def match(store: Store, settings: Settings, month: str) -> dict[str, pd.DataFrame]:
    """The tables `links`, `record_clusters` and `matching` of a month; a first model is trained and kept."""
    linked = linked_month(store, settings, month)
    if len(linked.clusters) >= FEW_RECORDS:
        keep(store, linked.model)
    places = mentions(HeldTables(store, month)).set_index("mention_id")[_PLACE]
    return {
        "links": _links(linked, places),
        "record_clusters": _clusters(linked, places),
        "matching": pd.DataFrame(
            {"model_sha256": [linked.model.sha256], "counts": [json.dumps(linked.counts, sort_keys=True)]}
        ),
    }


def linked_month(store: Store, settings: Settings, month: str) -> Linked:
    """The records of a month matched by the model that the month is made by.

    Where there is none yet, or the data have drifted from it (a feed has joined, say), one is learnt from the month's
    own records; of few records, the borrowed one serves.
    """
    people = mentions(HeldTables(store, month))
    if len(people) < FEW_RECORDS:
        # So few pairs say nothing of drift.
        borrowed = replace(SPEC, settings=replace(SPEC.settings, drift_limit=inf))
        return _link(
            store, settings, month, people=people, model=model_for(store, month) or borrowed_model(), spec=borrowed
        )
    try:
        return _link(store, settings, month, people=people, model=model_for(store, month))
    except DriftError:
        return _link(store, settings, month, people=people, model=None)


def _link(
    store: Store, settings: Settings, month: str, *, people: pd.DataFrame, model: Model | None, spec: LinkSpec = SPEC
) -> Linked:
    """Match, part the clusters that contradict themselves, and match again."""
    held = HeldTables(store, month)
    never, kin, decided = never_pairs(held), relations(held), _decisions(store)

    def matched(model: Model | None, apart: pd.DataFrame) -> Linked:
        return link(
            people,
            spec,
            model=model,
            never=apart,
            relations=kin,
            decisions=decided,
            threads=settings.threads,
            memory_limit=settings.memory_limit,
            temp_directory=str(store.scratch),
        )

    linked = matched(model, never)
    for _ in range(_MOST_PARTINGS):
        found = contradictions(people, linked.clusters)
        if found.empty:
            break
        never = pd.concat([never, found], ignore_index=True).drop_duplicates()
        linked = matched(linked.model, never)
    return linked


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
