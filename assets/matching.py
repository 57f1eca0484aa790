"""Records matched by the engine: the held feeds in, the links and clusters of the month out."""

import json
from dataclasses import replace
from functools import partial
from math import inf

import pandas as pd

from assets.casebook import read_decisions
from assets.held import HeldTables
from assets.held_matching import keep_held, keep_plan, read_held, read_plan
from assets.models import keep, model_for, plan_file
from assets.settings import Settings
from assets.store import Store
from linkage.engine import Linked
from linkage.errors import DriftError
from linkage.feeds_match import link_feeds
from linkage.lasting import record_keys
from linkage.mentions import SPEC, mentions
from linkage.shipped import borrowed_model

# A smaller table teaches nothing worth keeping: docs/decisions/0005-a-small-council-borrows-a-model.md.
FEW_RECORDS = 2_000
_PLACE = ["feed", "table_name", "source_id"]


def match(store: Store, settings: Settings, month: str) -> dict[str, pd.DataFrame]:
    """The tables `links`, `record_clusters` and `matching` of a month; a first model is trained and kept."""
    held = HeldTables(store, month)
    people = mentions(held)
    linked = _linked(store, settings, month, held=held, people=people, is_held=True)
    if linked.held is not None:
        keep(store, linked.model)
        keep_plan(plan_file(store, linked.model), linked.plan)
        keep_held(store.matching, linked.held)
    counts = {**linked.counts, "looked_at": linked.fresh}
    places = people.set_index("mention_id")[_PLACE]
    return {
        "links": _links(linked, places),
        "record_clusters": _clusters(linked, places),
        "matching": pd.DataFrame(
            {"model_sha256": [linked.model.sha256], "counts": [json.dumps(counts, sort_keys=True)]}
        ),
    }


def linked_month(store: Store, settings: Settings, month: str) -> Linked:
    """A month's match as it was made, to be asked why."""
    held = HeldTables(store, month)
    return _linked(store, settings, month, held=held, people=mentions(held))


def _linked(
    store: Store, settings: Settings, month: str, *, held: HeldTables, people: pd.DataFrame, is_held: bool = False
) -> Linked:
    """The records of a month matched by the model that the month is made by.

    Where there is none yet, or the data have drifted from it (a feed has joined, say), one is learnt from the month's
    own records; of few records, the borrowed one serves. With `is_held` what was held of another month's matching is
    begun from, and the month's can be held: docs/decisions/0009-a-month-is-matched-by-what-changed.md.
    """
    model = model_for(store, month)
    matched = partial(
        link_feeds,
        held,
        people,
        decisions=_decisions(store),
        threads=settings.threads,
        memory_limit=settings.memory_limit,
        temp_directory=str(store.scratch),
    )
    if len(people) < FEW_RECORDS:
        # So few pairs say nothing of drift.
        undrifting = replace(SPEC, settings=replace(SPEC.settings, drift_limit=inf))
        return matched(model=model or borrowed_model(), spec=undrifting)
    plan = read_plan(plan_file(store, model)) if model else None
    before = read_held(store.matching) if is_held and plan else None
    try:
        return matched(model=model, plan=plan, held=before, is_held=is_held)
    except DriftError:
        return matched(model=None, is_held=is_held)


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
