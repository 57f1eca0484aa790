"""Which pairs deserve comparing: records that share a key of one of some twenty rules (a recordlinkage index).

The rules follow from the columns the table has. A block beyond the cap is not dropped but asked for a further key.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
from recordlinkage.base import BaseIndexAlgorithm

from linkage.blocking_keys import Keys
from linkage.blocking_rules import RULES, Rule
from linkage.pairs import Pairs, as_index, pack, unpack
from linkage.records import People

Codes = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


class Blocks(BaseIndexAlgorithm):  # type: ignore[misc]
    """Candidate pairs by all rules, sorted, each once. `counts` says how many pairs each rule found."""

    def __init__(self, people: People, *, cap: int, pairs_per_record: float) -> None:
        super().__init__(verify_integrity=False)
        self._people = people
        self._cap = cap
        self._wide_limit = max(int(pairs_per_record * len(people) / 12), 50_000)
        self._keys = Keys(people)
        self._cache: dict[str, tuple[npt.NDArray[np.int32], Hashes] | None] = {}
        self.counts: dict[str, int] = {}

    def packed(self) -> Pairs:
        """Every pair once, as left * 2**32 + right with left < right."""
        found = []
        for rule in self._rules():
            pairs = np.concatenate([np.empty(0, np.int64), *self._of_rule(rule)])
            self.counts[rule.name] = len(pairs)
            found.append(pairs)
        together = np.concatenate([np.empty(0, np.int64), *found])
        del found
        together.sort()
        fresh = np.empty(len(together), bool)
        fresh[:1] = True
        np.not_equal(together[1:], together[:-1], out=fresh[1:])
        return together[fresh]

    def _dedup_index(self, df_a: pd.DataFrame) -> pd.MultiIndex:
        return as_index(self.packed(), df_a.index)

    def _rules(self) -> list[Rule]:
        identifiers = [Rule((column,)) for column in self._people.named("identifier")]
        identifiers += [
            Rule((f"shuffled_{n}",)) for n, c in enumerate(identifiers) if c.keys[0] not in self._people.exact
        ]
        categories = self._people.named("category")
        rules = [*identifiers, *RULES]
        return [
            rule
            for rule in rules
            if all(self._holders(key) is not None for key in rule.keys) and (categories or "category" not in rule.keys)
        ]

    def _holders(self, key: str) -> tuple[npt.NDArray[np.int32], Hashes] | None:
        if key not in self._cache:
            self._cache[key] = self._keys.holders(key)
        return self._cache[key]

    def _of_rule(self, rule: Rule) -> Iterator[Pairs]:
        rows, hashes = self._holders(rule.keys[0])  # type: ignore[misc]
        for key in rule.keys[1:]:
            rows, hashes = self._narrowed(rows, hashes, key)
        if rule.wide:
            yield from self._wide(rows, hashes)
            return
        for further in (*rule.further, None):
            pairs, rows, hashes = pairs_within(rows, hashes, self._cap, self._limit(rule))
            yield self._allowed(pairs)
            if further is None or len(rows) == 0 or self._holders(further) is None:
                return
            rows, hashes = self._narrowed(rows, hashes, further)

    def _wide(self, rows: npt.NDArray[np.int32], hashes: Hashes) -> Iterator[Pairs]:
        _, sizes = np.unique(hashes, return_counts=True)
        sizes = sizes[sizes <= self._cap].astype(np.int64)
        if int((sizes * (sizes - 1) // 2).sum()) <= self._wide_limit:
            yield self._allowed(pairs_within(rows, hashes, self._cap, self._wide_limit)[0])

    def _limit(self, rule: Rule) -> int:
        return self._wide_limit * (
            4 if rule.keys[0] in {"uprn", "dwelling"} or rule.keys[0].startswith("identifier") else 1
        )

    def _narrowed(self, rows: npt.NDArray[np.int32], hashes: Hashes, key: str) -> tuple[npt.NDArray[np.int32], Hashes]:
        """Rows that have the further key as well; a record with several values of it stands under each."""
        holders, values = self._holders(key)  # type: ignore[misc]
        start = np.concatenate([[0], np.cumsum(np.bincount(holders, minlength=len(self._people)))])
        count = start[rows + 1] - start[rows]
        repeated = np.repeat(np.arange(len(rows)), count)
        within = np.arange(len(repeated)) - np.repeat(np.cumsum(count) - count, count)
        value = values[start[rows[repeated]] + within]
        return rows[repeated], _mixed(hashes[repeated], value)

    def _allowed(self, pairs: Pairs) -> Pairs:
        once, sources = self._people.once_per_person, self._people.sources
        if not once.any():
            return pairs
        left, right = unpack(pairs)
        twice = once[left] & (sources[left] == sources[right])
        return np.compress(~twice, pairs)


def pairs_within(
    rows: npt.NDArray[np.int32], hashes: Hashes, cap: int, limit: int
) -> tuple[Pairs, npt.NDArray[np.int32], Hashes]:
    """All pairs within blocks of at most `cap` rows, the smallest blocks first and at most `limit` pairs.

    Returned with the rows of the other blocks, which need a further key.
    """
    order = np.argsort(hashes)
    rows, hashes = rows[order], hashes[order]
    edges = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]])) if len(rows) else np.empty(0, np.int64)
    sizes = np.diff(np.append(edges, len(rows)))
    cap = _affordable(sizes, cap, limit)
    found = [np.empty(0, np.int64)]
    for size in np.unique(sizes[(sizes > 1) & (sizes <= cap)]):
        members = rows[edges[sizes == size][:, None] + np.arange(size)]
        left, right = np.triu_indices(size, 1)
        found.append(pack(members[:, left].ravel(), members[:, right].ravel()))
    large = np.repeat(sizes > cap, sizes)
    pairs = np.concatenate(found)
    return pairs[(pairs >> 32) != (pairs & 0xFFFFFFFF)], rows[large], hashes[large]


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
