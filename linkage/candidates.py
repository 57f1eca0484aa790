"""Which pairs deserve comparing: records that share a key of one of some twenty rules (a recordlinkage index).

The rules follow from the columns the table has. A block beyond the cap is not dropped but asked for a further key.
Where records are held whose pairs are known, only pairs with one that is not are looked for.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.blocking_keys import Holders, Keys, Rows
from linkage.blocking_rules import RULES, Rule
from linkage.blocks import Blocked, Layered, affordable, pairs_in
from linkage.cleaning import HashTexts
from linkage.hashing import mixed
from linkage.interfaces import BaseIndexAlgorithm
from linkage.pairs import Pairs, as_index, distinct, unpack
from linkage.plan import Plan
from linkage.records import People
from linkage.spec import Settings
from linkage.vocabulary import Hashes

_FEW = 300_000  # pairs that any rule but a wide one may find, for where a person has ten records most pairs are true
Index = dict[tuple[str, int], Layered]


@dataclass(frozen=True, repr=False)
class Found:
    """Candidate pairs, sorted, each once; how many each rule's blocks hold; the plan by which, and the blocks.

    `index`: rule and level of its keys to the blocks, empty where they were not to be held. The counts have the pairs
    of a source that holds each person once among them; where records are held, they say by how many these changed it.
    """

    pairs: Pairs
    counts: dict[str, int]
    plan: Plan
    index: Index


@dataclass(frozen=True, repr=False)
class Held:
    """All `people` by place, the `fresh` ones' places, which are `gone` and which were `living`; the others' blocks."""

    people: People
    fresh: Rows
    gone: npt.NDArray[np.bool_]
    living: npt.NDArray[np.bool_]
    index: Index


@dataclass(frozen=True, repr=False)
class _OfRule:
    pairs: Pairs
    count: int
    large: tuple[Hashes, ...] | None
    levels: tuple[Layered, ...]


@dataclass(frozen=True, repr=False)
class _OfLevel:
    pairs: Pairs
    count: int
    layered: Layered | None


class Blocks(BaseIndexAlgorithm):  # type: ignore[misc]
    """Candidate pairs by all rules.

    `hashed` hashes texts. `plan`: which blocks are large; without one these records say. `held`: the blocks that other
    records stand in, among whom the pairs are known; the plan goes with it. `is_kept`: whether to return the blocks.
    """

    def __init__(  # noqa: PLR0913 - records, how they are blocked, and beside which
        self,
        people: People,
        settings: Settings,
        hashed: HashTexts,
        *,
        plan: Plan | None = None,
        held: Held | None = None,
        is_kept: bool = False,
        threads: int = 1,
    ) -> None:
        super().__init__(verify_integrity=False)
        self._people = people
        self._keys = Keys(people, hashed)
        self._cap = settings.block_cap
        self._wide_limit = max(int(settings.pairs_per_record * len(people) / 12), 50_000)
        self._plan = plan
        self._held = held
        self._is_kept = is_kept
        self._threads = threads
        self._holders: dict[str, Holders | None] = {}

    def found(self) -> Found:
        """Every candidate pair once, as left * 2**32 + right with left < right.

        Raises OutgrownError where a block that the plan takes for small has become very large.
        """
        rules = rules_of(self._people)
        if self._plan is not None:
            self._plan.refuse_unknown(rule.name for rule in rules)
        with ThreadPoolExecutor(self._threads) as pool:
            wanted = sorted({key for rule in rules for key in (*rule.keys, *rule.further)})
            self._holders = dict(zip(wanted, pool.map(self._keys.holders, wanted), strict=True))
            found = dict(zip(rules, pool.map(self._of_rule, rules), strict=True))
        self._holders = {}
        plan = self._plan or Plan({r.name: each.large for r, each in found.items()}, self._cap, self._people.is_precise)
        index = {(r.name, level): blocked for r, each in found.items() for level, blocked in enumerate(each.levels)}
        counts = {rule.name: each.count for rule, each in found.items()}
        return Found(distinct(*(each.pairs for each in found.values())), counts, plan, index)

    def _dedup_index(self, df_a: pd.DataFrame) -> pd.MultiIndex:
        return as_index(self.found().pairs, df_a.index)

    def _of_rule(self, rule: Rule) -> _OfRule:
        rows, hashes = self._sharing(rule.keys)
        count, pairs, large, levels = 0, [], [], []
        for level, further in enumerate((*rule.further, None)):
            blocked = Blocked.of(rows, hashes)
            small = self._small(rule, level, blocked)
            if small is None:
                return _OfRule(np.empty(0, np.int64), 0, None, ())
            large.append(blocked.names[~small])
            blocks = self._blocks(rule, level, blocked, small)
            count += blocks.count
            pairs.append(blocks.pairs)
            levels += [] if blocks.layered is None else [blocks.layered]
            beside = blocked.only(~small)
            rows, hashes = self._narrowed(beside.rows, beside.hashes, further) if further else (rows[:0], hashes[:0])
        return _OfRule(np.concatenate(pairs), count, tuple(large), tuple(levels))

    def _sharing(self, keys: Sequence[str]) -> tuple[Rows, Hashes]:
        """The records that have all the keys, and the hash of what they have; once for each way of having them."""
        first = self._holders[keys[0]]
        if first is None:
            return np.empty(0, np.int32), np.empty(0, np.uint64)
        rows, hashes = first.everyone()
        for key in keys[1:]:
            rows, hashes = self._narrowed(rows, hashes, key)
        return rows, hashes

    def _narrowed(self, rows: Rows, hashes: Hashes, key: str) -> tuple[Rows, Hashes]:
        """Rows that have the further key as well; a record with several values of it stands under each."""
        holders = self._holders[key]
        if holders is None:
            return rows[:0], hashes[:0]
        places, values = holders.among(rows)
        return rows.take(places), mixed(hashes.take(places), values)

    def _small(self, rule: Rule, level: int, blocked: Blocked) -> npt.NDArray[np.bool_] | None:
        """Which blocks are compared as they are; None where the rule is left out."""
        if self._plan is not None:
            return None if self._plan.large[rule.name] is None else self._plan.small(rule.name, level, blocked.names)
        sizes = blocked.sizes
        if rule.wide:
            small = sizes <= self._cap
            return small if pairs_in(sizes[small]).sum() <= self._wide_limit else None
        limit = self._wide_limit * 4 if rule.is_sure else self._wide_limit // 4 if rule.is_dated else self._wide_limit
        return sizes <= affordable(sizes, self._cap, max(limit, _FEW))

    def _blocks(self, rule: Rule, level: int, blocked: Blocked, small: npt.NDArray[np.bool_]) -> _OfLevel:
        """The pairs of a level's small blocks that are not known yet, and if they are kept all these blocks."""
        if self._held is None:
            sizes = blocked.sizes[small]
            self._refuse_outgrown(sizes)
            kept = Layered.of(blocked.only(small)) if self._is_kept else None
            return _OfLevel(_allowed(self._people, blocked.pairs(small)), int(pairs_in(sizes).sum()), kept)
        held, before = self._held, self._held.index[rule.name, level]
        fresh = blocked.only(small).moved(held.fresh)
        # Before any pair is made: each fresh row stands in its block once at least.
        self._refuse_outgrown(fresh.sizes)
        pairs, had, has = before.renewed(fresh, held.living, held.gone)
        self._refuse_outgrown(has)
        pairs = np.concatenate([pairs, fresh.pairs()])
        return _OfLevel(_allowed(held.people, pairs), int((pairs_in(has) - pairs_in(had)).sum()), before.joined(fresh))

    def _refuse_outgrown(self, sizes: npt.NDArray[np.int64]) -> None:
        # Before any pair is made: a block of everybody without an address would have more of them than memory holds.
        if self._plan is not None:
            self._plan.refuse_outgrown(int(sizes.max(initial=0)))


def rules_of(people: People) -> list[Rule]:
    """The rules that a table's columns allow."""
    identifiers = people.named("identifier")
    rules = [Rule((column,)) for column in identifiers]
    rules += [Rule((column.replace("identifier", "shuffled"),)) for column in identifiers if column not in people.exact]
    categories = people.named("category")
    return [*rules, *(rule for rule in RULES if categories or "category" not in rule.keys)]


def _allowed(people: People, pairs: Pairs) -> Pairs:
    """The pairs but those of two records of one source that holds each person once."""
    once, sources = people.once_per_person, people.sources
    if not once.any():
        return pairs
    left, right = unpack(pairs)
    twice = once[left] & (sources[left] == sources[right])
    return np.compress(~twice, pairs)
