"""Lasting ids: this month's groups take the ids of the groups that they grew from.

An id goes to the group that shares most with what it stood for. Two thresholds keep it from flapping: it stays while
that group holds a third of what is left of it, and it comes back from the past only with more than half.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from linkage.by_people import NOBODYS, Why
from linkage.identity_events import describe_changes
from linkage.ledger import Past, mint
from linkage.ledger_lines import Lines, number, record
from linkage.ranks import Codes, ranked
from linkage.runs import Runs

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


def identify(groups: pd.DataFrame, kind: str, past: Past, *, why: Why = NOBODYS) -> Identified:
    """The lasting id of each group of keys.

    `groups`: `group`, `key`, and if wanted `is_hint` (the key helps to choose between groups, but ties nothing by
    itself, as a dwelling does). `kind` is `person`, `household` or `family`. `why`: whose doing changes may be.
    """
    keys, lines = number(past, kind, groups["key"])
    groups, names = _placed(groups, keys, lines.keys)
    chosen = _choose(_candidates(groups, _said(lines)), len(names))
    fresh = np.flatnonzero(chosen < 0)
    minted = mint(past, kind, _smallest_keys(groups, fresh, lines.keys), lines.ids)
    known, new, lines = lines.with_ids(minted)
    chosen = np.append(known, -1)[chosen]
    chosen[fresh] = new
    held = groups[["key", "is_hint"]].assign(id=chosen[groups["place"]])
    with ThreadPoolExecutor(1) as beside:
        ledger = beside.submit(record, lines, kind, held)
        firm = held[~held["is_hint"].to_numpy()]
        events = describe_changes(firm, kind, lines, why)
    ids = pd.DataFrame({"group": names.array, "id": lines.ids.array.take(chosen)})
    return Identified(ids, ledger.result(), events)


def _placed(groups: pd.DataFrame, keys: Codes, texts: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """`place` (of the group), `key` and `is_hint`, each once and by key within each group; the groups' names by place.

    The places are in an order that only the groups' keys decide.
    """
    (group,), names = ranked(groups["group"])
    once = Runs.of(group, keys)
    is_hint = groups.get("is_hint", pd.Series(data=False, index=groups.index)).to_numpy(bool)
    group, key, is_hint = once.first(group), once.first(keys), once.first(is_hint)
    order = _by_smallest_key(group, key, texts)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return pd.DataFrame({"place": place[group], "key": key, "is_hint": is_hint}), names.iloc[order]


def _by_smallest_key(group: Codes, key: Codes, texts: pd.Series) -> Codes:
    """The groups in the order of their smallest keys; `group` and `key` are sorted by both."""
    smallest = Runs.of(group).first(key)
    # A child of two homes can be the smallest key of both; the keys together then tell them apart.
    together = np.zeros(len(smallest), np.uint64)
    shared = np.flatnonzero(pd.Series(smallest).duplicated(keep=False).to_numpy()[group])
    hashes = pd.util.hash_array(texts.array.take(key[shared]).to_numpy(object), categorize=False)
    np.add.at(together, group[shared], hashes)
    return np.lexsort((together, smallest))


def _smallest_keys(groups: pd.DataFrame, places: Codes, texts: pd.Series) -> list[str]:
    # Rows are sorted by key within each group, so that the first firm key is the smallest.
    firm = groups[~groups["is_hint"].to_numpy(bool)].drop_duplicates("place").set_index("place")["key"]
    return [str(key) for key in texts.array.take(firm.reindex(places).to_numpy(np.int64))]


def _candidates(groups: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """Pairs of `place` (of a group) and `id` that may go together, the best first."""
    ours = groups.assign(firm=~groups["is_hint"].to_numpy(bool))
    shared = ours.merge(said, on="key")
    firm, place, id_ = (shared[name].to_numpy() for name in ("firm", "place", "id"))
    strength = np.where(firm, shared["strength"], shared["strength"] / 2)
    runs = Runs.of(place, id_)
    pairs = pd.DataFrame({"place": runs.first(place), "id": runs.first(id_), "firm": runs.total(firm.astype(np.int64))})
    # Strengths are eighths, so that their sums are exact in whatever order.
    pairs = pairs.assign(strength=runs.total(strength), first=runs.least(shared["first"].to_numpy()))
    left = pairs.groupby("id")["firm"].transform("sum")
    lives = runs.most(shared["lives"].to_numpy())
    enough = np.where(lives, pairs["firm"] >= _STAYS_WITH * left, pairs["firm"] > _RETURNS_WITH * left)
    pairs = pairs[enough & (pairs["firm"] > 0).to_numpy()]
    order = np.lexsort((pairs["place"], pairs["id"], pairs["first"], -pairs["strength"]))
    return pairs[["place", "id"]].iloc[order]


def _said(lines: Lines) -> pd.DataFrame:
    """Each key under each id that it stood under: `strength` of the tie, whether the id `lives`, `first` month."""
    parts = []
    for ledger, strength in ((lines.earlier, _EARLIER), (lines.own, _OWN), (lines.later, _LATER)):
        current = ledger["current"].to_numpy()
        parts.append(ledger[["key", "id", "first"]].assign(strength=np.where(current, strength, _ONCE), lives=current))
    said = pd.concat(parts, ignore_index=True)
    # Runs keep the order of their rows, so that the first of each is the strongest.
    said = said.iloc[np.argsort(-said["strength"].to_numpy(), kind="stable")]
    return said.iloc[Runs.of(said["key"].to_numpy(), said["id"].to_numpy()).firsts]


def _choose(pairs: pd.DataFrame, size: int) -> Codes:
    """The id of each group, -1 where it finds none: in each round every pair that is best for both sides."""
    chosen = np.full(size, -1, np.int64)
    while len(pairs):
        settled = pairs[~pairs["place"].duplicated() & ~pairs["id"].duplicated()]
        chosen[settled["place"].to_numpy()] = settled["id"].to_numpy()
        pairs = pairs[~(pairs["place"].isin(settled["place"]) | pairs["id"].isin(settled["id"]))]
    return chosen
