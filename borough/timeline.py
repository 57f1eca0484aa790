"""Who lived where, with whom and by what name on a past day: the questions agencies' records answer."""

from dataclasses import dataclass

import numpy as np

from borough.chance import Flags, Ints
from borough.world import World

_SHIFT = 3_000_000
_SPAN = 8_000_000


@dataclass(frozen=True)
class _Sequence:
    """Rows of one history in the order of person and day."""

    keys: Ints
    rows: Ints

    @classmethod
    def of(cls, people: Ints, days: Ints, rows: Ints) -> "_Sequence":
        keys = people.astype(np.int64) * _SPAN + days.astype(np.int64) + _SHIFT
        order = np.argsort(keys, kind="stable")
        return cls(keys=keys[order], rows=rows[order])

    def last(self, people: Ints, days: Ints) -> Ints:
        """The newest row of each person on each day, or -1."""
        wanted = people.astype(np.int64) * _SPAN + np.broadcast_to(days, np.shape(people)).astype(np.int64) + _SHIFT
        place = np.searchsorted(self.keys, wanted, side="right") - 1
        found = (place >= 0) & (self.keys[place] // _SPAN == people)
        return np.where(found, self.rows[place], -1)


class Timeline:
    """Questions about the past of a world whose life has been lived."""

    def __init__(self, world: World) -> None:
        self.world = world
        stays, renamed = world.stays, world.renamed
        main, second = np.flatnonzero(~stays["second"]), np.flatnonzero(stays["second"])
        self._stays = _Sequence.of(stays["person"][main], stays["start"][main], main)
        self._second = _Sequence.of(stays["person"][second], stays["start"][second], second)
        self._names = _Sequence.of(renamed["person"], renamed["on"], np.arange(len(renamed)))

    def stays(self, people: Ints, days: Ints | int) -> Ints:
        """The newest main stay that had begun by each day, ended or not; -1 before the first."""
        return self._stays.last(people, np.asarray(days))

    def dwellings(self, people: Ints, days: Ints | int) -> Ints:
        """The last known dwelling by each day, or -1."""
        rows = self.stays(people, days)
        return np.where(rows >= 0, self.world.stays["dwelling"][rows], -1)

    def households(self, people: Ints, days: Ints | int) -> Ints:
        """The household in which each person lives on that day, or -1."""
        return self._there(self.stays(people, days), days)

    def second_households(self, people: Ints, days: Ints | int) -> Ints:
        """The household in which each child has a second home on that day, or -1."""
        return self._there(self._second.last(people, np.asarray(days)), days)

    def _there(self, rows: Ints, days: Ints | int) -> Ints:
        """The households of stays that had not ended by those days, or -1."""
        there = (rows >= 0) & (self.world.stays["end"][rows] > np.asarray(days))
        return np.where(there, self.world.stays["household"][rows], -1)

    def residents(self, day: int) -> Flags:
        """For every person, whether they live in the town on that day."""
        everyone = np.arange(len(self.world.people))
        home = self.households(everyone, day)
        return np.asarray((home >= 0) & ~self.world.people["outside"] & (self.world.people["arrived"] <= day))

    def surnames(self, people: Ints, days: Ints | int) -> Ints:
        """The surname each person bore on that day."""
        rows = self._names.last(people, np.asarray(days))
        return np.where(rows >= 0, self.world.renamed["surname"][rows], self.world.people["birth_surname"][people])

    def partners(self, day: int) -> Ints:
        """For every person, the partner on that day, or -1."""
        couples = self.world.couples
        now = np.flatnonzero((couples["start"] <= day) & (couples["end"] > day))
        out = np.full(len(self.world.people), -1)
        out[couples["woman"][now]] = couples["man"][now]
        out[couples["man"][now]] = couples["woman"][now]
        return out
