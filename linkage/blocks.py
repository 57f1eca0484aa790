"""Records in blocks: those that share a key's hash, sorted by it; the pairs within a block and between two tables."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

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

    Of a hash its upper half counts, which is the block's name: `packed` are whole numbers of a name and, in the lower
    half, a row. Of a million blocks some hundred pairs bear one name, and the few records in them are compared in vain.
    """

    packed: Hashes

    @classmethod
    def of(cls, rows: Rows, hashes: Hashes) -> Self:
        """Sort rows into blocks."""
        # One sort of whole numbers is three times as quick as finding an order and taking rows and hashes in it.
        packed = (hashes & _NAME) | rows.astype(np.uint64)
        packed.sort()
        return cls(packed)

    @classmethod
    def nothing(cls) -> Self:
        """No blocks."""
        return cls(np.empty(0, np.uint64))

    def __len__(self) -> int:
        return len(self.packed)

    @property
    def rows(self) -> Rows:
        """The rows, block by block."""
        return _places_of(self.packed).astype(np.int32)

    @property
    def hashes(self) -> Hashes:
        """The name of each row's block."""
        return self.packed & _NAME

    @cached_property
    def starts(self) -> Sizes:
        """Where each block begins."""
        rises = np.ones(len(self), bool)
        np.greater(self.packed[1:] ^ self.packed[:-1], _ROW, out=rises[1:])
        return np.flatnonzero(rises)

    @cached_property
    def sizes(self) -> Sizes:
        """How many rows each block has."""
        return np.diff(np.append(self.starts, len(self)))

    @property
    def names(self) -> Hashes:
        """The name of each block."""
        return self.packed.take(self.starts) & _NAME

    def only(self, blocks: npt.NDArray[np.bool_]) -> "Blocked":
        """Some of the blocks."""
        if blocks.all():
            return self
        places, _ = _spans(self.starts[blocks], self.sizes[blocks])
        return Blocked(self.packed.take(places))

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
            members = _places_of(self.packed.take(starts[ends[size - 1] : ends[size]] + np.arange(size)[:, None]))
            left, right = np.triu_indices(size, 1)
            found.append(_of_two(members[left].ravel(), members[right].ravel()))
        return np.concatenate(found)

    def standing(self, names: Hashes) -> tuple[Sizes, Sizes]:
        """The rows of each of some blocks that may be here, one block after the other, and how many each has."""
        low = np.searchsorted(self.packed, names)
        places, count = _spans(low, np.searchsorted(self.packed, names | _ROW, "right") - low)
        return _places_of(self.packed.take(places)), count

    def names_of(self, rows: npt.NDArray[np.bool_]) -> Hashes:
        """The names of the blocks of some rows, for each row that stands in them."""
        return self.packed.take(np.flatnonzero(rows.take(_places_of(self.packed)))) & _NAME

    def joined(self, other: "Blocked") -> "Blocked":
        """The rows of both."""
        return Blocked(np.insert(self.packed, np.searchsorted(self.packed, other.packed), other.packed))

    def moved(self, to: npt.NDArray[np.int32]) -> "Blocked":
        """The rows at their new places; those whose place is -1 are left out."""
        rows = to.take(_places_of(self.packed))
        stay = rows >= 0
        return Blocked.of(rows[stay], self.packed[stay])


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
        return cls(base, Blocked.nothing())

    def __len__(self) -> int:
        return len(self.base) + len(self.since)

    def renewed(
        self, fresh: Blocked, living: npt.NDArray[np.bool_], gone: npt.NDArray[np.bool_]
    ) -> tuple[Pairs, Sizes, Sizes]:
        """What fresh rows make of blocks of `living` rows of which some are `gone` now.

        All pairs of a row that stays and a fresh one of the same block, and of each block that changed how many rows it
        had and has.
        """
        layers = [layer for layer in (self.base, self.since) if len(layer)]
        names = each_once(np.concatenate([fresh.names, *(layer.names_of(gone) for layer in layers)]))
        block = np.repeat(np.searchsorted(names, fresh.names), fresh.sizes)
        came, rows_that_came = np.bincount(block, minlength=len(names)), fresh.rows
        pairs, had, has = [np.empty(0, np.int64)], np.zeros_like(came), came.copy()
        for layer in layers:
            rows, count = layer.standing(names)
            within = np.repeat(np.arange(len(names)), count)
            lived = living.take(rows)
            stays = lived & ~gone.take(rows)
            here = np.bincount(within[stays], minlength=len(names))
            had += np.bincount(within[lived], minlength=len(names))
            has += here
            start, rows = np.cumsum(here) - here, rows[stays]
            places, count = _spans(start.take(block), here.take(block))
            pairs.append(_of_two(rows.take(places), np.repeat(rows_that_came, count)))
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


def _places_of(packed: Hashes) -> Sizes:
    # As numpy takes them, so that none is converted once more.
    return (packed & _ROW).view(np.int64)


def _of_two(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> Pairs:
    """Pairs of rows, but none of a row with itself, which stands twice in a block."""
    different = left != right
    return pack(left, right) if different.all() else pack(left[different], right[different])
