"""Couples: abuse, parting, new partners, weddings."""

import numpy as np

from borough import town as places
from borough.chance import Flags, Ints, happens
from borough.christening import wed
from borough.days import NEVER, ages
from borough.kinship import second_homes
from borough.life import YEAR, Life
from borough.moving import set_up_alone
from borough.world import HOMES, NOBODY


def abuse(life: Life) -> None:
    """Abuse between partners who live together, or who parted lately; most of it never reported."""
    world, rng = life.world, life.rng
    people, couples = world.people, world.couples
    recent = np.flatnonzero((couples["end"] == NEVER) | (couples["end"] > life.month.first - 240))
    women, men = couples["woman"][recent], couples["man"][recent]
    apart = couples["end"][recent] != NEVER
    need = (people["need"][women] + people["need"][men]) / 2
    chance = np.minimum(0.022 * np.exp(1.45 * need) * np.where(apart, 4.0, 1.0), 2.5) / 12
    here = life.world.living()
    rows = np.flatnonzero(happens(rng, chance, len(recent)) & here[women] & here[men])
    swap = happens(rng, 0.2, len(rows))
    victim, suspect = np.where(swap, men[rows], women[rows]), np.where(swap, women[rows], men[rows])
    world.abuse.append(len(rows), victim=victim, suspect=suspect, on=life.days(len(rows)))


def part(life: Life) -> None:
    """Couples part; one moves out, mostly the father, to a room, a home or a parent; some children have two homes."""
    world, rng = life.world, life.rng
    people = world.people
    couples = np.flatnonzero(world.couples["end"] == NEVER)
    women, men = world.couples["woman"][couples], world.couples["man"][couples]
    living = world.living()
    together = living[women] & living[men] & (people["household"][women] == people["household"][men])
    young = people["born"][women] > life.month.first - 60 * YEAR
    hurt = np.zeros(len(people), dtype=bool)
    hurt[world.abuse["victim"][world.abuse["on"] > life.month.first - 200]] = True
    need = (people["need"][women] + people["need"][men]) / 2
    chance = 0.017 * np.exp(0.5 * need) * np.where(hurt[women] | hurt[men], 9.0, 1.0) / 12
    rows = np.flatnonzero(
        together & young & happens(rng, chance, len(couples)) & ~life.busy[people["household"][women]]
    )
    leaver = np.where(happens(rng, 0.86, len(rows)), men[rows], women[rows])
    stayer = np.where(leaver == men[rows], women[rows], men[rows])
    on = life.days(len(rows))
    life.keep_busy(leaver)
    world.part(leaver, on)
    _move_out(life, leaver, on)
    _keep_reverted_names(life, stayer, on)
    moved = people["household"][leaver] != people["household"][stayer]
    left = np.zeros(len(people), dtype=bool)
    left[leaver[moved]] = left[stayer[moved]] = True
    kids = np.flatnonzero(
        living & (people["born"] > life.month.first - 17 * YEAR) & left[people["mother"]] & left[people["father"]]
    )
    second_homes(world, rng, kids, life.month.last)


def _move_out(life: Life, people: Ints, on: Ints) -> None:
    """To a parent in the town if there is one with a home, else alone."""
    world, rng = life.world, life.rng
    held = world.people
    parent = np.where(held["mother"][people] >= 0, held["mother"][people], held["father"][people])
    home = held["household"][np.maximum(parent, 0)]
    back = (parent >= 0) & (home >= 0) & ~held["outside"][np.maximum(parent, 0)] & happens(rng, 0.3, len(people))
    back &= np.isin(world.town.kind[world.households["dwelling"][np.maximum(home, 0)]], HOMES) & (
        home != held["household"][people]
    )
    world.settle(people[back], home[back].astype(np.int64), on[back])
    set_up_alone(life, people[~back], on[~back])


def _keep_reverted_names(life: Life, people: Ints, on: Ints) -> None:
    """A third of women go back to the name they were born with."""
    held = life.world.people
    back = (held["sex"][people] == 0) & (held["surname"][people] != held["birth_surname"][people])
    rows = np.flatnonzero(back & happens(life.rng, 0.33, len(people)))
    life.world.rename(people[rows], held["birth_surname"][people[rows]], on[rows] + 30)


