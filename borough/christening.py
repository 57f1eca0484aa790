"""How people come by their names: from parents, by the custom of their community, by marriage."""

import numpy as np
from numpy.typing import NDArray

from borough.chance import Ints, happens
from borough.communities import COMMUNITIES
from borough.days import parts
from borough.world import World

_PLACE = COMMUNITIES.place
_MUSLIM_SOUTH_ASIAN = (_PLACE("pakistani"), _PLACE("bangladeshi"))
_SIKH, _SOMALI = _PLACE("indian_sikh"), _PLACE("somali")
_MIDDLE_NAMED = [_PLACE(name) for name in ("white_british", "irish", "caribbean", "west_african", "mixed", "polish")]
_MONONYMOUS = [_PLACE(name) for name in ("pakistani", "indian_hindu", "arab", "romanian")]


def christen(world: World, rng: np.random.Generator, people: Ints) -> None:
    """Name these people, parents before children; then wives take their husbands' names where that is the custom."""
    waiting = np.sort(people)
    while len(waiting):
        unnamed = np.zeros(len(world.people) + 1, dtype=bool)
        unnamed[waiting] = True
        blocked = unnamed[world.people["mother"][waiting]] | unnamed[world.people["father"][waiting]]
        ready = waiting[~blocked] if not blocked.all() else waiting
        _surnames(world, rng, ready)
        _forenames(world, rng, ready)
        waiting = waiting[blocked] if not blocked.all() else waiting[:0]
    wed(world, rng, people[world.people["married"][people] & (world.people["sex"][people] == 0)])


def wed(world: World, rng: np.random.Generator, women: Ints, on: Ints | None = None) -> None:
    """Women who marry take the husband's surname, keep theirs, or carry both; by default from the first day on."""
    people = world.people
    husband = people["partner"][women]
    men = (husband >= 0) & (people["sex"][np.maximum(husband, 0)] == 1)
    community = people["community"][women]
    takes = men & ~happens(rng, COMMUNITIES.surname_kept[community], len(women)) & (people["surname"][husband] > 0)
    both = takes & happens(rng, COMMUNITIES.double_barrelled[community], len(women))
    taken = world.lexicon.gendered(people["surname"][husband].astype(np.int64), people["sex"][women])
    taken[both] = joined(world, people["surname"][women[both]], people["surname"][husband[both]])
    rows = np.flatnonzero(takes)
    when = _since(world, women) if on is None else on
    world.rename(women[rows], taken[rows], when[rows])


def joined(world: World, first: Ints, second: Ints) -> Ints:
    """Double-barrelled surnames; one that is double already keeps its last part."""
    texts = world.lexicon.texts
    pairs = [
        "-".join(dict.fromkeys((texts[a].split("-")[-1], texts[b].split("-")[-1])))
        for a, b in zip(first, second, strict=True)
    ]
    return world.lexicon.numbers(pairs)


def _since(world: World, women: Ints) -> Ints:
    start = np.zeros(len(world.people), dtype=np.int64)
    start[world.couples["woman"]] = world.couples["start"]
    start[world.couples["man"]] = np.maximum(start[world.couples["man"]], world.couples["start"])
    return start[women]


def _surnames(world: World, rng: np.random.Generator, rows: Ints) -> None:
    people, lexicon = world.people, world.lexicon
    who, sex = people["community"][rows].astype(np.int64), people["sex"][rows].astype(np.int64)
    mother, father = people["mother"][rows], people["father"][rows]
    own = world.namer.surnames(rng, who, sex)
    fathers = np.where(father >= 0, people["surname"][np.maximum(father, 0)], 0)
    mothers = np.where(mother >= 0, people["surname"][np.maximum(mother, 0)], 0)
    together = (father >= 0) & (people["partner"][np.maximum(father, 0)] == mother)
    from_father = (fathers > 0) & happens(rng, np.where(together, 0.94, 0.52), len(rows))
    from_father = _alike(world, rows, from_father, fathers > 0)
    taken = np.where(from_father, fathers, np.where(mothers > 0, mothers, own))
    taken = lexicon.gendered(taken.astype(np.int64), sex)
    both = (fathers > 0) & (mothers > 0) & (fathers != mothers) & ~people["married"][np.maximum(mother, 0)]
    both &= _alike(world, rows, happens(rng, COMMUNITIES.double_barrelled[who] * 2.2, len(rows)), both)
    taken[both] = joined(world, mothers[both], fathers[both])
    taken = _by_custom(world, rng, rows, taken, father)
    blank = np.isin(who, _MONONYMOUS) & (mother < 0) & happens(rng, 0.006, len(rows))
    taken[blank] = 0
    people["birth_surname"][rows] = taken
    people["surname"][rows] = taken


