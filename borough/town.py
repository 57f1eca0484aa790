"""The town: wards, small areas, streets, postcodes and every dwelling, none of which exists.

Postcodes have valid grammar in areas that Royal Mail does not use; small areas and wards carry codes outside the
issued ranges; the map lies in the North Sea.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from borough.chance import Ints, Texts, weighted
from borough.identifiers import uprns
from borough.names import read

KINDS = ("home", "flat", "hmo", "refuge", "hostel", "care_home", "childrens_home", "boarding", "elsewhere")
HOME, FLAT, HMO, REFUGE, HOSTEL, CARE_HOME, CHILDRENS_HOME, BOARDING, ELSEWHERE = range(len(KINDS))
TOWN = "Hearthstead"
COUNCIL = "E08900001"
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"
_AWAY = ("DB", "TB", "LB", "RB")
_AWAY_TOWNS = ("Dunbeck", "Tarnby", "Lowbridge", "Ravensbeck")
_STREET = 38
_PER_POSTCODE = 17


@dataclass(frozen=True)
class Town:
    """One array entry per dwelling, by dwelling number; `capacity` is how many households it takes."""

    kind: NDArray[np.int8]
    capacity: Ints
    ward: Ints
    area: Ints
    postcode: Texts
    uprn: Texts
    unit: Texts
    building: Texts
    number: Texts
    street: Texts
    place: Texts
    ward_names: tuple[str, ...]
    lookup: dict[str, list[str]]

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True)
class Need:
    """How many dwellings of each kind the town must have."""

    homes: int
    hmos: int
    elsewhere: int
    people: int


def build(rng: np.random.Generator, need: Need) -> Town:
    """A town with so many dwellings."""
    streets = _streets(rng, need)
    kinds = _kinds(rng, streets, need)
    postcodes, lookup = _postcodes(rng, streets, len(kinds))
    away = _elsewhere(rng, need.elsewhere)
    total = len(kinds) + need.elsewhere
    ward_names = _ward_names(need.people)
    blank = np.full(need.elsewhere, "", dtype=object)
    unit, building, number = _doors(rng, streets, kinds)
    return Town(
        kind=np.concatenate([kinds, np.full(need.elsewhere, ELSEWHERE)]).astype(np.int8),
        capacity=np.concatenate([_capacities(rng, kinds), np.full(need.elsewhere, 1)]),
        ward=np.concatenate([streets.ward[streets.of], np.full(need.elsewhere, -1)]),
        area=np.concatenate([streets.area[streets.of], np.full(need.elsewhere, -1)]),
        postcode=np.concatenate([postcodes, away.postcode]),
        uprn=uprns(rng.permutation(total * 3)[:total] + 10_000_000),
        unit=np.concatenate([unit, blank]),
        building=np.concatenate([building, blank]),
        number=np.concatenate([number, away.number]),
        street=np.concatenate([streets.name[streets.of], away.street]),
        place=np.concatenate([np.full(len(kinds), TOWN, dtype=object), away.place]),
        ward_names=ward_names,
        lookup={**lookup, "ward_name": [ward_names[int(w)] for w in lookup["ward"]]},
    )


@dataclass(frozen=True)
class _Streets:
    """Per street: name, ward, area, whether of flats; per dwelling: its street and its place in it."""

    name: Texts
    ward: Ints
    area: Ints
    flats: NDArray[np.bool_]
    of: Ints
    place: Ints


@dataclass(frozen=True)
class _Away:
    postcode: Texts
    number: Texts
    street: Texts
    place: Texts


def _ward_names(people: int) -> tuple[str, ...]:
    names = _words("ward")
    return tuple(name.replace("_", " ") for name in names[: max(4, min(len(names), people // 9_000))])


def _words(part: str) -> list[str]:
    return next(row["names"].split() for row in read("streets") if row["part"] == part)


def _streets(rng: np.random.Generator, need: Need) -> _Streets:
    """Streets until every dwelling has one; a name comes back in another ward, as High Street does."""
    dwellings = need.homes + need.hmos + _institutions(need.people).sum()
    sizes = np.clip(rng.lognormal(np.log(_STREET), 0.45, int(dwellings / 20) + 30), 8, 160).astype(int)
    count = int(np.searchsorted(np.cumsum(sizes), dwellings)) + 1
    of = np.repeat(np.arange(count), sizes[:count])[:dwellings]
    starts = np.concatenate([[0], np.cumsum(sizes[: count - 1])])
    areas = max(8, need.people // 1_600)
    area = np.arange(count) * areas // count
    names = [f"{stem} {kind}" for stem in _words("stem") for kind in _words("type")]
    wards = len(_ward_names(need.people))
    name = np.array(names, dtype=object)[np.concatenate([rng.permutation(len(names))] * (count // len(names) + 1))]
    return _Streets(
        name=name[:count],
        ward=area * wards // areas,
        area=area,
        flats=rng.random(count) < 0.17,
        of=of,
        place=np.arange(len(of)) - starts[of],
    )


def _institutions(people: int) -> Ints:
    """How many refuges, hostels, care homes, children's homes and boarding schools, in the order of `KINDS`."""
    per = np.array([45_000, 30_000, 6_000, 18_000, 150_000])
    return np.maximum(1, np.ceil(people / per)).astype(np.int64)


