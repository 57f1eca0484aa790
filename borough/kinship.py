"""Ties that reach beyond one household: absent parents, grandparents elsewhere in town."""

from dataclasses import dataclass

import numpy as np

from borough.chance import Flags, Floats, Ints, happens
from borough.founding import Founded
from borough.town import ELSEWHERE
from borough.world import NOBODY, World

_IN_TOWN, _AWAY = 0.46, 0.86
_YEAR = 365.25
_SPAN = 1_000_000


def tie(world: World, rng: np.random.Generator, founded: Founded, on: int) -> Ints:
    """Give the new people kin outside their household. Returns the people added for it, who live in other towns."""
    before = len(world.people)
    _absent_parents(world, rng, founded.people, on)
    _kinship_mothers(world, rng, founded.people, on)
    _elders(world, rng, founded.people)
    return np.arange(before, len(world.people))


def second_homes(world: World, rng: np.random.Generator, children: Ints, on: int, chance: float = 0.4) -> None:
    """Some children of separated parents live with both by turns."""
    people = world.people
    children = children[people["second_household"][children] < 0]
    mother, father = people["mother"][children], people["father"][children]
    with_mother = people["household"][np.maximum(mother, 0)] == people["household"][children]
    other = np.where(with_mother, father, mother)
    home = np.where(other >= 0, people["household"][np.maximum(other, 0)], -1)
    apart = (mother >= 0) & (father >= 0) & (home >= 0) & (home != people["household"][children])
    apart &= (people["born"][children] > on - 17 * _YEAR) & ~people["outside"][np.maximum(other, 0)]
    apart &= world.households["dwelling"][np.maximum(home, 0)] >= 0
    shared = (np.maximum(mother, 0) * 7919 + 13) % 1000 < chance * 1000
    rows = np.flatnonzero(apart & shared & happens(rng, 0.96, len(children)))
    world.settle_second(children[rows], home[rows].astype(np.int64), np.full(len(rows), on, dtype=np.int32))


def end_lost_second_homes(world: World, on: int) -> None:
    """A second home ends when no parent lives there any more, or when the child has come to live there for good."""
    people = world.people
    children = np.flatnonzero(people["second_stay"] >= 0)
    second = people["second_household"][children]
    lost = people["household"][children] == second
    here = np.zeros(len(children), dtype=bool)
    for name in ("mother", "father"):
        parent = people[name][children]
        here |= (parent >= 0) & (people["household"][parent] == second)
    lost |= ~here | (people["born"][children] < on - 18 * _YEAR)
    world.end_second(children[lost], np.full(int(lost.sum()), on))


def _absent_parents(world: World, rng: np.random.Generator, new: Ints, on: int) -> None:
    """The other parent of children who live with one: a resident, someone in another town, or nobody known."""
    people = world.people
    mother, father = people["mother"][new], people["father"][new]
    alone = (mother >= 0) ^ (father >= 0)
    children = new[alone]
    known = np.where(mother[alone] >= 0, mother[alone], father[alone]).astype(np.int64)
    parents, which = np.unique(known, return_inverse=True)
    fate = rng.random(len(parents))
    other = np.full(len(parents), NOBODY)
    near = np.flatnonzero(fate < _IN_TOWN)
    seeking = _Seeking(parents[near], 1 - people["sex"][parents[near]], np.zeros(len(near)), within=3300)
    other[near] = _match(world, rng, seeking)
    far = np.flatnonzero((other < 0) & (fate < _AWAY))
    other[far] = outsiders(world, rng, parents[far], on)
    column = np.where(world.people["sex"][other] == 1, "father", "mother")
    for name in ("father", "mother"):
        rows = (column[which] == name) & (other[which] >= 0)
        rows &= world.people["sex"][known] != world.people["sex"][np.maximum(other[which], 0)]
        world.people[name][children[rows]] = other[which][rows]


def outsiders(world: World, rng: np.random.Generator, of: Ints, on: int) -> Ints:
    """People of the other sex and like age, each in a household of their own in another town."""
    people = world.people
    homes = world.households.append(len(of), community=people["community"][of], need=people["need"][of])
    added = people.append(
        len(of),
        sex=1 - people["sex"][of],
        born=people["born"][of] - rng.normal(600, 1100, len(of)).astype(int),
        community=people["community"][of],
        need=people["need"][of],
        household=homes,
        outside=True,
    )
    house_away(world, rng, homes, on - rng.integers(100, 2500, len(of)))
    return added


def house_away(world: World, rng: np.random.Generator, homes: Ints, start: Ints) -> None:
    """Give households an address in another town; the stock of them is used again when it runs out."""
    away = np.flatnonzero(world.town.kind == ELSEWHERE)
    world.house(homes, rng.choice(away, len(homes)), start)


