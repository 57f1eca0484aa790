"""Births, expected some six months before, and deaths."""

import numpy as np

from borough.chance import Flags, Ints, happens
from borough.christening import christen
from borough.communities import COMMUNITIES
from borough.days import ages
from borough.life import Life
from borough.world import NOBODY

_MIXED = COMMUNITIES.place("mixed")


def bear(life: Life) -> None:
    """Children due this month are born; others are expected, known to be so some six months before."""
    world = life.world
    people = world.people
    mothers = np.flatnonzero((people["carrying"] >= 0) & ~people["unborn"])
    child = people["carrying"][mothers]
    born = people["born"][child] <= life.month.last
    lost = ~world.living()[mothers]
    people["carrying"][mothers[born | lost]] = NOBODY
    arriving, mother = child[born & ~lost], mothers[born & ~lost]
    second = people["carrying"][arriving]
    people["carrying"][arriving] = NOBODY
    arriving = np.concatenate([arriving, second[second >= 0]])
    home = people["household"][np.concatenate([mother, mother[second >= 0]])].astype(np.int64)
    people["unborn"][arriving] = False
    world.settle(arriving, home, people["born"][arriving])
    _conceive(life)


def _conceive(life: Life) -> None:
    world, rng = life.world, life.rng
    people = world.people
    age = ages(people["born"], life.month.first)
    fertile = world.living() & (people["sex"] == 0) & (age >= 16) & (age < 44) & (people["carrying"] < 0)
    curve = np.exp(-(((age - 29.5) / 6.6) ** 2)) * np.where(people["partner"] >= 0, 0.225, 0.05)
    women = np.flatnonzero(fertile & happens(rng, curve / 12, len(people)))
    women = women[~_bore_lately(life)[women]]
    twin = women[happens(rng, 0.016, len(women))]
    due = (life.month.last + 180 + rng.integers(0, 30, len(women))).astype(np.int32)
    first = _expect(life, women, due)
    people = world.people
    people["carrying"][women] = first
    when = np.zeros(len(people), dtype=np.int32)
    when[women] = due
    second = _expect(life, twin, when[twin])
    christen(world, rng, np.concatenate([first, second]))
    _twins_arrive_together(life, second)


def _expect(life: Life, women: Ints, due: Ints) -> Ints:
    people = life.world.people
    partner = people["partner"][women]
    man = (partner >= 0) & (people["sex"][np.maximum(partner, 0)] == 1)
    mixed = man & (people["community"][np.maximum(partner, 0)] != people["community"][women])
    return people.append(
        len(women), sex=life.rng.integers(0, 2, len(women)), born=due, mother=women, unborn=True,
        father=np.where(man, partner, NOBODY), need=people["need"][women],
        community=np.where(mixed, _MIXED, people["community"][women]),
    )  # fmt: skip


def _twins_arrive_together(life: Life, second: Ints) -> None:
    """A second twin is carried by the first, so that both are born on one day."""
    people = life.world.people
    first = people["carrying"][people["mother"][second]]
    people["carrying"][first] = second


def _bore_lately(life: Life) -> Flags:
    people = life.world.people
    lately = np.zeros(len(people) + 1, dtype=bool)
    lately[people["mother"][people["born"] > life.month.first - 300]] = True
    lately[-1] = False
    return lately[:-1]


def die(life: Life) -> None:
    """The old die; a parent alone with children does not, which keeps the model simple and spares it orphans."""
    world, rng = life.world, life.rng
    people = world.people
    age = ages(people["born"], life.month.first)
    chance = np.minimum(0.00003 * np.exp(0.092 * age), 0.6) / 12
    dying = np.flatnonzero(world.living() & happens(rng, chance, len(people)) & (people["carrying"] < 0))
    adults = life.adults_by_home()
    kids = np.bincount(people["household"][life.children(0, 18)], minlength=len(world.households))
    home = people["household"][dying]
    dying = dying[(kids[home] == 0) | ((adults[home] > 1) & (age[dying] >= 18))]
    _, first = np.unique(people["household"][dying], return_index=True)
    dying = dying[first]
    on = life.days(len(dying))
    bereaved = people["partner"][dying] >= 0
    world.part(dying[bereaved], on[bereaved])
    world.depart(dying, on, "died")
