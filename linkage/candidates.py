"""Which pairs deserve comparing: records that share a key of one of some twenty rules (a recordlinkage index).

The rules follow from the columns the table has. A block beyond the cap is not dropped but asked for a further key.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pandas as pd
from recordlinkage.base import BaseIndexAlgorithm

from linkage.blocking_keys import Hashes, Holders, Keys, Rows
from linkage.blocking_rules import RULES, Rule
from linkage.pairs import Pairs, as_index, distinct, pack, unpack
from linkage.records import People

_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_FEW = 300_000  # pairs that any rule but a wide one may find, for where a person has ten records most pairs are true


class Blocks(BaseIndexAlgorithm):  # type: ignore[misc]
    """Candidate pairs by all rules, sorted, each once. `counts` says how many pairs each rule found."""

    def __init__(self, people: People, *, cap: int, pairs_per_record: float, threads: int = 1) -> None:
        super().__init__(verify_integrity=False)
        self._people = people
        self._cap = cap
        self._wide_limit = max(int(pairs_per_record * len(people) / 12), 50_000)
        self._threads = threads
        self._holders: dict[str, Holders | None] = {}
        self.counts: dict[str, int] = {}

    def packed(self) -> Pairs:
        """Every pair once, as left * 2**32 + right with left < right."""
        rules = self._rules()
        with ThreadPoolExecutor(self._threads) as pool:
            keys = Keys(self._people)
            wanted = sorted({key for rule in rules for key in (*rule.keys, *rule.further)})
            self._holders = dict(zip(wanted, pool.map(keys.holders, wanted), strict=True))
            rules = [rule for rule in rules if all(self._holders[key] is not None for key in rule.keys)]
            found = list(pool.map(self._of_rule, rules))
        self._holders = {}
        self.counts = {rule.name: len(pairs) for rule, pairs in zip(rules, found, strict=True)}
        return distinct(*found)

    def _dedup_index(self, df_a: pd.DataFrame) -> pd.MultiIndex:
        return as_index(self.packed(), df_a.index)

    def _rules(self) -> list[Rule]:
        identifiers = [Rule((column,)) for column in self._people.named("identifier")]
        identifiers += [
            Rule((f"shuffled_{n}",)) for n, c in enumerate(identifiers) if c.keys[0] not in self._people.exact
        ]
        categories = self._people.named("category")
        return [rule for rule in [*identifiers, *RULES] if categories or "category" not in rule.keys]

    def _of_rule(self, rule: Rule) -> Pairs:
        # The key with the fewest values first, for what it leaves is all that the others are looked up for.
        first, *others = sorted(rule.keys, key=lambda key: self._holding(key).values)
        rows, hashes = self._holding(first).everyone()
        for key in others:
            rows, hashes = self._narrowed(rows, hashes, key)
        if rule.wide:
            return self._wide(rows, hashes)
        found = []
        for further in (*rule.further, None):
            pairs, rows, hashes = pairs_within(rows, hashes, self._cap, self._limit(rule))
            found.append(self._allowed(pairs))
            if further is None or len(rows) == 0 or self._holders[further] is None:
                break
            rows, hashes = self._narrowed(rows, hashes, further)
        return np.concatenate(found)

    def _wide(self, rows: Rows, hashes: Hashes) -> Pairs:
        ordered = np.sort(hashes)
        sizes = np.diff(np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1], [True]])))
        sizes = sizes[sizes <= self._cap]
        if int((sizes * (sizes - 1) // 2).sum()) > self._wide_limit:
            return np.empty(0, np.int64)
        return self._allowed(pairs_within(rows, hashes, self._cap, self._wide_limit)[0])

    def _limit(self, rule: Rule) -> int:
        surest = rule.keys[0] in {"uprn", "dwelling"} or rule.keys[0].startswith("identifier")
        return max(self._wide_limit * (4 if surest else 1), _FEW)

    def _holding(self, key: str) -> Holders:
        holders = self._holders[key]
        if holders is None:
            raise KeyError(key)
        return holders

    def _narrowed(self, rows: Rows, hashes: Hashes, key: str) -> tuple[Rows, Hashes]:
        """Rows that have the further key as well; a record with several values of it stands under each."""
        places, values = self._holding(key).among(rows)
        return rows.take(places), _mixed(hashes.take(places), values)

    def _allowed(self, pairs: Pairs) -> Pairs:
        once, sources = self._people.once_per_person, self._people.sources
        if not once.any():
            return pairs
        left, right = unpack(pairs)
        twice = once[left] & (sources[left] == sources[right])
        return np.compress(~twice, pairs)


def pairs_within(rows: Rows, hashes: Hashes, cap: int, limit: int) -> tuple[Pairs, Rows, Hashes]:
    """All pairs within blocks of at most `cap` rows, the smallest blocks first and at most `limit` pairs.

    Returned with the rows of the other blocks, which need a further key.
    """
    order = np.argsort(hashes)
    rows, hashes = rows.take(order), hashes.take(order)
    edges = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]])) if len(rows) else np.empty(0, np.int64)
    sizes = np.diff(np.append(edges, len(rows)))
    cap = _affordable(sizes, cap, limit)
    pairs = _of_blocks(rows, edges, sizes, cap)
    large = np.repeat(sizes > cap, sizes)
    return pairs[(pairs >> 32) != (pairs & 0xFFFFFFFF)], rows[large], hashes[large]


def _of_blocks(rows: Rows, edges: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64], cap: int) -> Pairs:
    """All pairs within the blocks of at most `cap` rows, which begin at `edges`."""
    small = np.flatnonzero((sizes > 1) & (sizes <= cap))
    by_size = small[np.argsort(sizes[small].astype(np.uint16), kind="stable")]
    starts = edges[by_size]
    ends = np.cumsum(np.bincount(sizes[small], minlength=2))
    found = [np.empty(0, np.int64)]
    for size in range(2, len(ends)):
        members = rows.take(starts[ends[size - 1] : ends[size], None] + np.arange(size))
        left, right = np.triu_indices(size, 1)
        found.append(pack(members[:, left].ravel(), members[:, right].ravel()))
    return np.concatenate(found)


def _affordable(sizes: npt.NDArray[np.int64], cap: int, limit: int) -> int:
    """The largest block size up to the cap with which all blocks so large or smaller hold at most `limit` pairs."""
    blocks = np.bincount(sizes[sizes <= cap], minlength=cap + 1)
    size = np.arange(cap + 1)
    pairs = np.cumsum(blocks * size * (size - 1) // 2)
    return int(np.searchsorted(pairs, limit, side="right")) - 1


def _mixed(hashes: Hashes, values: Hashes) -> Hashes:
    mixed = (hashes + np.uint64(1)) * _MIX
    mixed ^= mixed >> _SHIFT
    return (mixed ^ (values + np.uint64(1))) * _MIX
