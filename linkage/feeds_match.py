"""The feeds' records matched: with what the feeds say of each other's people; no cluster contradicts itself."""

from typing import Any

import pandas as pd

from linkage.contradictions import contradictions
from linkage.engine import Linked, again, link
from linkage.generations import birth_bounds
from linkage.mentions import SPEC, never_pairs, relations
from linkage.model import Model
from linkage.person_rows import Tables
from linkage.spec import LinkSpec

# Parting one cluster can make another contradict itself; more rounds than this were never needed.
_MOST_PARTINGS = 4


def link_feeds(
    tables: Tables,
    mentions: pd.DataFrame,
    *,
    model: Model | None,
    spec: LinkSpec = SPEC,
    decisions: pd.DataFrame | None = None,
    **engine: Any,
) -> Linked:
    """Match the mentions of the held feed tables, part the clusters that contradict themselves, and match again.

    `mentions` as `linkage.mentions.mentions` makes them of `tables`; `engine`: `plan`, `held`, `is_held`, `threads`,
    `memory_limit` and `temp_directory` as `linkage.engine.link` takes them, which also says what it raises. The records
    are standardised, blocked and compared once.
    """
    never = never_pairs(tables)
    kin, bounds = relations(tables), birth_bounds(tables)
    linked = link(mentions, spec, model=model, never=never, decisions=decisions, relations=kin, **engine)
    for _ in range(_MOST_PARTINGS):
        found = contradictions(mentions, linked.clusters, bounds)
        if found.empty:
            break
        never = pd.concat([never, found], ignore_index=True)
        linked = again(linked, never=never, decisions=decisions)
    return linked
