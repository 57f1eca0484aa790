"""The month that is being lived: the world, chance, and who is too busy with one thing for another."""

from dataclasses import dataclass, field

import numpy as np

from borough import town as places
from borough.chance import Flags, Ints
from borough.days import NEVER, Month, ages
from borough.world import HOMES, World

YEAR = 365.25


@dataclass
class Life:
    """What every event of a month works with.

    `homes` is how many households the town has room for in the long run; `busy` marks households to which something
    has happened this month; `left` counts the months to the end.
    """

    world: World
    rng: np.random.Generator
    homes: int
    month: Month
    left: int = 0
    busy: Flags = field(init=False)

    def __post_init__(self) -> None:
        self.busy = np.zeros(len(self.world.households), dtype=bool)

    def children(self, youngest: int, below: int) -> Ints:
        """Residents of these ages on the first of the month."""
        world = self.world
        age = ages(world.people["born"], self.month.first)
        return np.flatnonzero(world.living() & (age >= youngest) & (age < below))

    def adults_by_home(self) -> Ints:
        """How many grown residents each household has."""
        people = self.world.people
        grown = self.world.living() & (people["born"] < self.month.first - 18 * YEAR)
        return np.bincount(people["household"][grown], minlength=len(self.world.households))

    def looked_after(self) -> Flags:
        """For every person, whether they are in care."""
        out = np.zeros(len(self.world.people), dtype=bool)
        care = self.world.care
        out[care["person"][care["end"] == NEVER]] = True
        return out

    def housed(self) -> Ints:
        """Households in ordinary homes and rooms of the town."""
        kinds = (*HOMES, places.HMO, places.HOSTEL)
        dwelling = self.world.households["dwelling"]
        return np.flatnonzero((dwelling >= 0) & np.isin(self.world.town.kind[dwelling], kinds))

    def within(self, kind: int) -> Flags:
        """For every household, whether it lives in this kind of dwelling."""
        dwelling = self.world.households["dwelling"]
        return np.asarray((dwelling >= 0) & (self.world.town.kind[dwelling] == kind))

    def days(self, count: int) -> Ints:
        """A day of this month for each of so many events."""
        return self.rng.integers(self.month.first, self.month.last + 1, count).astype(np.int32)

    def days_of_homes(self, homes: Ints) -> Ints:
        """One day per household, the same for all who leave together."""
        span = self.month.last - self.month.first + 1
        return (self.month.first + (homes.astype(np.int64) * 7919) % span).astype(np.int32)

    def grow_busy(self, homes: Ints) -> None:
        """These households, new ones among them, have had their event of the month."""
        grown = np.zeros(len(self.world.households), dtype=bool)
        grown[: len(self.busy)] = self.busy
        grown[homes] = True
        self.busy = grown

    def keep_busy(self, people: Ints) -> None:
        """These people's households have had their event of the month."""
        home = self.world.people["household"][people]
        self.busy[home[home >= 0]] = True