def _alike(world: World, rows: Ints, drawn: NDArray[np.bool_], where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Brothers and sisters are treated alike: the first one's draw counts for all of one mother and father."""
    mother, father = world.people["mother"][rows].astype(np.int64), world.people["father"][rows].astype(np.int64)
    _, first, which = np.unique(mother * 4_000_000 + father, return_index=True, return_inverse=True)
    return np.asarray(drawn[first][which] & where)


def _by_custom(world: World, rng: np.random.Generator, rows: Ints, taken: Ints, father: Ints) -> Ints:
    """Begum, Bibi, Kaur and Singh as surnames; Somali children bear their grandfather's name."""
    people, namer = world.people, world.namer
    who, sex = people["community"][rows], people["sex"][rows]
    chance = {(_SIKH, 0): 0.42, (_SIKH, 1): 0.36, (_MUSLIM_SOUTH_ASIAN[0], 0): 0.42, (_MUSLIM_SOUTH_ASIAN[1], 0): 0.62}
    years = parts(people["born"][rows])[0]
    for (community, one), share in chance.items():
        older = np.where(years < 1985, 1.35, 0.7)
        fits = np.flatnonzero((who == community) & (sex == one))
        fits = fits[happens(rng, share * older[fits], len(fits))]
        taken[fits] = namer.second_names(rng, COMMUNITIES.names[community], "FM"[one], len(fits))
    grandson = np.flatnonzero((who == _SOMALI) & (father >= 0))
    middle = people["middle"][father[grandson]]
    taken[grandson] = np.where(middle > 0, middle, taken[grandson])
    alone = np.flatnonzero(np.isin(who, _MUSLIM_SOUTH_ASIAN) & (sex == 1) & happens(rng, 0.16, len(rows)))
    taken[alone] = namer.surnames(rng, who[alone].astype(np.int64), sex[alone].astype(np.int64))
    return taken


def _forenames(world: World, rng: np.random.Generator, rows: Ints) -> None:
    people = world.people
    who, sex = people["community"][rows].astype(np.int64), people["sex"][rows].astype(np.int64)
    years = parts(people["born"][rows])[0]
    people["forename"][rows] = world.namer.forenames(rng, who, sex, years)
    _after_parent(world, rng, rows)
    _twins_alike(world, rng, rows)
    for _ in range(4):
        again = _repeated(world, rows)
        if not len(again):
            break
        people["forename"][again] = world.namer.forenames(
            rng,
            people["community"][again].astype(np.int64),
            people["sex"][again].astype(np.int64),
            parts(people["born"][again])[0],
        )
    _middle_names(world, rng, rows)


def _after_parent(world: World, rng: np.random.Generator, rows: Ints) -> None:
    """Sons named after the father and, more rarely, daughters after the mother."""
    people = world.people
    for parent, sex, chance in (("father", 1, 0.035), ("mother", 0, 0.01)):
        one = rows[(people["sex"][rows] == sex) & (people[parent][rows] >= 0)]
        one = one[happens(rng, np.where(people["community"][one] == _PLACE("irish_traveller"), 0.3, chance), len(one))]
        people["forename"][one] = people["forename"][people[parent][one]]


def _twins_alike(world: World, rng: np.random.Generator, rows: Ints) -> None:
    """A quarter of twins share an initial."""
    people = world.people
    one = rows[people["mother"][rows] >= 0]
    order = one[np.lexsort((one, people["born"][one], people["mother"][one]))]
    same = (people["mother"][order][1:] == people["mother"][order][:-1]) & (
        people["born"][order][1:] == people["born"][order][:-1]
    )
    first, second = order[:-1][same], order[1:][same]
    chosen = happens(rng, 0.25, len(first))
    first, second = first[chosen], second[chosen]
    texts = world.lexicon.texts
    for _ in range(25):
        differ = np.array(
            [
                texts[a][:1] != texts[b][:1] or a == b
                for a, b in zip(people["forename"][first], people["forename"][second], strict=True)
            ],
            dtype=bool,
        )
        if not differ.any():
            break
        again = second[differ]
        people["forename"][again] = world.namer.forenames(
            rng,
            people["community"][again].astype(np.int64),
            people["sex"][again].astype(np.int64),
            parts(people["born"][again])[0],
        )


def _repeated(world: World, rows: Ints) -> Ints:
    """Those among `rows` whose brother or sister has the same forename already."""
    people = world.people
    mothers = np.zeros(len(people) + 1, dtype=bool)
    mothers[people["mother"][rows]] = True
    mothers[-1] = False
    children = np.flatnonzero(mothers[people["mother"]])
    keys = people["mother"][children].astype(np.int64) * 1_000_000 + people["forename"][children]
    _, first = np.unique(keys, return_index=True)
    repeats = np.ones(len(children), dtype=bool)
    repeats[first] = False
    return np.intersect1d(children[repeats], rows)


def _middle_names(world: World, rng: np.random.Generator, rows: Ints) -> None:
    people, namer = world.people, world.namer
    who, sex = people["community"][rows].astype(np.int64), people["sex"][rows].astype(np.int64)
    years = parts(people["born"][rows])[0]
    given = happens(rng, np.where(np.isin(who, _MIDDLE_NAMED), 0.66, 0.12), len(rows))
    middle = np.where(given, namer.forenames(rng, who, sex, np.maximum(years - 25, 1920)), 0)
    middle[middle == people["forename"][rows]] = 0
    for one, name in ((0, "F"), (1, "M")):
        sikh = np.flatnonzero((who == _SIKH) & (sex == one))
        word = namer.second_names(rng, "indian_sikh", name, len(sikh))
        middle[sikh] = np.where(people["surname"][rows[sikh]] == word, 0, word)
    _mohammeds(world, rng, rows, middle)
    somali = np.flatnonzero(who == _SOMALI)
    father = people["father"][rows[somali]]
    middle[somali] = np.where(
        father >= 0,
        people["forename"][np.maximum(father, 0)],
        namer.forenames(rng, who[somali], np.ones(len(somali), dtype=np.int64), years[somali]),
    )
    people["middle"][rows] = middle


def _mohammeds(world: World, rng: np.random.Generator, rows: Ints, middle: Ints) -> None:
    """Many men are Mohammed or Abdul in writing and go by the name that follows."""
    people = world.people
    for community in _MUSLIM_SOUTH_ASIAN:
        men = np.flatnonzero((people["community"][rows] == community) & (people["sex"][rows] == 1))
        men = men[happens(rng, 0.36, len(men))]
        before = world.namer.second_names(rng, COMMUNITIES.names[community], "M", len(men))
        called = people["forename"][rows[men]]
        middle[men] = np.where(called == before, middle[men], called)
        people["forename"][rows[men]] = before
