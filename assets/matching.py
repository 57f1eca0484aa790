"""Records matched by the engine: the held feeds in, the links and clusters of the month out."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import inf

import pandas as pd

from assets.casebook import read_decisions
from assets.held import HeldTables
from assets.held_matching import keep_held, keep_plan, read_held, read_plan
from assets.models import keep, made_by, misfit, models_for, plan_file
from assets.settings import Settings
from assets.snapshots import read_published
from assets.store import Store
from linkage.engine import Linked
from linkage.errors import DriftError, ModelError, TrainingError
from linkage.feeds_match import link_feeds
from linkage.lasting import record_keys
from linkage.mentions import SPEC, mentions
from linkage.model import Model
from linkage.shipped import borrowed_model
from schemas.vocabulary import DecidedBy

# A smaller table teaches nothing worth keeping: docs/decisions/0005-a-small-council-borrows-a-model.md.
FEW_RECORDS = 2_000
# Under this name `matching.counts` says from which models the month's records have drifted, and in which fields.
DRIFTED = "drifted"
_PLACE = ["feed", "table_name", "source_id"]
_UNDRIFTING = replace(SPEC, settings=replace(SPEC.settings, drift_limit=inf))


def match(store: Store, settings: Settings, month: str) -> dict[str, pd.DataFrame]:
    """The tables `links`, `record_clusters` and `matching` of a month; a first model is trained and kept."""
    held = HeldTables(store, month)
    people = mentions(held)
    linked, drifted = _linked(store, settings, month, held=held, people=people)
    if linked.held is not None:
        keep(store, linked.model)
        keep_plan(plan_file(store, linked.model), linked.plan)
        keep_held(store.matching, linked.held)
    counts = {**linked.counts, "looked_at": linked.fresh, DRIFTED: drifted}
    places = people.set_index("mention_id")[_PLACE]
    return {
        "links": _links(linked, places),
        "record_clusters": _clusters(linked, places),
        "matching": pd.DataFrame(
            {"model_sha256": [linked.model.sha256], "counts": [json.dumps(counts, sort_keys=True)]}
        ),
    }


def linked_month(store: Store, settings: Settings, month: str) -> Linked:
    """A month's match by the model and the decisions that made it, to be asked why, whatever came about since.

    Raises ModelError where that model is lost, or an older version of Hearth compared other fields.
    """
    held = HeldTables(store, month)
    model = made_by(store, month)
    lost = misfit(model) if model else f"The model that made {month} is not in {store.models} any more"
    if model is None or lost:
        message = f"{lost}. Run the month again, then ask."
        raise ModelError(message)
    plan = read_plan(plan_file(store, model))
    matched = _matched(store, settings, held, mentions(held), decisions=_decided_by(store, month))
    return matched(model=model, plan=plan, spec=_UNDRIFTING)


def learnt(store: Store, settings: Settings, month: str) -> Model:
    """A model learnt anew from a month's records. Raises TrainingError where they are too few."""
    held = HeldTables(store, month)
    people = mentions(held)
    if len(people) < FEW_RECORDS:
        message = f"{month} has {len(people):,} records, and fewer than {FEW_RECORDS:,} teach no model worth keeping."
        raise TrainingError(message)
    return _matched(store, settings, held, people, decisions=decisions_now(store))(model=None).model


def _linked(
    store: Store, settings: Settings, month: str, *, held: HeldTables, people: pd.DataFrame
) -> tuple[Linked, list[str]]:
    """The records of a month matched by the model that the month is made by; and from which models they have drifted.

    Where there is none yet, or the data have drifted from all that may make it (a feed has joined, say), one is learnt
    from the month's own records; of few records, the borrowed one serves. What was held of another month's matching is
    begun from, and the month's can be held: docs/decisions/0009-a-month-is-matched-by-what-changed.md.
    """
    matched = _matched(store, settings, held, people, decisions=decisions_now(store))
    # An older version of Hearth may have made the month before, and compared other fields.
    told = [(model, misfit(model)) for model in models_for(store, month)]
    models = [model for model, said in told if said is None]
    drifted = [said for _, said in told if said is not None]
    if len(people) < FEW_RECORDS:
        # So few pairs say nothing of drift.
        return matched(model=models[0] if models else borrowed_model(), spec=_UNDRIFTING), drifted
    for model in models:
        plan = read_plan(plan_file(store, model))
        try:
            before = read_held(store.matching) if plan else None
            return matched(model=model, plan=plan, held=before, is_held=True), drifted
        except DriftError as error:
            drifted.append(error.found)
    return matched(model=None, is_held=True), drifted


def _matched(
    store: Store, settings: Settings, held: HeldTables, people: pd.DataFrame, *, decisions: pd.DataFrame
) -> Callable[..., Linked]:
    return partial(
        link_feeds,
        held,
        people,
        decisions=decisions,
        threads=settings.threads,
        memory_limit=settings.memory_limit,
        temp_directory=str(store.scratch),
    )


def decisions_now(store: Store) -> pd.DataFrame:
    """What stands decided of pairs of records: left_id, right_id (feed|table|key), decision; the newest last."""
    return _of_keys(read_decisions(store))


def _decided_by(store: Store, month: str) -> pd.DataFrame:
    """The same as the month was made by: every pair that anybody had decided is among its links."""
    links = read_published(store, month, "links")
    return _of_keys(links[links["decided_by"].eq(DecidedBy.CLERICAL.value)])


def _of_keys(pairs: pd.DataFrame) -> pd.DataFrame:
    sides = {
        side: record_keys(pairs[[f"{side}_feed", f"{side}_table", f"{side}_id"]].set_axis(_PLACE, axis=1))
        for side in ("left", "right")
    }
    return pd.DataFrame({"left_id": sides["left"], "right_id": sides["right"], "decision": pairs["decision"]})


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