def _kinds(rng: np.random.Generator, streets: _Streets, need: Need) -> NDArray[np.int8]:
    """Flats in streets of flats, homes elsewhere, with HMOs and institutions scattered among the houses."""
    kinds = np.where(streets.flats[streets.of], FLAT, HOME).astype(np.int8)
    houses = rng.permutation(np.flatnonzero(kinds == HOME))
    special = np.concatenate(
        [np.full(need.hmos, HMO), np.repeat(np.arange(REFUGE, ELSEWHERE), _institutions(need.people))]
    )
    kinds[houses[: len(special)]] = special[: len(houses)]
    return kinds


def _capacities(rng: np.random.Generator, kinds: NDArray[np.int8]) -> Ints:
    sizes = np.array([1, 1, 8, 7, 24, 40, 5, 90, 1])
    spread = rng.integers(-3, 5, len(kinds))
    return np.where(kinds == HMO, sizes[kinds] + spread, sizes[kinds]).astype(np.int64)


def _doors(rng: np.random.Generator, streets: _Streets, kinds: NDArray[np.int8]) -> tuple[Texts, Texts, Texts]:
    """Unit, building and house number of each dwelling: flats in blocks, houses odd and even, a few with names."""
    count = len(kinds)
    flat = kinds == FLAT
    block = streets.place // 12
    numbers = np.where(flat, block * 14 + 2, streets.place + 1 + streets.place // 9 * 2).astype(str).astype(object)
    lettered = (rng.random(count) < 0.01) & ~flat
    numbers[lettered] = numbers[lettered] + "A"
    unit = np.where(flat, "Flat " + (streets.place % 12 + 1).astype(str).astype(object), "").astype(object)
    stems, kinds_of_building = np.array(_words("stem"), dtype=object), np.array(_words("building"), dtype=object)
    key = streets.of * 13 + block
    blocks = stems[(key * 37) % len(stems)] + " " + kinds_of_building[key % len(kinds_of_building)]
    building = np.where(flat & (streets.of % 3 > 0), blocks, "").astype(object)
    institution = (kinds >= REFUGE) & (kinds < ELSEWHERE)
    building[institution] = blocks[institution]
    named = (rng.random(count) < 0.012) & (kinds == HOME)
    cottages = np.array(_words("cottage"), dtype=object)
    building[named] = cottages[(key[named] * 7 + streets.place[named]) % len(cottages)] + " Cottage"
    numbers[named] = ""
    return unit, building, numbers


def _postcodes(rng: np.random.Generator, streets: _Streets, count: int) -> tuple[Texts, dict[str, list[str]]]:
    """A postcode for each run of neighbours, and the lookup from postcode to area, ward and place on the map."""
    runs = streets.of * 64 + streets.place // _PER_POSTCODE
    _, first, run = np.unique(runs, return_index=True, return_inverse=True)
    area, ward = streets.area[streets.of[first]], streets.ward[streets.of[first]]
    within = np.arange(len(first)) - np.searchsorted(ward, np.arange(ward.max() + 1))[ward]
    sector, pair = within // 300 % 9 + 1, (within % 300) * 7 % 400
    names = np.array(
        [
            f"HB{w + 1 + (n // 2700) * 40} {s}{_INWARD[p // 20]}{_INWARD[p % 20]}"
            for w, n, s, p in zip(ward, within, sector, pair, strict=True)
        ],
        dtype=object,
    )
    lookup = {
        "postcode": names.tolist(),
        "area": [f"E019{a:05d}" for a in area],
        "ward": [str(w) for w in ward],
        "lat": [f"{x:.6f}" for x in 54.6 + 0.006 * (area // 9) + rng.normal(0, 0.002, len(area))],
        "long": [f"{x:.6f}" for x in 1.4 + 0.009 * (area % 9) + rng.normal(0, 0.003, len(area))],
    }
    return names[run][:count], lookup


def _elsewhere(rng: np.random.Generator, count: int) -> _Away:
    """Addresses in other towns, where people lived before they came or where a parent lives now."""
    town = weighted(rng, np.array([4.0, 3, 2, 1]), count)
    serial = np.arange(count)
    letters = np.array(list(_INWARD), dtype=object)
    codes = (
        np.array(_AWAY, dtype=object)[town]
        + (serial % 19 + 1).astype(str).astype(object)
        + " "
        + (serial // 19 % 9 + 1).astype(str).astype(object)
        + letters[serial // 171 % 20]
        + letters[(serial // 3420 + serial * 7) % 20]
    )
    stems, types = np.array(_words("stem"), dtype=object), np.array(_words("type"), dtype=object)
    return _Away(
        postcode=codes,
        number=rng.integers(1, 160, count).astype(str).astype(object),
        street=stems[rng.integers(0, len(stems), count)] + " " + types[rng.integers(0, len(types), count)],
        place=np.array(_AWAY_TOWNS, dtype=object)[town],
    )


def free_homes_needed(households: int) -> int:
    """Homes for so many households with one in twelve standing empty, so that people can move."""
    return ceil(households * 1.085) + 12
