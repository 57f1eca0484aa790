"""Records in blocks: those that share a key's hash, sorted by it; the pairs within a block and between two tables."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from linkage.pairs import Pairs, each_once, pack
from linkage.vocabulary import Hashes

Rows = npt.NDArray[np.int32]
Sizes = npt.NDArray[np.int64]
_NAME, _ROW = np.uint64(0xFFFFFFFF00000000), np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, repr=False)
class Blocked:
    """Rows sorted by the hash that each stands under; those of one hash are a block.

    Of a hash its upper half counts. Of a million blocks some hundred pairs bear one name by that, and the few records
    in them are compared in vain.
    """

    hashes: Hashes
    rows: Rows

    @classmethod
    def of(cls, rows: Rows, hashes: Hashes) -> Self:
        """Sort rows into blocks."""
        # Each row in the lower half of its hash: one sort of whole numbers is three times as quick as finding an order
        # and taking both in it.
        packed = (hashes & _NAME) | rows.astype(np.uint64)
        packed.sort()
        return cls(packed & _NAME, (packed & _ROW).astype(np.int32))

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def starts(self) -> Sizes:
        """Where each block begins."""
        rises = np.ones(len(self), bool)
        np.not_equal(self.hashes[1:], self.hashes[:-1], out=rises[1:])
        return np.flatnonzero(rises)

    @cached_property
    def sizes(self) -> Sizes:
        """How many rows each block has."""
        return np.diff(np.append(self.starts, len(self)))

    @property
    def names(self) -> Hashes:
        """The hash of each block."""
        return self.hashes.take(self.starts)

    def only(self, blocks: npt.NDArray[np.bool_]) -> "Blocked":
        """Some of the blocks."""
        if blocks.all():
            return self
        places, _ = _spans(self.starts[blocks], self.sizes[blocks])
        return Blocked(self.hashes.take(places), self.rows.take(places))

    def pairs(self, blocks: npt.NDArray[np.bool_] | None = None) -> Pairs:
        """All pairs within the blocks, or some of them; a row that stands in a block twice is no pair with itself."""
        some = self.sizes > 1
        several = np.flatnonzero(some if blocks is None else some & blocks)
        sizes = self.sizes[several]
        starts = self.starts[several[np.argsort(sizes.astype(np.uint16), kind="stable")]]
        of_size = np.bincount(sizes, minlength=2)
        ends = np.cumsum(of_size)
        found = [np.empty(0, np.int64)]
        for size in np.flatnonzero(of_size).tolist():
            # A row for each place in the block, so that what stands at two of them is had in two pieces.
            members = self.rows.take(starts[ends[size - 1] : ends[size]] + np.arange(size)[:, None])
            left, right = np.triu_indices(size, 1)
            found.append(_of_two(members[left].ravel(), members[right].ravel()))
        return np.concatenate(found)

    def standing(self, hashes: Hashes) -> tuple[Rows, Sizes]:
        """The rows that stand under each of some hashes, one hash after the other, and how many under each."""
        low = np.searchsorted(self.hashes, hashes)
        inside = np.flatnonzero(low < len(self))
        known = inside[self.hashes[low[inside]] == hashes[inside]]
        count = np.zeros(len(hashes), np.int64)
        count[known] = np.searchsorted(self.hashes, hashes[known], "right") - low[known]
        places, _ = _spans(low, count)
        return self.rows[places], count

    def joined(self, other: "Blocked") -> "Blocked":
        """The rows of both."""
        place = np.searchsorted(self.hashes, other.hashes)
        return Blocked(np.insert(self.hashes, place, other.hashes), np.insert(self.rows, place, other.rows))

    def moved(self, to: npt.NDArray[np.int32]) -> "Blocked":
        """The rows at their new places; those whose place is -1 are left out."""
        rows = to[self.rows]
        stay = rows >= 0
        return Blocked(self.hashes[stay], rows[stay])


@dataclass(frozen=True, repr=False)
class Layered:
    """Blocks of a table over time: those of its `base`, which stay as they are, and of the records that came since.

    Rows of records that are gone stand in them still, so whoever asks says which rows are `living`.
    """

    base: Blocked
    since: Blocked

    @classmethod
    def of(cls, base: Blocked) -> Self:
        """Blocks to which nothing came yet."""
        return cls(base, Blocked(base.hashes[:0], base.rows[:0]))

    def __len__(self) -> int:
        return len(self.base) + len(self.since)

    def renewed(
        self, fresh: Blocked, living: npt.NDArray[np.bool_], gone: npt.NDArray[np.bool_]
    ) -> tuple[Pairs, Sizes, Sizes]:
        """What fresh rows make of blocks of `living` rows of which some are `gone` now.

        All pairs of a row that stays and a fresh one of the same block, and of each block that changed how many rows it
        had and has.
        """
        layers = (self.base, self.since)
        lost = [layer.hashes[np.flatnonzero(gone.take(layer.rows))] for layer in layers]
        hashes = each_once(np.concatenate([fresh.hashes, *lost]))
        block = np.searchsorted(hashes, fresh.hashes)
        came = np.bincount(block, minlength=len(hashes))
        pairs, had, has = [np.empty(0, np.int64)], np.zeros_like(came), came.copy()
        for layer in layers:
            rows, count = layer.standing(hashes)
            within = np.repeat(np.arange(len(hashes)), count)
            lived = living[rows]
            stays = lived & ~gone[rows]
            here = np.bincount(within[stays], minlength=len(hashes))
            had += np.bincount(within[lived], minlength=len(hashes))
            has += here
            start, rows = np.cumsum(here) - here, rows[stays]
            places, count = _spans(start[block], here[block])
            pairs.append(_of_two(rows[places], np.repeat(fresh.rows, count)))
        return np.concatenate(pairs), had, has

    def joined(self, fresh: Blocked) -> "Layered":
        """With the rows that came now."""
        return Layered(self.base, self.since.joined(fresh))

    def moved(self, to: npt.NDArray[np.int32]) -> "Layered":
        """All of it as a base again, the rows at their new places; those whose place is -1 are left out."""
        return Layered.of(self.base.moved(to).joined(self.since.moved(to)))


def pairs_in(sizes: Sizes) -> Sizes:
    """How many pairs blocks of so many rows hold."""
    return sizes * (sizes - 1) // 2


def affordable(sizes: Sizes, cap: int, limit: int) -> int:
    """The largest block size up to the cap with which all blocks so large or smaller hold at most `limit` pairs."""
    blocks = np.bincount(sizes[sizes <= cap], minlength=cap + 1)
    size = np.arange(cap + 1)
    pairs = np.cumsum(blocks * pairs_in(size))
    return int(np.searchsorted(pairs, limit, side="right")) - 1


def _spans(start: Sizes, count: Sizes) -> tuple[Sizes, Sizes]:
    """The numbers from each start on, so many as it counts, one span after the other; and the counts."""
    return np.arange(count.sum()) + np.repeat(start - (np.cumsum(count) - count), count), count


def _of_two(left: Rows, right: Rows) -> Pairs:
    """Pairs of rows, but none of a row with itself, which stands twice in a block."""
    different = left != right
    return pack(left, right) if different.all() else pack(left[different], right[different])