def _kinship_mothers(world: World, rng: np.random.Generator, new: Ints, on: int) -> None:
    """A child whom grandparents bring up has a mother, their daughter, in another town."""
    people = world.people
    orphan = new[(people["mother"][new] < 0) & (people["father"][new] < 0) & (people["born"][new] > on - 19 * _YEAR)]
    orphan = orphan[~people["unrelated"][orphan]]
    homes, first, which = np.unique(people["household"][orphan], return_index=True, return_inverse=True)
    members = world.members(homes)
    women = members[(people["sex"][members] == 0) & (people["born"][members] < on - 40 * _YEAR)]
    head = np.full(len(world.households), NOBODY)
    head[people["household"][women]] = women
    daughters = outsiders(world, rng, orphan[first], on)
    people = world.people
    people["sex"][daughters] = 0
    people["mother"][daughters] = head[homes]
    people["father"][daughters] = np.where(head[homes] >= 0, people["partner"][np.maximum(head[homes], 0)], NOBODY)
    eldest = np.full(len(homes), 2_000_000)
    np.minimum.at(eldest, which, people["born"][orphan])
    people["born"][daughters] = eldest - (rng.uniform(16.5, 24, len(homes)) * _YEAR).astype(int)
    people["mother"][orphan] = daughters[which]


def _elders(world: World, rng: np.random.Generator, new: Ints) -> None:
    """A third of younger adults have their mother, and her husband as father, in another household of the town."""
    people = world.people
    fit = (
        (people["mother"][new] < 0)
        & (people["father"][new] < 0)
        & ~people["unrelated"][new]
        & happens(rng, 0.36, len(new))
    )
    young = new[fit]
    gap = rng.normal(27.5, 4.5, len(young)).clip(18, 40) * _YEAR
    seeking = _Seeking(young, np.zeros(len(young), dtype=np.int64), gap, within=1200, most=3)
    mother = _match(world, rng, seeking)
    partner = people["partner"][young]
    same = (partner >= 0) & (people["mother"][np.maximum(partner, 0)] == mother) & (mother >= 0)
    own = (mother >= 0) & (people["mother"][np.maximum(mother, 0)] == young)
    good = np.flatnonzero((mother >= 0) & ~same & ~own)
    people["mother"][young[good]] = mother[good]
    husband = people["partner"][mother[good]]
    older = (husband >= 0) & (people["born"][np.maximum(husband, 0)] < people["born"][young[good]] - 16 * _YEAR)
    older &= people["sex"][np.maximum(husband, 0)] == 1
    people["father"][young[good[older]]] = husband[older]
    _unmarry_siblings(world, young[good])


def _unmarry_siblings(world: World, people: Ints) -> None:
    """No couple are brother and sister: such a tie is taken back."""
    held = world.people
    partner = held["partner"][people]
    wrong = people[(partner >= 0) & (held["mother"][np.maximum(partner, 0)] == held["mother"][people])]
    held["mother"][wrong] = NOBODY
    held["father"][wrong] = NOBODY


@dataclass(frozen=True)
class _Seeking:
    """People who look for someone of a sex, born about `gap` days before them, `within` so many days.

    One is found by `most` so many of them.
    """

    seekers: Ints
    sex: Ints
    gap: Floats
    within: int
    most: int = 1


def _match(world: World, rng: np.random.Generator, seeking: _Seeking) -> Ints:
    """For each seeker someone of their community, of another household; NOBODY where there is none."""
    seekers, sex = seeking.seekers, seeking.sex
    people = world.people
    found = np.full(len(seekers), NOBODY)
    adults = world.living() & (people["born"] < people["born"].max() - 17 * _YEAR) & ~people["unrelated"]
    for one in (0, 1):
        pool = np.flatnonzero(adults & (people["sex"] == one))
        keys = people["community"][pool].astype(np.int64) * _SPAN + people["born"][pool]
        order = np.argsort(keys, kind="stable")
        pool, keys = pool[order], keys[order]
        rows = np.flatnonzero(sex == one)
        if not len(pool) or not len(rows):
            continue
        target = people["born"][seekers[rows]] - seeking.gap[rows]
        wanted = people["community"][seekers[rows]].astype(np.int64) * _SPAN + target
        place = np.clip(np.searchsorted(keys, wanted) + rng.integers(-6, 7, len(rows)), 0, len(pool) - 1)
        near = (np.abs(keys[place] - wanted) < seeking.within) & _elsewhere(world, seekers[rows], pool[place])
        near[near] &= _among_first(pool[place[near]], seeking.most)
        found[rows[near]] = pool[place[near]]
    return found


def _elsewhere(world: World, one: Ints, other: Ints) -> Flags:
    people = world.people
    return np.asarray((people["household"][one] != people["household"][other]) & (people["partner"][one] != other))


def _among_first(values: Ints, most: int) -> Flags:
    """Whether each value stands here for the first, or one of the first so many, times."""
    order = np.argsort(values, kind="stable")
    new = np.concatenate([[True], np.diff(values[order]) != 0]) if len(values) else np.zeros(0, dtype=bool)
    starts = np.flatnonzero(new)
    place = np.arange(len(values)) - np.repeat(starts, np.diff(np.append(starts, len(values))))
    out = np.zeros(len(values), dtype=bool)
    out[order] = place < most
    return out
