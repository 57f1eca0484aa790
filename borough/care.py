"""Children who come into care, and those among them who are adopted."""

import numpy as np

from borough.chance import Flags, Ints, happens
from borough.christening import christen
from borough.days import NEVER, ages
from borough.life import YEAR, Life
from borough.world import HOMES


def take_into_care(life: Life) -> None:
    """Children come into care: to a children's home, foster carers, or grandparents; some go back home."""
    world, rng = life.world, life.rng
    people = world.people
    kids = life.children(0, 17)
    free = (people["household"][kids] >= 0) & ~life.busy[people["household"][kids]]
    chance = 0.0011 * np.exp(1.5 * people["need"][kids].clip(-2, 3)) / 12
    chosen = happens(rng, chance, len(kids)) | _one_young_child(life, kids, free)
    taken = kids[free & chosen & ~life.looked_after()[kids]]
    on = life.days(len(taken))
    kin = people["mother"][np.maximum(people["mother"][taken], 0)]
    home = people["household"][np.maximum(kin, 0)]
    with_kin = (people["mother"][taken] >= 0) & (kin >= 0) & (home >= 0) & ~people["outside"][np.maximum(kin, 0)]
    with_kin &= happens(rng, 0.7, len(taken)) & (life.left != 14)
    world.end_second(taken, on)
    world.settle(taken[with_kin], home[with_kin].astype(np.int64), on[with_kin])
    _foster(life, taken[~with_kin], on[~with_kin])
    world.care.append(len(taken), person=taken, start=on)
    life.keep_busy(taken)


def _one_young_child(life: Life, kids: Ints, free: Flags) -> Flags:
    """Even the smallest borough has one adoption: a year before the end its child comes into care."""
    chosen = np.zeros(len(kids), dtype=bool)
    if life.left == 14 and not len(life.world.adoptions):
        people = life.world.people
        young = free & (people["born"][kids] > life.month.first - 3 * YEAR) & (people["mother"][kids] >= 0)
        chosen[np.argsort(-np.where(young, people["need"][kids], -99.0), kind="stable")[:1]] = True
    return chosen


def _foster(life: Life, kids: Ints, on: Ints) -> None:
    """Foster carers are couples of ripe age in low need; the child lives there and is no kin."""
    world = life.world
    carers = _carers(life, len(kids), 32, 62)
    kids, on = kids[: len(carers)], on[: len(carers)]
    world.settle(kids, world.people["household"][carers].astype(np.int64), on)
    world.people["unrelated"][kids] = True


def _carers(life: Life, count: int, youngest: int, oldest: int) -> Ints:
    """Settled couples of this age, in no particular need, one person for each."""
    world, rng = life.world, life.rng
    people = world.people
    age = ages(people["born"], life.month.first)
    home = people["household"]
    fits = world.living() & (people["sex"] == 0) & (people["partner"] >= 0) & (age >= youngest) & (age <= oldest)
    fits &= (people["need"] < 0.6) & ~life.busy[home] & (home[people["partner"]] == home)
    fits &= np.isin(world.town.kind[world.households["dwelling"][home]], HOMES)
    return rng.permutation(np.flatnonzero(fits))[:count]


def adopt(life: Life) -> None:
    """A young child in care is adopted: by law a new person, whose records must never meet the old ones."""
    world, rng = life.world, life.rng
    people = world.people
    care = world.care
    could = np.flatnonzero((care["end"] == NEVER) & (care["start"] < life.month.first - 150))
    kids = care["person"][could]
    young = world.living()[kids] & (people["born"][kids] > life.month.first - 7 * YEAR) & people["unrelated"][kids]
    kids = kids[young & (happens(rng, 0.9 / 12, len(kids)) | (life.left == 5 and not len(world.adoptions)))]
    parents = _carers(life, len(kids), 28, 46)
    _adopt_into(life, kids[: len(parents)], parents)


def _adopt_into(life: Life, kids: Ints, mothers: Ints) -> None:
    world, rng = life.world, life.rng
    people = world.people
    on = life.days(len(kids))
    world.depart(kids, on, "left")
    same_name = happens(rng, 0.65, len(kids))
    fathers = people["partner"][mothers]
    after = people.append(
        len(kids), sex=people["sex"][kids], born=people["born"][kids], community=people["community"][kids],
        mother=mothers, father=fathers, need=people["need"][mothers], household=people["household"][mothers],
        arrived=on,
    )  # fmt: skip
    people = world.people
    people["stay"][after] = world.stays.append(
        len(after), person=after, household=people["household"][after], start=on,
        dwelling=world.households["dwelling"][people["household"][after]],
    )  # fmt: skip
    christen(world, rng, after)
    people["forename"][after] = np.where(same_name, people["forename"][kids], people["forename"][after])
    world.adoptions.append(len(kids), before=kids, after=after, on=on)
    open_care = np.isin(world.care["person"], kids) & (world.care["end"] == NEVER)
    world.care["end"][open_care] = life.month.last
