"""Lasting ids: this month's groups take the ids of the groups that they grew from.

An id goes to the group that shares most with what it stood for. Two thresholds keep it from flapping: it stays while
that group holds a third of what is left of it, and it comes back from the past only with more than half.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.identity_events import describe_changes
from linkage.ledger import Past, known_ids, mint, record
from linkage.person_rows import TEXT

_STAYS_WITH = 1 / 3
_RETURNS_WITH = 0.5
# What a key's place under an id counts: published the month before, this month, the month after, or only once.
_EARLIER, _OWN, _LATER, _ONCE = 1.0, 0.75, 0.5, 0.25


@dataclass(frozen=True)
class Identified:
    """`ids`: `group` and its lasting `id`. `ledger` and `events`: of this kind only, to be published with the month."""

    ids: pd.DataFrame
    ledger: pd.DataFrame
    events: pd.DataFrame


def identify(
    groups: pd.DataFrame, kind: str, past: Past, *, cause: str = "data", human_keys: Collection[str] = ()
) -> Identified:
    """The lasting id of each group of keys.

    `groups`: `group`, `key`, and if wanted `is_hint` (the key helps to choose between groups, but ties nothing by
    itself, as a dwelling does). `kind` is `person`, `household` or `family`. `cause` is what the caller knows to have
    changed since the month before; changes that touch one of `human_keys` are put down to people.
    """
    past = past.of(kind)
    groups = groups.drop_duplicates(["group", "key"]).sort_values(["group", "key"], kind="stable", ignore_index=True)
    groups = groups.assign(is_hint=groups.get("is_hint", False))
    place, names = _places(groups)
    groups = groups.assign(place=place)
    chosen = _choose(*_candidates(groups, past), len(names))
    fresh = np.flatnonzero(pd.isna(chosen))
    chosen[fresh] = mint(past, kind, _smallest_keys(groups, fresh), known_ids(past))
    held = groups[["key", "is_hint"]].assign(id=pd.array(chosen[place], dtype=TEXT))
    firm = held[~held["is_hint"].to_numpy(bool)]
    events = describe_changes(firm, kind, past, cause=cause, human_keys=human_keys)
    ids = pd.DataFrame({"group": pd.array(names, dtype=TEXT), "id": pd.array(chosen, dtype=TEXT)})
    return Identified(ids, record(past, kind, held), events)


def _places(groups: pd.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]]:
    """The place of each row's group, and the groups' names by place: in an order that only their keys decide."""
    codes, names = pd.factorize(groups["group"])
    hashes = pd.util.hash_array(groups["key"].to_numpy(object), categorize=False)
    ranks = pd.factorize(groups["key"], sort=True)[0]
    smallest = pd.Series(ranks).groupby(codes).min().to_numpy()
    # A child of two homes can be the smallest key of both; the keys together then tell them apart.
    together = pd.Series(hashes).groupby(codes).sum().to_numpy()
    order = np.lexsort((together, smallest))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place[codes], np.asarray(names, dtype=object)[order]


def _smallest_keys(groups: pd.DataFrame, places: npt.NDArray[np.int64]) -> list[str]:
    # Groups come sorted by key within each group, so that the first firm key is the smallest.
    firm = groups[~groups["is_hint"].to_numpy(bool)].drop_duplicates("place").set_index("place")["key"]
    return [str(key) for key in firm.reindex(places)]


def _candidates(groups: pd.DataFrame, past: Past) -> tuple[pd.DataFrame, npt.NDArray[np.object_]]:
    """Group and id pairs that may go together, the best first, ids as places in the texts that come with them."""
    said = _said(past)
    keys, _ = pd.factorize(pd.concat([groups["key"], said["key"]], ignore_index=True))
    ids, id_texts = pd.factorize(said["id"], sort=True)
    ours = pd.DataFrame(
        {"key": keys[: len(groups)], "place": groups["place"], "firm": ~groups["is_hint"].to_numpy(bool)}
    )
    theirs = said.assign(key=keys[len(groups) :], id=ids, first=pd.factorize(said["first_month"], sort=True)[0])
    shared = ours.merge(theirs[["key", "id", "first", "strength", "lives"]], on="key")
    shared["strength"] = np.where(shared["firm"], shared["strength"], shared["strength"] / 2)
    shared["firm"] = shared["firm"].astype(int)
    pairs = shared.groupby(["place", "id"], sort=True).agg(
        firm=("firm", "sum"), strength=("strength", "sum"), lives=("lives", "max"), first=("first", "min")
    )
    pairs = pairs.reset_index()
    left = pairs.groupby("id")["firm"].transform("sum")
    enough = np.where(pairs["lives"], pairs["firm"] >= _STAYS_WITH * left, pairs["firm"] > _RETURNS_WITH * left)
    pairs = pairs[enough & (pairs["firm"] > 0).to_numpy()]
    order = ["strength", "first", "id", "place"]
    pairs = pairs.sort_values(order, ascending=[False, True, True, True], kind="stable", ignore_index=True)
    return pairs[["place", "id"]], np.asarray(id_texts, dtype=object)


def _said(past: Past) -> pd.DataFrame:
    """Each key under each id that it stood under: `strength` of the tie, whether the id `lives`, since when."""
    parts = []
    for ledger, strength in ((past.earlier, _EARLIER), (past.own, _OWN), (past.later, _LATER)):
        current = ledger["current"].fillna(value=False).to_numpy(bool)
        part = ledger[["key", "id", "first_month"]].assign(strength=np.where(current, strength, _ONCE), lives=current)
        parts.append(part)
    said = pd.concat(parts, ignore_index=True).sort_values("strength", ascending=False, kind="stable")
    return said.drop_duplicates(["key", "id"])


def _choose(pairs: pd.DataFrame, texts: npt.NDArray[np.object_], size: int) -> npt.NDArray[np.object_]:
    """The id of each group, None where it finds none: in each round every pair that is best for both sides."""
    chosen = np.full(size, None, dtype=object)
    while len(pairs):
        settled = pairs[~pairs["place"].duplicated() & ~pairs["id"].duplicated()]
        chosen[settled["place"].to_numpy()] = texts[settled["id"].to_numpy()]
        pairs = pairs[~(pairs["place"].isin(settled["place"]) | pairs["id"].isin(settled["id"]))]
    return chosen
