"""Households as a town has them on any one day: who lives with whom, and how old they are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from borough.chance import Flags, Ints, happens, weighted
from borough.communities import COMMUNITIES
from borough.world import NOBODY, World

KINDS = (
    "single", "single_pensioner", "pensioners", "couple", "couple_family", "lone_family", "step_family",
    "three_generations", "sharers", "room", "kinship",
)  # fmt: skip
SINGLE, SINGLE_PENSIONER, PENSIONERS, COUPLE, COUPLE_FAMILY, LONE_FAMILY, STEP_FAMILY, THREE, SHARERS, ROOM, KINSHIP = (
    range(len(KINDS))
)
_SHARES = np.array([0.166, 0.152, 0.12, 0.2, 0.208, 0.073, 0.027, 0.0, 0.012, 0.042, 0.005])
_WITH_CHILDREN = (COUPLE_FAMILY, LONE_FAMILY, STEP_FAMILY, THREE)
_COUPLED = (PENSIONERS, COUPLE, COUPLE_FAMILY, STEP_FAMILY, THREE, KINSHIP)
_NEED = np.array([0.0, -0.2, -0.4, -0.3, -0.15, 0.75, 0.6, 0.0, 0.1, 0.9, 0.7])
_YEAR = 365.25


@dataclass(frozen=True)
class Founded:
    """What one founding added: household ids with their kinds, and the new people."""

    households: Ints
    kinds: Ints
    people: Ints


def found(world: World, rng: np.random.Generator, count: int, on: int) -> Founded:
    """`count` new households with their people, not yet named, housed or tied to anyone outside."""
    community = weighted(rng, COMMUNITIES.share, count)
    kinds = _kinds(rng, community)
    need = rng.normal(0, 0.85, count) + _NEED[kinds]
    homes = world.households.append(count, need=need, community=community)
    start = len(world.people)
    batch = _Batch(world, rng, homes, kinds, community, need, on)
    first = batch.heads()
    second = batch.partners(first)
    batch.children(first, second)
    batch.grandparents(first, second)
    batch.sharers()
    return Founded(households=homes, kinds=kinds, people=np.arange(start, len(world.people)))


def _kinds(rng: np.random.Generator, community: Ints) -> Ints:
    """A kind of household for each, three generations as often as the community has them."""
    kinds = weighted(rng, _SHARES, len(community))
    young = happens(rng, 0.5, len(community)) & (COMMUNITIES.children[community] > 2.4)
    kinds[young & np.isin(kinds, (SINGLE_PENSIONER, PENSIONERS, COUPLE))] = COUPLE_FAMILY
    three = happens(rng, COMMUNITIES.three_generations[community] * 3.2, len(community))
    kinds[three & np.isin(kinds, (COUPLE_FAMILY, LONE_FAMILY))] = THREE
    return kinds


@dataclass
class _Batch:
    """One founding under way; arrays are per household."""

    world: World
    rng: np.random.Generator
    homes: Ints
    kinds: Ints
    community: Ints
    need: NDArray[np.float64]
    on: int

    def heads(self) -> Ints:
        """The first adult of each household: the mother where there are children."""
        count = len(self.homes)
        family = np.isin(self.kinds, _WITH_CHILDREN)
        years = np.where(family, self._mothers_age(), self._other_age())
        woman = family & happens(self.rng, np.where(self.kinds == LONE_FAMILY, 0.9, 0.985), count)
        alone = happens(
            self.rng, np.select([self.kinds == SINGLE_PENSIONER, self.kinds == ROOM], [0.66, 0.25], 0.44), count
        )
        coupled = np.isin(self.kinds, _COUPLED)
        sex = np.where(woman | (~family & (alone | coupled)), 0, 1)
        return self._add(np.arange(count), sex, self._born(years))

    def partners(self, first: Ints) -> Ints:
        """The second adult, or NOBODY; one couple in sixty is of one sex."""
        rows = np.flatnonzero(np.isin(self.kinds, _COUPLED) & ~self._single_three())
        people = self.world.people
        born = people["born"][first[rows]] - (self.rng.normal(2.2, 3.8, len(rows)) * _YEAR).astype(int)
        same = happens(self.rng, 0.016, len(rows)) & np.isin(self.kinds[rows], (COUPLE, PENSIONERS))
        sex = np.where(same, people["sex"][first[rows]], 1 - people["sex"][first[rows]])
        other = self._others_community(rows)
        added = self._add(rows, sex, np.minimum(born, self.on - 18 * 366), community=other)
        second = np.full(len(self.homes), NOBODY)
        second[rows] = added
        together = self.on - self.rng.integers(200, 4000, len(rows))
        self.world.pair(first[rows], added, together.astype(np.int32))
        wed = happens(
            self.rng,
            COMMUNITIES.married[self.community[rows]] + 0.25 * np.isin(self.kinds[rows], (PENSIONERS, KINSHIP)),
            len(rows),
        )
        for side in (first[rows], added):
            self.world.people["married"][side] = wed
        return second

    def children(self, first: Ints, second: Ints) -> None:
        """Children in order of birth; in a step-family the first ones are of an earlier father."""
        rows = np.flatnonzero(np.isin(self.kinds, (*_WITH_CHILDREN, KINSHIP)))
        mother_born = self.world.people["born"][first[rows]].astype(np.int64)
        grand = self.kinds[rows] == KINSHIP
        mean = COMMUNITIES.first_birth[self.community[rows]] - 1.1 * self.need[rows]
        age = np.clip(self.rng.normal(mean, 4.5), 15.5, 43) + 26 * grand
        age = np.minimum(age, (self.on - mother_born) / _YEAR - self.rng.uniform(0.1, 2.5, len(rows)))
        due = mother_born + (age * _YEAR).astype(np.int64)
        wanted = 1 + np.minimum(self.rng.poisson(np.maximum(COMMUNITIES.children[self.community[rows]] - 0.95, 0.2)), 6)
        wanted = np.where(grand, np.minimum(wanted, 2), wanted)
        for place in range(7):
            self._births(rows, (first, second), due, wanted > place, place)
            twins = happens(self.rng, 0.016, len(rows))
            due = due + np.where(
                twins, 0, (np.clip(self.rng.gamma(3.2, 0.95, len(rows)), 1.0, 9) * _YEAR).astype(np.int64)
            )

    def grandparents(self, first: Ints, second: Ints) -> None:
        """One or two parents of one of the couple, in three-generation households."""
        rows = np.flatnonzero(self.kinds == THREE)
        of_second = happens(self.rng, 0.62, len(rows)) & (second[rows] >= 0)
        child = np.where(of_second, second[rows], first[rows])
        born = self.world.people["born"][child] - (self.rng.normal(27, 4, len(rows)).clip(17, 42) * _YEAR).astype(int)
        for sex, chance, column in ((0, 0.85, "mother"), (1, 0.5, "father")):
            there = happens(self.rng, chance, len(rows))
            added = self._add(rows[there], np.full(there.sum(), sex), born[there] - sex * 900)
            self.world.people[column][child[there]] = added
        both = (self.world.people["mother"][child] >= 0) & (self.world.people["father"][child] >= 0)
        mothers, fathers = self.world.people["mother"][child[both]], self.world.people["father"][child[both]]
        self.world.pair(mothers, fathers, np.full(both.sum(), self.on - 9000, dtype=np.int32))
        for side in (mothers, fathers):
            self.world.people["married"][side] = True

    def sharers(self) -> None:
        """Friends who share a house, and a lodger here and there: in the household, but no kin."""
        for chance in (1.0, 0.6, 0.35):
            rows = np.flatnonzero((self.kinds == SHARERS) & happens(self.rng, chance, len(self.homes)))
            self._stranger(rows, 19, 36)
        lodged = np.isin(self.kinds, (SINGLE, COUPLE_FAMILY, LONE_FAMILY))
        self._stranger(np.flatnonzero(lodged & happens(self.rng, 0.008, len(self.homes))), 19, 55)

    def _births(self, rows: Ints, couple: tuple[Ints, Ints], due: Ints, wanted: Flags, place: int) -> None:
        first, second = couple
        years = (self.on - due) / _YEAR
        stays = years < 18 + self.rng.gamma(1.6, 2.6, len(rows))
        here = np.flatnonzero(wanted & (due < self.on) & stays)
        home, kinds = rows[here], self.kinds[rows[here]]
        community = self._childs_community(home, first, second)
        added = self._add(
            home, self.rng.integers(0, 2, len(home)), due[here] + self.rng.integers(0, 2, len(home)) * 0, community
        )
        people = self.world.people
        kin, step = kinds == KINSHIP, (kinds == STEP_FAMILY) & (place < 1 + (self.homes[home] % 2))
        woman = people["sex"][first[home]] == 0
        mother = np.where(kin, NOBODY, np.where(woman, first[home], second[home]))
        father = np.where(kin | step, NOBODY, np.where(woman, second[home], first[home]))
        people["mother"][added] = mother
        people["father"][added] = father

    def _stranger(self, rows: Ints, youngest: int, oldest: int) -> None:
        born = self._born(self.rng.uniform(youngest, oldest, len(rows)))
        added = self._add(rows, self.rng.integers(0, 2, len(rows)), born)
        self.world.people["unrelated"][added] = True

    def _single_three(self) -> Flags:
        return np.asarray((self.kinds == THREE) & (self.homes % 4 == 0))

    def _others_community(self, rows: Ints) -> Ints:
        """One couple in eighteen is of two communities."""
        across = happens(self.rng, 0.055, len(rows))
        return np.where(across, weighted(self.rng, COMMUNITIES.share, len(rows)), self.community[rows])

    def _childs_community(self, rows: Ints, first: Ints, second: Ints) -> Ints:
        held = self.world.people["community"]
        other = np.where(second[rows] >= 0, held[second[rows]], held[first[rows]])
        return np.where(other == held[first[rows]], held[first[rows]], COMMUNITIES.place("mixed"))

    def _mothers_age(self) -> NDArray[np.float64]:
        return np.asarray(self.rng.triangular(18.5, 37, 60, len(self.homes)))

    def _other_age(self) -> NDArray[np.float64]:
        old = np.isin(self.kinds, (SINGLE_PENSIONER, PENSIONERS))
        older = 64 + self.rng.gamma(2.2, 4.8, len(self.homes)).clip(0, 34)
        young = np.where(
            happens(self.rng, 0.45, len(self.homes)),
            self.rng.uniform(20, 36, len(self.homes)),
            self.rng.uniform(36, 65, len(self.homes)),
        )
        return np.select(
            [old, self.kinds == KINSHIP, self.kinds == SHARERS],
            [older, self.rng.uniform(46, 70, len(self.homes)), self.rng.uniform(19, 34, len(self.homes))],
            young,
        )

    def _born(self, years: NDArray[np.float64]) -> Ints:
        return (self.on - years * _YEAR - self.rng.integers(0, 365, len(years))).astype(np.int64)

    def _add(
        self, rows: Ints, sex: NDArray[np.integer], born: NDArray[np.integer], community: Ints | None = None
    ) -> Ints:
        return self.world.people.append(
            len(rows), sex=sex, born=born, household=self.homes[rows],
            community=self.community[rows] if community is None else community,
            need=self.need[rows] + self.rng.normal(0, 0.35, len(rows)),
        )  # fmt: skip
