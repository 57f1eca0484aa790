"""Moving house, leaving home, coming to the town and leaving it.

Nobody's household moves twice in a month, so that every history stays in order.
"""

import numpy as np

from borough import town as places
from borough.chance import Ints, happens
from borough.christening import christen
from borough.days import ages
from borough.founding import found
from borough.kinship import house_away, second_homes, tie
from borough.life import YEAR, Life
from borough.world import HOMES

ROOMS = (places.HMO, places.HOSTEL)


def settle_in(life: Life, founded: Ints) -> None:
    """House the founding population, with tenancies that began long ago."""
    world, rng = life.world, life.rng
    start = life.month.first - (rng.exponential(5.5, len(founded)) * YEAR).astype(np.int64).clip(20, 14_000)
    _place(life, founded, start)
    children = np.flatnonzero(world.people["born"] > life.month.first - 17 * YEAR)
    second_homes(world, rng, children, life.month.first)


def _place(life: Life, homes: Ints, start: Ints) -> Ints:
    """Homes for households; singles of high need go to rooms. Returns those for whom there was a place."""
    world, rng = life.world, life.rng
    members = world.members(homes)
    size = np.bincount(world.people["household"][members], minlength=len(world.households))[homes]
    need = world.households["need"][homes]
    lone = (size == 1) & happens(rng, 0.14 / (1 + np.exp(-1.4 * need)), len(homes))
    room = np.flatnonzero(lone)
    vacant = world.vacant(rng, ROOMS, len(room))
    room = room[: len(vacant)]
    world.house(homes[room], vacant[: len(room)], start[room])
    rest = np.setdiff1d(np.arange(len(homes)), room)
    dwellings = _segregated(life, homes[rest], world.vacant(rng, HOMES, len(rest)))
    rest = rest[: len(dwellings)]
    world.house(homes[rest], dwellings, start[rest])
    _no_earlier_than_birth(life, world.members(homes))
    return np.asarray(homes[np.concatenate([room, rest])])


def _segregated(life: Life, homes: Ints, dwellings: Ints) -> Ints:
    """Match dwellings to households so that communities and hardship lie unevenly over the wards."""
    world, rng = life.world, life.rng
    households = world.households
    homes = homes[: len(dwellings)]
    towards = households["community"][homes] * 0.11 + households["need"][homes] * 0.35 + rng.normal(0, 0.9, len(homes))
    out = np.empty(len(dwellings), dtype=np.int64)
    out[np.argsort(towards, kind="stable")] = dwellings[np.argsort(world.town.area[dwellings], kind="stable")]
    return out


def _no_earlier_than_birth(life: Life, people: Ints) -> None:
    world = life.world
    rows = world.people["stay"][people]
    world.stays["start"][rows] = np.maximum(world.stays["start"][rows], world.people["born"][people])


def move_house(life: Life) -> None:
    """A home in eleven moves house within the town in a year, tenants in hardship more often."""
    world, rng = life.world, life.rng
    homes = life.housed()
    chance = 0.085 * np.exp(0.35 * world.households["need"][homes].clip(-2, 3)) / 12
    moving = homes[happens(rng, chance, len(homes))]
    dwellings = _segregated(life, moving, world.vacant(rng, HOMES, len(moving)))
    moving = moving[: len(dwellings)]
    life.busy[moving] = True
    world.house(moving, dwellings, life.days(len(moving)))


def leave_town(life: Life) -> None:
    """Households leave the borough for good."""
    world, rng = life.world, life.rng
    homes = life.housed()
    size = max(len(homes), 1)
    chance = (0.035 + 0.5 * max(0.0, size / life.homes - 1.0)) / 12
    leaving = homes[happens(rng, chance, len(homes)) & ~life.busy[homes]]
    people = world.members(leaving)
    people = people[~np.isin(people, world.people["carrying"][people])]
    life.busy[leaving] = True
    world.depart(people, life.days_of_homes(world.people["household"][people]), "left")


def arrive(life: Life) -> None:
    """New households come from elsewhere, named, with kin of their own and an address before this one."""
    world, rng = life.world, life.rng
    count = int(rng.poisson(max(life.homes * 0.036 / 12, 0.2)))
    spare = len(world.vacant(rng, HOMES, count + 4))
    founded = found(world, rng, min(count, spare), life.month.first)
    life.grow_busy(founded.households)
    added = tie(world, rng, founded, life.month.first)
    christen(world, rng, np.concatenate([founded.people, added]))
    house_away(world, rng, founded.households, life.month.first - rng.integers(200, 3000, len(founded.households)))
    _no_earlier_than_birth(life, founded.people)
    housed = _place(life, founded.households, life.days(len(founded.households)))
    people = world.members(housed)
    world.people["arrived"][people] = world.households["moved"][world.people["household"][people]]
    life.busy[housed] = True


def leave_home(life: Life) -> None:
    """Grown children set up on their own, or leave the town."""
    world, rng = life.world, life.rng
    people = world.people
    age = ages(people["born"], life.month.first)
    mother, father = people["mother"], people["father"]
    home = people["household"]
    with_parent = ((mother >= 0) & (home[mother] == home)) | ((father >= 0) & (home[father] == home))
    could = np.flatnonzero(world.living() & with_parent & (age >= 18) & (age < 40) & (people["partner"] < 0))
    could = could[happens(rng, 0.10 / 12, len(could)) & ~life.busy[home[could]]]
    go = happens(rng, 0.35, len(could))
    world.depart(could[go], life.days(int(go.sum())), "left")
    set_up_alone(life, could[~go], life.days(int((~go).sum())))


def set_up_alone(life: Life, people: Ints, on: Ints, room: float = 0.45) -> None:
    """People move into a room or a small home of their own; those for whom there is none stay."""
    world, rng = life.world, life.rng
    roomed = happens(rng, room, len(people))
    for flags, kinds in ((roomed, ROOMS), (~roomed, HOMES)):
        rows = np.flatnonzero(flags)
        beds = world.vacant(rng, kinds, len(rows))
        rows = rows[: len(beds)]
        one, need = people[rows], world.people["need"][people[rows]]
        homes = world.households.append(len(one), need=need, community=world.people["community"][one])
        life.grow_busy(homes)
        world.settle(one, homes, on[rows])
        give_dwelling(life, homes, beds[: len(rows)], on[rows])


def give_dwelling(life: Life, homes: Ints, beds: Ints, on: Ints) -> None:
    """Give households that were opened without a dwelling theirs, from the same day."""
    world = life.world
    np.add.at(world.occupied, beds, 1)
    world.households["dwelling"][homes] = beds
    world.households["moved"][homes] = on
    world.households["room"][homes] = world.occupied[beds]
    members = world.members(homes)
    world.stays["dwelling"][world.people["stay"][members]] = world.households["dwelling"][
        world.people["household"][members]
    ]
