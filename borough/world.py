"""The state of the borough: people, households and where they stay, and the moves that change it.

What happens to whom is decided in `lives`; this module only keeps the books straight.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from borough import town as places
from borough.chance import Ints
from borough.columns import Columns
from borough.days import NEVER, UNKNOWN
from borough.names import Lexicon, Namer
from borough.town import Town

NOBODY = -1


def _people() -> Columns:
    return Columns(
        sex=("int8", 0),
        born=("int32", UNKNOWN),
        community=("int8", 0),
        forename=("int32", 0),
        middle=("int32", 0),
        birth_surname=("int32", 0),
        surname=("int32", 0),
        mother=("int32", NOBODY),
        father=("int32", NOBODY),
        partner=("int32", NOBODY),
        married=("bool", False),
        household=("int32", NOBODY),
        second_household=("int32", NOBODY),
        unrelated=("bool", False),
        stay=("int32", NOBODY),
        second_stay=("int32", NOBODY),
        died=("int32", NEVER),
        arrived=("int32", UNKNOWN),
        left=("int32", NEVER),
        outside=("bool", False),
        unborn=("bool", False),
        carrying=("int32", NOBODY),
        need=("float32", 0.0),
    )


@dataclass
class World:
    """Everything that is true, as it stands on the day that the simulation has reached, with its history.

    `stays` is every residence; `renamed` every name a person took after the first; `abuse` every incident of domestic
    abuse, known to an agency or not; `adoptions` ties the record before to the one after; `couples` every partnership.
    """

    town: Town
    namer: Namer
    people: Columns = field(default_factory=_people)
    households: Columns = field(
        default_factory=lambda: Columns(
            dwelling=("int32", -1),
            room=("int16", 0),
            need=("float32", 0.0),
            hidden_from=("int32", NEVER),
            community=("int8", 0),
            moved=("int32", UNKNOWN),
        )
    )
    stays: Columns = field(
        default_factory=lambda: Columns(
            person=("int32", 0),
            household=("int32", 0),
            dwelling=("int32", 0),
            start=("int32", 0),
            end=("int32", NEVER),
            second=("bool", False),
        )
    )
    renamed: Columns = field(
        default_factory=lambda: Columns(person=("int32", 0), on=("int32", 0), surname=("int32", 0))
    )
    abuse: Columns = field(default_factory=lambda: Columns(victim=("int32", 0), suspect=("int32", 0), on=("int32", 0)))
    adoptions: Columns = field(
        default_factory=lambda: Columns(before=("int32", 0), after=("int32", 0), on=("int32", 0))
    )
    care: Columns = field(
        default_factory=lambda: Columns(person=("int32", 0), start=("int32", 0), end=("int32", NEVER))
    )
    couples: Columns = field(
        default_factory=lambda: Columns(woman=("int32", 0), man=("int32", 0), start=("int32", 0), end=("int32", NEVER))
    )
    occupied: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.occupied = np.zeros(len(self.town), dtype=np.int64)

    @property
    def lexicon(self) -> Lexicon:
        """The texts of all names."""
        return self.namer.lexicon

    def living(self) -> NDArray[np.bool_]:
        """Who is alive, born and resident in the borough now."""
        people = self.people
        here = (people["household"] >= 0) & ~people["outside"] & ~people["unborn"]
        return np.asarray(here & (people["died"] == NEVER) & (people["left"] == NEVER))

    def members(self, households: Ints) -> Ints:
        """The people who live in any of these households now."""
        wanted = np.zeros(len(self.households) + 1, dtype=bool)
        wanted[households] = True
        people = self.people
        return np.flatnonzero(wanted[people["household"]] & (people["household"] >= 0))

    def vacant(self, rng: np.random.Generator, kinds: tuple[int, ...], count: int) -> Ints:
        """Up to `count` dwellings with a free place, a dwelling as often as it has places."""
        spare = np.where(np.isin(self.town.kind, kinds), self.town.capacity - self.occupied, 0)
        free = np.repeat(np.arange(len(spare)), np.maximum(spare, 0))
        return rng.permutation(free)[:count] if len(free) > count else rng.permutation(free)

    def house(self, households: Ints, dwellings: Ints, on: Ints) -> None:
        """Move whole households, with everyone who lives there, to new dwellings on these days."""
        old = self.households["dwelling"][households]
        np.subtract.at(self.occupied, old[old >= 0], 1)
        np.add.at(self.occupied, dwellings, 1)
        self.households["dwelling"][households] = dwellings
        self.households["moved"][households] = on
        self.households["room"][households] = self.occupied[dwellings]
        when = np.zeros(len(self.households), dtype=np.int32)
        when[households] = on
        moving = self.members(households)
        self.settle(moving, self.people["household"][moving], when[self.people["household"][moving]])
        second = self._second_members(households)
        self.settle_second(
            second, self.people["second_household"][second], when[self.people["second_household"][second]]
        )

    def settle(self, people: Ints, households: Ints, on: Ints) -> None:
        """People live in these households from these days on."""
        self._close("stay", people, on)
        rows = self._open(people, households, on, second=False)
        self.people["household"][people] = households
        self.people["stay"][people] = rows

    def settle_second(self, people: Ints, households: Ints, on: Ints) -> None:
        """Children have a second home in these households from these days on."""
        self._close("second_stay", people, on)
        rows = self._open(people, households, on, second=True)
        self.people["second_household"][people] = households
        self.people["second_stay"][people] = rows

    def end_second(self, people: Ints, on: Ints) -> None:
        """Children have no second home any more."""
        self._close("second_stay", people, on)
        self.people["second_household"][people] = NOBODY

    def depart(self, people: Ints, on: Ints, reason: str) -> None:
        """People die (`died`) or leave the borough (`left`); their stays end."""
        self.people[reason][people] = on
        self._close("stay", people, on)
        self.end_second(people, on)
        self.people["household"][people] = NOBODY

    def clear_out(self) -> None:
        """Households in which nobody lives any more give their place free."""
        people = self.people
        inside = np.bincount(people["household"][people["stay"] >= 0], minlength=len(self.households))
        empty = np.flatnonzero((inside[: len(self.households)] == 0) & (self.households["dwelling"] >= 0))
        np.subtract.at(self.occupied, self.households["dwelling"][empty], 1)
        self.households["dwelling"][empty] = -1
        gone = self._second_members(empty)
        self.end_second(gone, np.full(len(gone), int(self.stays["start"].max()), dtype=np.int32))

    def rename(self, people: Ints, surnames: Ints, on: Ints) -> None:
        """People take a new surname."""
        self.people["surname"][people] = surnames
        self.renamed.append(len(people), person=people, on=on, surname=surnames)

    def pair(self, women: Ints, men: Ints, on: Ints) -> None:
        """Two people become partners."""
        self.people["partner"][women], self.people["partner"][men] = men, women
        self.couples.append(len(women), woman=women, man=men, start=on)

    def part(self, one: Ints, on: Ints) -> None:
        """Partners part, by death or by choice."""
        other = self.people["partner"][one]
        couples, gone = self.couples, np.zeros(len(self.people), dtype=bool)
        gone[one] = gone[other] = True
        when = np.zeros(len(self.people), dtype=np.int32)
        when[one] = when[other] = on
        ended = np.flatnonzero(gone[couples["woman"]] & gone[couples["man"]] & (couples["end"] == NEVER))
        couples["end"][ended] = when[couples["woman"][ended]]
        for side in (one, other):
            self.people["partner"][side] = NOBODY
            self.people["married"][side] = False

    def _second_members(self, households: Ints) -> Ints:
        wanted = np.zeros(len(self.households) + 1, dtype=bool)
        wanted[households] = True
        people = self.people
        return np.flatnonzero(wanted[people["second_household"]] & (people["second_stay"] >= 0))

    def _open(self, people: Ints, households: Ints, on: Ints, *, second: bool) -> Ints:
        dwellings = self.households["dwelling"][households]
        return self.stays.append(
            len(people), person=people, household=households, dwelling=dwellings, start=on, second=second
        )

    def _close(self, which: str, people: Ints, on: Ints) -> None:
        rows = self.people[which][people]
        open_rows = rows >= 0
        when = np.broadcast_to(on, len(people))[open_rows]
        rows = rows[open_rows]
        self.stays["end"][rows] = np.maximum(when, self.stays["start"][rows])
        self.people[which][people] = NOBODY


HOMES = (places.HOME, places.FLAT)
