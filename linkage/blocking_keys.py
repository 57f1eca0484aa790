"""What records can be blocked on: keys made of their codes."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.records import People

Codes = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]


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
