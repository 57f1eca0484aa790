"""Care homes, the children's home, the boarding school, and the refuge, which is never quite empty."""

import numpy as np

from borough import town as places
from borough.chance import Ints, happens
from borough.days import ages
from borough.life import YEAR, Life
from borough.moving import give_dwelling
from borough.world import HOMES


def fill_institutions(life: Life) -> None:
    """Care homes with the very old, a children's home, a boarding school, and a refuge never quite empty."""
    world, rng = life.world, life.rng
    old = np.flatnonzero(world.living() & (ages(world.people["born"], life.month.first) >= 80))
    for kind, pool, share in (
        (places.CARE_HOME, old, 0.85),
        (places.CHILDRENS_HOME, life.children(8, 17), 0.8),
        (places.BOARDING, life.children(8, 18), 0.3),
    ):
        beds = world.vacant(rng, (kind,), len(world.town))
        beds = beds[: int(len(beds) * share)]
        free = pool[~life.busy[world.people["household"][pool]]]
        chosen = rng.permutation(free)[: min(len(beds), len(free) // 12 + 1)]
        _to_institution(life, chosen, beds[: len(chosen)], looked_after=kind == places.CHILDRENS_HOME)
    shelter(life)


def _to_institution(life: Life, people: Ints, beds: Ints, *, looked_after: bool) -> None:
    world = life.world
    on = life.days(len(people))
    homes = world.households.append(
        len(people), need=world.people["need"][people], community=world.people["community"][people]
    )
    life.grow_busy(homes)
    life.keep_busy(people)
    world.end_second(people, on)
    world.settle(people, homes, on)
    give_dwelling(life, homes, beds, on)
    if looked_after:
        world.care.append(len(people), person=people, start=on)


def shelter(life: Life) -> None:
    """Mothers who fled, each with her children, stay in the refuge for months; then their new address is hidden."""
    world, rng = life.world, life.rng
    households, people = world.households, world.people
    inside = np.flatnonzero(life.within(places.REFUGE) & (households["moved"] < life.month.first - 100))
    leaving = inside[happens(rng, 0.3, len(inside))]
    homes = world.vacant(rng, HOMES, len(leaving))
    leaving = leaving[: len(homes)]
    world.house(leaving, homes, life.days(len(leaving)))
    life.grow_busy(leaving)
    beds = world.vacant(rng, (places.REFUGE,), len(world.town))
    places_taken = int(life.within(places.REFUGE).sum())
    wanted = max(0, int((len(beds) + places_taken) * 0.65) - places_taken)
    mothers = _fleeing(life, wanted)
    home = people["household"][mothers]
    fled = mothers[: len(beds)]
    home = home[: len(beds)]
    when = life.days(len(fled))
    households["hidden_from"][home] = np.minimum(households["hidden_from"][home], when)
    world.house(home, beds[: len(fled)], when)
    life.grow_busy(home)
    world.end_second(np.flatnonzero(np.isin(people["household"], home) & (people["second_stay"] >= 0)), when[:1])


def _fleeing(life: Life, count: int) -> Ints:
    """Lone mothers in the greatest need, first those lately hurt; one per household."""
    world = life.world
    people = world.people
    children = life.children(0, 16)
    mother = people["mother"][children]
    with_her = (mother >= 0) & (people["household"][mother] == people["household"][children])
    mothers = np.unique(mother[with_her & ~people["unrelated"][children]])
    home = people["household"][mothers]
    ok = world.living()[mothers] & (people["partner"][mothers] < 0) & ~life.busy[np.maximum(home, 0)]
    ok &= np.isin(world.town.kind[world.households["dwelling"][np.maximum(home, 0)]], HOMES)
    adults = np.bincount(
        np.maximum(people["household"], 0)[world.living() & (people["born"] < life.month.first - 18 * YEAR)],
        minlength=len(world.households),
    )
    ok &= adults[np.maximum(home, 0)] == 1
    hurt = np.zeros(len(people), dtype=bool)
    hurt[world.abuse["victim"][world.abuse["on"] > life.month.first - 400]] = True
    mothers = mothers[ok]
    order = np.lexsort((mothers, -(people["need"][mothers] + 3.0 * hurt[mothers])))
    mothers = mothers[order]
    _, first = np.unique(people["household"][mothers], return_index=True)
    return np.asarray(mothers[np.sort(first)][:count])
