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
from linkage.ranks import Codes, ranked

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
    said = _said(past)
    groups, theirs, texts = _numbered(groups, said["key"])
    place, names = _places(groups, texts)
    groups = groups.assign(place=place)
    chosen = _choose(*_candidates(groups, said.assign(key=theirs)), len(names))
    fresh = np.flatnonzero(pd.isna(chosen))
    chosen[fresh] = mint(past, kind, _smallest_keys(groups, fresh, texts), known_ids(past))
    held = pd.DataFrame({"key": texts.array.take(groups["key"]), "id": pd.array(chosen, dtype=TEXT).take(place)})
    firm = held[~groups["is_hint"].to_numpy(bool)]
    events = describe_changes(firm, kind, past, cause=cause, human_keys=human_keys)
    ids = pd.DataFrame({"group": pd.array(names, dtype=TEXT), "id": pd.array(chosen, dtype=TEXT)})
    return Identified(ids, record(past, kind, held), events)


def _numbered(groups: pd.DataFrame, said: pd.Series) -> tuple[pd.DataFrame, Codes, pd.Series]:
    """The groups with their names and keys as ranks, each once and in order; the ranks of the keys `said` too.

    `name` is the group's. The texts of the keys' ranks come last.
    """
    (key, theirs), texts = ranked(groups["key"], said)
    (group,), _ = ranked(groups["group"])
    order = np.lexsort((key, group))
    again = np.zeros(len(order), bool)
    again[1:] = (np.diff(group[order]) == 0) & (np.diff(key[order]) == 0)
    order = order[~again]
    is_hint = groups.get("is_hint", pd.Series(data=False, index=groups.index)).to_numpy(bool)
    name = groups["group"].array.take(order)
    numbered = pd.DataFrame({"group": group[order], "name": name, "key": key[order], "is_hint": is_hint[order]})
    return numbered, theirs, texts


def _places(groups: pd.DataFrame, texts: pd.Series) -> tuple[Codes, npt.NDArray[np.object_]]:
    """The place of each row's group, and the groups' names by place: in an order that only their keys decide."""
    code, starts = np.unique(groups["group"].to_numpy(), return_index=True)
    codes = np.searchsorted(code, groups["group"].to_numpy())
    hashes = pd.util.hash_array(texts.to_numpy(object), categorize=False)[groups["key"]]
    smallest = groups["key"].to_numpy()[starts]
    # A child of two homes can be the smallest key of both; the keys together then tell them apart.
    together = pd.Series(hashes).groupby(codes).sum().to_numpy()
    order = np.lexsort((together, smallest))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place[codes], groups["name"].array.take(starts[order]).to_numpy(object)


def _smallest_keys(groups: pd.DataFrame, places: Codes, texts: pd.Series) -> list[str]:
    # Groups come sorted by key within each group, so that the first firm key is the smallest.
    firm = groups[~groups["is_hint"].to_numpy(bool)].drop_duplicates("place").set_index("place")["key"]
    return [str(key) for key in texts.array.take(firm.reindex(places).to_numpy(np.int64))]


def _candidates(groups: pd.DataFrame, said: pd.DataFrame) -> tuple[pd.DataFrame, npt.NDArray[np.object_]]:
    """Group and id pairs that may go together, the best first, ids as places in the texts that come with them."""
    (ids,), id_texts = ranked(said["id"])
    (first,), _ = ranked(said["first_month"])
    ours = pd.DataFrame({"key": groups["key"], "place": groups["place"], "firm": ~groups["is_hint"].to_numpy(bool)})
    theirs = said.assign(id=ids, first=first)
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
