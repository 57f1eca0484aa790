"""What records can be blocked on: keys made of their codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.records import People

Codes = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Holders:
    """What records have of a key: a `first` value of each, -1 where there is none, and the further ones of some.

    The further values of record r are `further[start[r]:start[r + 1]]`; `start` is None where no record has any.
    """

    first: npt.NDArray[Any]
    further: npt.NDArray[Any]
    start: npt.NDArray[np.int64] | None

    @classmethod
    def of(cls, columns: Sequence[npt.NDArray[Any]]) -> Self | None:
        """The holders of a key that stands in several columns; None where no record has it."""
        columns = [column for column in columns if column.max(initial=-1) >= 0]
        if not columns:
            return None
        if len(columns) == 1:
            return cls(columns[0], np.empty(0, np.int64), None)
        at = [np.flatnonzero(column >= 0) for column in columns[1:]]
        rows = np.concatenate(at)
        order = np.argsort(rows, kind="stable")
        values = np.concatenate([column[places] for column, places in zip(columns[1:], at, strict=True)])[order]
        counts = np.bincount(rows, minlength=len(columns[0]))
        return cls(columns[0], values, np.concatenate([[0], np.cumsum(counts)]))

    @cached_property
    def values(self) -> int:
        """How many values of the key all records have together."""
        return int((self.first >= 0).sum()) + len(self.further)

    def everyone(self) -> tuple[Rows, Hashes]:
        """Every record once for each value that it has, and the values."""
        rows = np.flatnonzero(self.first >= 0).astype(np.int32)
        if self.start is None:
            return rows, self.first.take(rows).astype(np.uint64)
        again = np.repeat(np.arange(len(self.first), dtype=np.int32), np.diff(self.start))
        values = np.concatenate([self.first.take(rows), self.further])
        return np.concatenate([rows, again]), values.astype(np.uint64)

    def among(self, rows: Rows) -> tuple[Rows, Hashes]:
        """Places in `rows`, once for each value that the record there has, and the values."""
        first = self.first.take(rows)
        places = np.flatnonzero(first >= 0)
        values = first[places].astype(np.uint64)
        if self.start is None:
            return places.astype(np.int32), values
        count = (self.start[1:] - self.start[:-1]).take(rows)
        some = np.flatnonzero(count)
        count = count[some]
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        further = self.further[np.repeat(self.start.take(rows[some]), count) + within]
        return (
            np.concatenate([places, np.repeat(some, count)]).astype(np.int32),
            np.concatenate([values, further.astype(np.uint64)]),
        )


class Keys:
    """What records can be blocked on."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._size = len(people)

    def holders(self, key: str) -> Holders | None:
        """What each record has of a key; None if no record has any."""
        return Holders.of([codes for codes in self._columns(key) if codes is not None])

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
        shuffled: npt.NDArray[Any] = np.append(pd.factorize(characters)[0], -1)[self._people.codes[column].to_numpy()]
        return shuffled

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
        shared = [
            np.where(column >= 0, column.astype(np.int64) + offset, -1) for column in groups.T if (column >= 0).any()
        ]
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


def _word(parts: Sequence[str], place: int) -> str | None:
    """The word at a place; beyond the first, short ones (`DE`, `AL`) are no key."""
    if place >= len(parts) or (place > 0 and len(parts[place]) < 3):
        return None
    return parts[place]