def pair_up(life: Life) -> None:
    """Single adults find each other: he moves in with her, with or without his children, or she with him."""
    world, rng = life.world, life.rng
    people = world.people
    age = ages(people["born"], life.month.first)
    home = people["household"]
    free = world.living() & (people["partner"] < 0) & (age >= 18) & (age < 62) & ~life.busy[home] & ~people["unrelated"]
    free &= np.isin(world.town.kind[world.households["dwelling"][home]], (*HOMES, places.HMO)) & (home >= 0)
    women = np.flatnonzero(free & (people["sex"] == 0) & happens(rng, 0.075 / 12, len(people)))
    men = np.flatnonzero(free & (people["sex"] == 1))
    keys = people["community"][men].astype(np.int64) * 1_000_000 + people["born"][men]
    order = np.argsort(keys, kind="stable")
    men, keys = men[order], keys[order]
    wanted = people["community"][women].astype(np.int64) * 1_000_000 + people["born"][women]
    if not len(men) or not len(women):
        return
    choice = np.clip(np.searchsorted(keys, wanted) + rng.integers(-9, 10, len(women)), 0, len(men) - 1)
    him = men[choice]
    kin = (people["mother"][him] == people["mother"][women]) & (people["mother"][women] >= 0)
    fits = (np.abs(keys[choice] - wanted) < 4500) & ~kin & (home[him] != home[women])
    _, first = np.unique(him, return_index=True)
    once = np.zeros(len(him), dtype=bool)
    once[first] = True
    _, first = np.unique(home[women], return_index=True)
    alone = np.zeros(len(women), dtype=bool)
    alone[first] = True
    _move_in(life, women[fits & once & alone], him[fits & once & alone])


def _move_in(life: Life, women: Ints, men: Ints) -> None:
    world = life.world
    people = world.people
    adults = life.adults_by_home()
    fits = (adults[people["household"][women]] == 1) & ~_brings_children(life, men)
    lives = np.isin(world.town.kind[world.households["dwelling"][people["household"][women]]], HOMES)
    women, men = women[fits & lives], men[fits & lives]
    on = life.days(len(women))
    life.keep_busy(women)
    life.keep_busy(men)
    world.pair(women, men, on)
    world.settle(men, people["household"][women].astype(np.int64), on)
    _second_homes_follow(life, men, on)


def _second_homes_follow(life: Life, people: Ints, on: Ints) -> None:
    """Children who stay with a father by turns follow him to his new home."""
    world = life.world
    held = world.people
    new_home = np.full(len(held) + 1, NOBODY)
    new_home[people] = held["household"][people]
    when = np.zeros(len(held) + 1, dtype=np.int64)
    when[people] = on
    father = held["father"]
    kids = np.flatnonzero(
        (held["second_stay"] >= 0) & (new_home[father] >= 0) & (held["household"] != new_home[father])
    )
    kids = kids[new_home[father[kids]] != held["second_household"][kids]]
    world.settle_second(kids, new_home[father[kids]], when[father[kids]])


def _brings_children(life: Life, men: Ints) -> Flags:
    """Whether a man has a child at home; such men are not moved, their children would have to be."""
    world = life.world
    people = world.people
    kids = life.children(0, 18)
    father = people["father"][kids]
    home = people["household"][np.maximum(father, 0)]
    busy = np.zeros(len(people), dtype=bool)
    busy[father[(father >= 0) & (home == people["household"][kids])]] = True
    return np.asarray(busy[men])


def marry(life: Life) -> None:
    """One couple in sixteen that lives together unmarried weds in a year."""
    world, rng = life.world, life.rng
    people = world.people
    open_rows = np.flatnonzero(world.couples["end"] == NEVER)
    women, men = world.couples["woman"][open_rows], world.couples["man"][open_rows]
    living = world.living()
    fits = (
        living[women]
        & living[men]
        & ~people["married"][women]
        & (people["sex"][women] == 0)
        & (people["sex"][men] == 1)
    )
    fits &= people["partner"][women] == men
    rows = np.flatnonzero(fits & happens(rng, 0.06 / 12, len(open_rows)))
    for side in (women[rows], men[rows]):
        people["married"][side] = True
    wed(world, rng, women[rows], life.days(len(rows)))
