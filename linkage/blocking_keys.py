"""What records can be blocked on: keys made of hashes that are the same in every table, so that a month can be held."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from linkage.cleaning import HashTexts
from linkage.hashing import mixed, of_numbers
from linkage.records import People
from linkage.vocabulary import Hashes, through

Rows = npt.NDArray[np.int32]
Yes = npt.NDArray[np.bool_]
_WORDS = 3


@dataclass(frozen=True)
class Holders:
    """What records have of a key: a `first` value of each, 0 where there is none, and the further ones of some.

    The further values of record r are `further[start[r]:start[r + 1]]`; `start` is None where no record has any.
    """

    first: Hashes
    further: Hashes
    start: npt.NDArray[np.int64] | None

    @classmethod
    def of(cls, columns: Sequence[Hashes]) -> Self | None:
        """The holders of a key that stands in several columns; None where no record has it."""
        columns = [column for column in columns if column.any()]
        if not columns:
            return None
        if len(columns) == 1:
            return cls(columns[0], np.empty(0, np.uint64), None)
        at = [np.flatnonzero(column) for column in columns[1:]]
        counts = np.bincount(np.concatenate(at), minlength=len(columns[0]))
        start = np.concatenate([[0], np.cumsum(counts)])
        further, free = np.empty(start[-1], np.uint64), start[:-1].copy()
        for column, rows in zip(columns[1:], at, strict=True):
            further[free[rows]] = column[rows]
            free[rows] += 1
        return cls(columns[0], further, start)

    @cached_property
    def has_first(self) -> Yes:
        """Which records have a first value."""
        return np.not_equal(self.first, 0)

    def everyone(self) -> tuple[Rows, Hashes]:
        """Every record once for each value that it has, and the values."""
        rows = np.flatnonzero(self.has_first).astype(np.int32)
        if self.start is None:
            return rows, self.first.take(rows)
        again = np.repeat(np.arange(len(self.first), dtype=np.int32), np.diff(self.start))
        return np.concatenate([rows, again]), np.concatenate([self.first.take(rows), self.further])

    def among(self, rows: Rows) -> tuple[Rows, Hashes]:
        """Places in `rows`, once for each value that the record there has, and the values."""
        places = np.flatnonzero(self.has_first.take(rows))
        values = self.first.take(rows.take(places))
        if self.start is None:
            return places.astype(np.int32), values
        count = (self.start[1:] - self.start[:-1]).take(rows)
        some = np.flatnonzero(count)
        count = count[some]
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        further = self.further[np.repeat(self.start.take(rows[some]), count) + within]
        return np.concatenate([places, np.repeat(some, count)]).astype(np.int32), np.concatenate([values, further])


class Keys:
    """What records can be blocked on; `hashed` hashes texts, the same way in every table."""

    def __init__(self, people: People, hashed: HashTexts) -> None:
        self._people = people
        self._hashed = hashed
        self._filled: dict[str, npt.NDArray[np.intp]] = {}

    def holders(self, key: str) -> Holders | None:
        """What each record has of a key; None if no record has any."""
        return Holders.of(list(self._columns(key)))

    def _columns(self, key: str) -> Sequence[Hashes]:
        if key.startswith("shuffled_"):
            return [self._shuffled(f"identifier_{key.removeprefix('shuffled_')}")]
        maker = getattr(self, f"_{key}", None)
        if maker is not None:
            return list(maker)
        columns = [key] if key in self._people.codes else self._people.named(key)
        return [self._people.hashes(column) for column in columns]

    def _through(self, mapping: Hashes, label: str) -> list[Hashes]:
        found = []
        for column in self._people.named(label):
            codes, known = self._people.codes[column], self._known(column)
            if 4 * len(known) > len(codes):
                found.append(through(mapping, codes, 0))
            else:  # former and other names, which few have
                found.append(np.zeros(len(codes), np.uint64))
                found[-1][known] = mapping[codes[known]]
        return found

    def _known(self, column: str) -> npt.NDArray[np.intp]:
        """Where the records stand that have something in a column."""
        if column not in self._filled:
            self._filled[column] = np.flatnonzero(self._people.codes[column] >= 0)
        return self._filled[column]

    def _shuffled(self, column: str) -> Hashes:
        """Identifiers by their characters whatever the order: two digits that changed places are the commonest slip."""
        characters = ["".join(sorted(text)) for text in self._people.vocabularies[column].texts]
        hashes = self._hashed([pa.array(characters, pa.string())])[0]
        return through(hashes, self._people.codes[column], 0)

    @cached_property
    def _words(self) -> list[Hashes]:
        """For each name, its words, and the name as one word: `ANN MARIE` is found by `ANN`, `MARIE` and `ANNMARIE`."""
        names = self._people.names
        several = np.flatnonzero(names.is_worded)
        parts = [text.split() for text in names.spaced.texts[several]]
        places = self._hashed(
            [pa.array([_word(words, place) for words in parts], pa.string()) for place in range(_WORDS)]
        )
        first = names.spaced.hashes.copy()
        first[several] = places[0]
        found = [first]
        for hashes in (*places[1:], names.compact.hashes[several]):
            column = np.zeros(len(names), np.uint64)
            column[several] = hashes
            found.append(column)
        return found

    @cached_property
    def _groups(self) -> list[Hashes]:
        groups = self._people.names.groups
        return [np.where(column >= 0, of_numbers(column), 0) for column in groups.T]

    @cached_property
    def _starts(self) -> tuple[Hashes, Hashes]:
        """The first four letters of each name, and the first three."""
        texts = self._people.names.compact.texts
        four, three = self._hashed([pa.array([text[:size] for text in texts], pa.string()) for size in (4, 3)])
        return four, three

    @cached_property
    def _surname(self) -> list[Hashes]:
        return [column for words in self._words for column in self._through(words, "surname")]

    @cached_property
    def _forename(self) -> list[Hashes]:
        """The words of a forename but the second and third, and each nickname group that it belongs to."""
        mappings = [self._words[0], self._words[-1], *self._groups]
        return [column for mapping in mappings for column in self._through(mapping, "forename")]

    @property
    def _any_name(self) -> list[Hashes]:
        return [*self._surname, *self._forename]

    @property
    def _initial(self) -> list[Hashes]:
        return self._through(of_numbers(self._people.names.initials), "forename")[:1]

    @property
    def _surname_initial(self) -> list[Hashes]:
        return self._through(of_numbers(self._people.names.initials), "surname")[:1]

    @property
    def _skeleton(self) -> list[Hashes]:
        return self._through(self._people.names.skeletons, "surname")

    @property
    def _surname_start(self) -> list[Hashes]:
        return self._through(self._starts[0], "surname")[:1]

    @property
    def _forename_start(self) -> list[Hashes]:
        return self._through(self._starts[1], "forename")[:1]

    @property
    def _both_names(self) -> list[Hashes]:
        """Forename and surname in whichever order they were written, a middle name standing for the forename too."""
        compact = self._people.names.compact.hashes
        first = self._through(compact, "forename")[:1] + self._through(compact, "middle")[:1]
        both = [(np.minimum(f, s), np.maximum(f, s)) for f in first for s in self._through(compact, "surname")]
        return [np.where(low > 0, mixed(low, high), 0) for low, high in both]

    @cached_property
    def _dates(self) -> npt.NDArray[np.int32]:
        codes = self._people.codes
        return codes["dob"] if "dob" in codes else np.full(len(self._people), -1, np.int32)

    def _of_date(self, value: npt.NDArray[np.int32]) -> list[Hashes]:
        return [np.where((self._dates >= 0) & (self._dates % 10000 > 0), of_numbers(value), 0)]

    @property
    def _dob(self) -> list[Hashes]:
        return self._of_date(self._dates)

    @property
    def _either_dob(self) -> list[Hashes]:
        day, month = self._dates % 100, self._dates // 100 % 100
        low, high = np.minimum(day, month), np.maximum(day, month)
        return self._of_date(self._dates // 10000 * 10000 + low * 100 + high)

    @property
    def _birth_year(self) -> list[Hashes]:
        return [np.where(self._dates >= 0, of_numbers(self._dates // 10000), 0)]

    @property
    def _birth_month(self) -> list[Hashes]:
        return self._of_date(self._dates // 100)

    @property
    def _birth_day_of_year(self) -> list[Hashes]:
        return self._of_date(self._dates % 10000)


def _word(parts: Sequence[str], place: int) -> str | None:
    """The word at a place; beyond the first, short ones (`DE`, `AL`) are no key."""
    if place >= len(parts) or (place > 0 and len(parts[place]) < 3):
        return None
    return parts[place]
