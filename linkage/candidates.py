"""Which pairs deserve comparing: records that share a key of one of some twenty rules (a recordlinkage index).

The rules follow from the columns the table has. A rule's block beyond the cap is not dropped but asked for a further key.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from recordlinkage.base import BaseIndexAlgorithm

from linkage.pairs import Pairs, as_index, pack, unpack
from linkage.records import People

Codes = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


@dataclass(frozen=True)
class Rule:
    """Records that agree on all `keys` are compared; large blocks must agree on the `further` ones too, one by one.

    `wide` rules are tried only while they add few pairs, for they are all that finds a record with one good column.
    """

    keys: tuple[str, ...]
    further: tuple[str, ...] = ()
    wide: bool = False

    @property
    def name(self) -> str:
        """What the rule is called in counts and charts."""
        return " + ".join(self.keys)


RULES = (
    Rule(("uprn",), ("initial", "birth_year")),
    Rule(("dwelling",), ("initial", "birth_year")),
    Rule(("phone",), ("initial", "surname")),
    Rule(("email",), ("initial", "surname")),
    Rule(("dob",), wide=True),
    Rule(("either_dob", "initial"), ("surname_initial", "district")),
    Rule(("dob", "skeleton"), ("initial", "district")),
    Rule(("dob", "sector"), ("initial", "surname_initial")),
    Rule(("dob", "any_name"), ("surname_initial", "district")),
    Rule(("both_names",), ("birth_year", "sector", "middle")),
    Rule(("forename", "surname"), ("birth_year", "sector", "middle")),
    Rule(("forename", "skeleton"), ("birth_year", "sector")),
    Rule(("surname", "birth_month"), ("initial", "district")),
    Rule(("surname", "birth_day_of_year"), ("initial", "district")),
    Rule(("forename", "birth_month"), ("surname_initial", "district")),
    Rule(("forename", "birth_day_of_year"), ("surname_initial", "district")),
    Rule(("surname_start", "forename_start", "birth_year"), ("birth_month",)),
    Rule(("surname", "initial", "birth_year"), ("district",)),
    Rule(("any_name", "postcode"), ("initial", "birth_year")),
    Rule(("skeleton", "initial", "sector"), ("birth_year",)),
    Rule(("forename", "sector", "birth_year"), ("surname_initial",)),
    Rule(("street", "number", "initial"), ("surname_initial",)),
    Rule(("street", "forename"), ("birth_year", "surname_initial")),
    Rule(("surname", "initial", "category"), ("birth_year",)),
    Rule(("forename", "category", "surname_initial"), ("birth_year",)),
    Rule(("surname",), wide=True),
    Rule(("forename", "surname_initial"), wide=True),
)


class Keys:
    """What records can be blocked on: for each key, the hashes that each record has of it."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._size = len(people)

    def holders(self, key: str) -> tuple[npt.NDArray[np.int32], Hashes] | None:
        """Records and their hashes of a key, one row for each value that a record has; None if no record has any."""
        columns = [codes for codes in self._columns(key) if codes is not None]
        if not columns:
            return None
        # A wide integer keeps names of two columns apart; a missing value has no row.
        at = [np.flatnonzero(codes >= 0) for codes in columns]
        values = [codes[rows].astype(np.uint64) for codes, rows in zip(columns, at, strict=True)]
        rows = np.concatenate(at).astype(np.int32)
        hashes = np.concatenate(values)
        if len(columns) > 1:
            order = np.argsort(rows, kind="stable")
            rows, hashes = rows[order], hashes[order]
        return (rows, hashes) if len(rows) else None

    def _columns(self, key: str) -> Sequence[npt.NDArray[Any] | None]:
        if key.startswith("shuffled_"):
            return [self._shuffled(f"identifier_{key.removeprefix('shuffled_')}")]
        maker = getattr(self, f"_{key}", None)
        if maker is not None:
            return list(maker)
        if key in self._people.codes:
            return [self._people.codes[key].to_numpy()]
        return [self._people.codes[column].to_numpy() for column in self._people.named(key)]

    def _named(self, label: str) -> list[Codes]:
        return [self._people.codes[column].to_numpy() for column in self._people.named(label)]

    def _through(self, mapping: npt.NDArray[Any], label: str) -> list[npt.NDArray[Any]]:
        padded = np.append(mapping, -1)
        return [padded[codes] for codes in self._named(label)]

    def _shuffled(self, column: str) -> npt.NDArray[Any]:
        """Identifiers by their characters whatever the order: two digits that changed places are the commonest slip."""
        characters = np.array(["".join(sorted(text)) for text in self._people.vocabularies[column]], object)
        return np.append(pd.factorize(characters)[0], -1)[self._people.codes[column].to_numpy()]

    @cached_property
    def _words(self) -> list[npt.NDArray[np.int64]]:
        """For each name, the codes of its words; names of one word stand for themselves."""
        names = self._people.names
        words = [spaced.split() if " " in spaced else (spaced,) for spaced in names.spaced]
        width = min(3, max((len(parts) for parts in words), default=1))
        flat = [[_word(parts, place) for parts in words] for place in range(width)]
        codes, _ = pd.factorize(np.concatenate([np.asarray(column, object) for column in flat]))
        return np.split(codes, width)

    @cached_property
    def _surname(self) -> list[npt.NDArray[Any]]:
        return [column for words in self._words for column in self._through(words, "surname")]

    @cached_property
    def _forename(self) -> list[npt.NDArray[Any]]:
        """The first word of a forename, and each nickname group that it belongs to."""
        groups = self._people.names.groups
        offset = int(self._words[0].max(initial=0)) + 1
        shared = [np.where(column >= 0, column.astype(np.int64) + offset, -1) for column in groups.T if (column >= 0).any()]
        return [column for mapping in [self._words[0], *shared] for column in self._through(mapping, "forename")]

    @property
    def _any_name(self) -> list[npt.NDArray[Any]]:
        return [*self._surname, *self._forename]

    @cached_property
    def _initials(self) -> npt.NDArray[np.int64]:
        return self._people.names.initials.astype(np.int64)

    @property
    def _initial(self) -> list[npt.NDArray[Any]]:
        return self._through(self._initials, "forename")[:1]

    @property
    def _surname_initial(self) -> list[npt.NDArray[Any]]:
        return self._through(self._initials, "surname")[:1]

    @property
    def _skeleton(self) -> list[npt.NDArray[Any]]:
        return self._through(self._people.names.skeletons, "surname")

    def _starts(self, label: str, letters: int) -> list[npt.NDArray[Any]]:
        starts, _ = pd.factorize(np.array([name[:letters] for name in self._people.names.compact], object))
        return self._through(starts, label)[:1]

    @property
    def _surname_start(self) -> list[npt.NDArray[Any]]:
        return self._starts("surname", 4)

    @property
    def _forename_start(self) -> list[npt.NDArray[Any]]:
        return self._starts("forename", 3)

    @property
    def _both_names(self) -> list[npt.NDArray[Any]]:
        """Forename and surname in whichever order they were written, a middle name standing for the forename too."""
        first, last = self._named("forename")[:1] + self._named("middle")[:1], self._named("surname")
        size = np.int64(len(self._people.names.spaced) + 1)
        both = [(np.minimum(f, s), np.maximum(f, s), (f >= 0) & (s >= 0)) for f in first for s in last]
        return [np.where(known, low * size + high, -1) for low, high, known in both]

    @cached_property
    def _dates(self) -> npt.NDArray[np.int64]:
        codes = self._people.codes
        return codes["dob"].to_numpy(np.int64) if "dob" in codes else np.full(self._size, -1)

    def _of_date(self, value: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
        return [np.where((self._dates >= 0) & (self._dates % 10000 > 0), value, -1)]

    @property
    def _dob(self) -> list[npt.NDArray[np.int64]]:
        return self._of_date(self._dates)

    @property
    def _either_dob(self) -> list[npt.NDArray[np.int64]]:
        day, month = self._dates % 100, self._dates // 100 % 100
        low, high = np.minimum(day, month), np.maximum(day, month)
        return self._of_date(self._dates // 10000 * 10000 + low * 100 + high)

    @property
    def _birth_year(self) -> list[npt.NDArray[np.int64]]:
        return [np.where(self._dates >= 0, self._dates // 10000, -1)]

    @property
    def _birth_month(self) -> list[npt.NDArray[np.int64]]:
        return self._of_date(self._dates // 100)

    @property
    def _birth_day_of_year(self) -> list[npt.NDArray[np.int64]]:
        return self._of_date(self._dates % 10000)


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
        identifiers += [Rule((f"shuffled_{n}",)) for n, c in enumerate(identifiers) if c.keys[0] not in self._people.exact]
        categories = [column for column in self._people.named("category")]
        rules = [*identifiers, *RULES]
        return [rule for rule in rules if all(self._holders(key) is not None for key in rule.keys) and (categories or "category" not in rule.keys)]

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
        for key in (*rule.further, None):
            pairs, rows, hashes = pairs_within(rows, hashes, self._cap, self._limit(rule))
            yield self._allowed(pairs)
            if key is None or len(rows) == 0 or self._holders(key) is None:
                return
            rows, hashes = self._narrowed(rows, hashes, key)

    def _wide(self, rows: npt.NDArray[np.int32], hashes: Hashes) -> Iterator[Pairs]:
        _, sizes = np.unique(hashes, return_counts=True)
        sizes = sizes[sizes <= self._cap].astype(np.int64)
        if int((sizes * (sizes - 1) // 2).sum()) <= self._wide_limit:
            yield self._allowed(pairs_within(rows, hashes, self._cap, self._wide_limit)[0])

    def _limit(self, rule: Rule) -> int:
        return self._wide_limit * (4 if rule.keys[0] in {"uprn", "dwelling"} or rule.keys[0].startswith("identifier") else 1)

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
        return pairs[~(once[left] & (sources[left] == sources[right]))]


def _word(parts: Sequence[str], place: int) -> str | None:
    """The word at a place; beyond the first, short ones (`DE`, `AL`) are no key."""
    if place >= len(parts) or (place > 0 and len(parts[place]) < 3):
        return None
    return parts[place]


def pairs_within(
    rows: npt.NDArray[np.int32], hashes: Hashes, cap: int, limit: int
) -> tuple[Pairs, npt.NDArray[np.int32], Hashes]:
    """All pairs within blocks of at most `cap` rows, the smallest blocks first and at most `limit` pairs; and the rows of
    the other blocks, which need a further key."""
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
