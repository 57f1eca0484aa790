"""What became of the people of a family that went, or where those of one that came had been: in counts and words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import pandas as pd

from programme.tracing import PLACE

_IN_FAMILY, _AT_HOME, _KNOWN = "in another family", "at a home here and in no family", "known and at no home here"
_RENAMED, _UNKNOWN = "whose records are another person's", "in no record"
_TOLD = (_UNKNOWN, _RENAMED, _KNOWN, _AT_HOME, _IN_FAMILY)


@dataclass(frozen=True)
class People:
    """Who is where in one month: in a family, at a home, and whose each record (feed, table, source id) is."""

    in_family: frozenset[str] = field(repr=False)
    at_home: frozenset[str] = field(repr=False)
    person_of: Mapping[tuple[str, str, str], str] = field(repr=False)

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame]) -> Self:
        """Of published frames: family_members, household_members (those who are there) and person_records."""
        records = tables["person_records"]
        return cls(
            frozenset(tables["family_members"]["person_id"].astype(str)),
            frozenset(tables["household_members"]["person_id"].astype(str)),
            dict(
                zip(map(tuple, records[PLACE].astype(object).to_numpy()), records["person_id"].astype(str), strict=True)
            ),
        )

    def where(self, people: Iterable[str], known_as: "People") -> str:
        """Where people whom another month knows as `known_as` does are in this one, as `2 in no record`."""
        counts = Counter(self._of(person, known_as) for person in people)
        return ", ".join(f"{counts[said]} {said}" for said in _TOLD if counts[said])

    def _of(self, person: str, known_as: "People") -> str:
        if person in self.in_family:
            return _IN_FAMILY
        if person in self.at_home:
            return _AT_HOME
        if person in self.records:
            return _KNOWN
        stayed = any(key in self.person_of for key in known_as.records.get(person, ()))
        return _RENAMED if stayed else _UNKNOWN

    @cached_property
    def records(self) -> Mapping[str, list[tuple[str, str, str]]]:
        """Each person's records."""
        found: dict[str, list[tuple[str, str, str]]] = {}
        for key, person in self.person_of.items():
            found.setdefault(person, []).append(key)
        return found
