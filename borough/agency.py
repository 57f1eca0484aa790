"""What every agency works with: the world as it was, the means to describe people, and its own luck."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from borough.chance import Ints, Texts, stream
from borough.days import Month
from borough.luck import Luck
from borough.records import Scribe
from borough.timeline import Timeline
from borough.world import World


@dataclass(frozen=True)
class Agency:
    """The parts that all five agencies share; `months` are the delivery months, oldest first."""

    world: World
    timeline: Timeline
    scribe: Scribe
    months: tuple[Month, ...]
    seed: int
    mistakes: float

    def rng(self, name: str) -> np.random.Generator:
        """A stream of chance of its own for one part of one agency."""
        return stream(self.seed, "agency", name)

    def luck(self, subject: str, *parts: Ints) -> Luck:
        """The lasting luck of records."""
        return Luck.about(self.seed, subject, *parts)

    @property
    def last(self) -> int:
        """The last day that is delivered."""
        return self.months[-1].last

    @property
    def first(self) -> int:
        """The first day of the first month delivered."""
        return self.months[0].first


def numbered(prefix: str, order: NDArray[np.number], start: int = 100_000) -> Texts:
    """Ids in the order in which records were opened: a prefix and a running number."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[np.argsort(order, kind="stable")] = np.arange(len(order))
    return np.array([f"{prefix}{start + number}" for number in rank.tolist()], dtype=object)


def since(days: NDArray[np.integer], after: int | None, until: int) -> NDArray[np.bool_]:
    """Which events fall after the last delivery (None: there was none) and by the day of this one."""
    new = days <= until
    return np.asarray(new if after is None else new & (days > after))
