"""The schools of the town, and which child is on which roll from when to when."""

from dataclasses import dataclass

import numpy as np

from borough.agency import Agency, numbered
from borough.chance import Flags, Ints, Texts
from borough.days import NEVER, day, from_parts, school_year
from borough.identifiers import temporary_upns, upns, wrong_upns
from borough.luck import Luck

_KEPT_AFTER_LEAVING = 330


@dataclass(frozen=True)
class Schools:
    """One array entry per school; primaries come first, then secondaries, then one unit for excluded pupils.

    `totals`: its supplier sends three sums a term instead of codes. `shared_contacts`: a parent has one contact
    id there, however many children.
    """

    name: Texts
    urn: Texts
    primaries: int
    totals: Flags
    shared_contacts: Flags

    @property
    def unit(self) -> int:
        """The number of the unit for excluded pupils."""
        return len(self.name) - 1


def open_schools(agency: Agency) -> Schools:
    """Schools for a town of this size."""
    residents = int(agency.world.living().sum())
    primaries, secondaries = max(3, residents // 2_700), max(2, residents // 13_000)
    count = primaries + secondaries + 1
    rng = agency.rng("schools")
    streets = np.unique(agency.world.town.street[agency.world.town.ward >= 0].astype(str))
    stems = np.array([street.rsplit(" ", 1)[0] for street in rng.permutation(streets)], dtype=object)
    stems = np.array(list(dict.fromkeys(stems)) * (count // max(len(set(stems)), 1) + 1), dtype=object)[:count]
    kinds = np.array(
        [" Primary School"] * primaries + [" Academy"] * secondaries + [" Pupil Referral Unit"], dtype=object
    )
    saints = np.array([" St Mary's Catholic", " St Mark's CofE", " Community", "", ""], dtype=object)
    middle = np.where(np.arange(count) < primaries, saints[np.arange(count) % 5], "")
    totals = np.arange(count) % 6 == 2
    return Schools(
        name=stems + middle + kinds,
        urn=np.array([str(999_001 + number) for number in range(count)], dtype=object),
        primaries=primaries,
        totals=totals,
        shared_contacts=np.arange(count) % 2 == 0,
    )


@dataclass(frozen=True)
class Rolls:
    """One array entry per enrolment; `left` is NEVER for those still on roll at the end of time."""

    person: Ints
    school: Ints
    entry: Ints
    left: Ints
    status: Texts
    pupil_id: Texts
    upn: Texts
    former_upn: Texts
    luck: Luck

    def on(self, day_number: int) -> Ints:
        """The enrolments a roster of that day shows: current ones, and most of those ended within the year."""
        current = (self.entry <= day_number) & (self.left > day_number)
        lately = (
            (self.left <= day_number) & (self.left > day_number - _KEPT_AFTER_LEAVING) & self.luck.fails("kept", 0.85)
        )
        return np.flatnonzero(current | lately)


def enrol(agency: Agency, schools: Schools) -> Rolls:
    """Every enrolment that a delivered roster may show."""
    person, school, entry, left, status = _moves(agency, schools, _phases(agency))
    luck = agency.luck("enrolment", person, school, entry)
    order = np.argsort(entry, kind="stable")
    person, school, entry, left, status, luck = (
        person[order], school[order], entry[order], left[order], status[order], luck.take(order),
    )  # fmt: skip
    upn, former = _numbers(agency, person, entry, luck)
    ids = numbered("P", entry * 1.0 + luck.of("id"))
    return Rolls(person, school, entry, left, status, ids, upn, former, luck)


def _phases(agency: Agency) -> tuple[Ints, Ints, Ints, Ints]:
    """Primary and secondary schooling of every child of the town, cut to the time they lived here."""
    world = agency.world
    held = world.people
    everyone = np.flatnonzero(
        (held["born"] > day(2002, 9)) & ~held["outside"] & ~held["unborn"] & (held["born"] < agency.last)
    )
    luck = agency.luck("schooling", everyone)
    born = school_year(held["born"][everyone])
    nursery, sixth, private = luck.fails("nursery", 0.35), luck.fails("sixth", 0.45), luck.fails("private", 0.05)
    rows = []
    for phase, first, last in (
        (0, born + np.where(nursery, 4, 5), born + 12),
        (1, born + 12, born + np.where(sixth, 19, 17)),
    ):
        entry = from_parts(first, np.full(len(first), 9), np.full(len(first), 3)).astype(np.int64)
        left = from_parts(last, np.full(len(last), 7), np.full(len(last), 21)).astype(np.int64)
        came = held["arrived"][everyone] + 5 + (luck.of("delay") * 30).astype(np.int64)
        entry = np.where(came > entry, came, entry)
        gone = np.minimum(held["left"][everyone], held["died"][everyone]).astype(np.int64)
        gone = np.where(gone < NEVER, gone + (luck.of("notice") * 25).astype(np.int64), NEVER)
        left = np.minimum(left, gone)
        seen = (entry < left) & (left > agency.first - 400) & (entry <= agency.last) & ~private
        seen &= agency.timeline.stays(everyone, np.minimum(entry, agency.last)) >= 0
        rows.append((everyone[seen], np.full(seen.sum(), phase), entry[seen], left[seen]))
    person, phase_of, entry, left = (np.concatenate(column) for column in zip(*rows, strict=True))
    return person, phase_of, entry, left


def _moves(
    agency: Agency, schools: Schools, phases: tuple[Ints, Ints, Ints, Ints]
) -> tuple[Ints, Ints, Ints, Ints, Texts]:
    """A school for each phase; some change it after moving house; a few are also at the unit."""
    person, phase, entry, left = phases
    rows = agency.timeline.stays(person, np.minimum(left - 40, agency.last))
    moved = np.where(rows >= 0, agency.world.stays["start"][rows], 0).astype(np.int64)
    luck = agency.luck("school change", person, phase)
    changes = (moved > entry + 40) & (moved < left - 60) & luck.fails("changes", 0.4)
    first = _choice(agency, schools, person, phase, entry)
    second = _choice(agency, schools, person, phase, np.where(changes, moved + 1, entry))
    changes &= second != first
    need = agency.world.people["need"][person]
    dual = np.flatnonzero((phase == 1) & luck.fails("unit", 0.004 * np.exp(1.2 * need)) & (left > agency.first))
    status = np.full(len(person), "C", dtype=object)
    status[luck.fails("guest", 0.002)] = "G"
    status[dual] = "M"
    start = np.maximum(
        entry[dual], np.minimum(left[dual], agency.last) - 60 - (luck.of("since")[dual] * 300).astype(np.int64)
    )
    return (
        np.concatenate([person, person[changes], person[dual]]),
        np.concatenate([first, second[changes], np.full(len(dual), schools.unit)]),
        np.concatenate([entry, moved[changes] + 12, start]),
        np.concatenate([np.where(changes, moved + 8, left), left[changes], left[dual]]),
        np.concatenate([status, status[changes], np.full(len(dual), "S", dtype=object)]),
    )


def _choice(agency: Agency, schools: Schools, person: Ints, phase: Ints, on: Ints) -> Ints:
    """A school near home, the same one for brothers and sisters, mostly the nearest."""
    world = agency.world
    dwelling = np.maximum(agency.timeline.dwellings(person, np.minimum(on, agency.last)), 0)
    area = np.maximum(world.town.area[dwelling], 0)
    place = area / (world.town.area.max() + 1)
    family = agency.luck(
        "school of family", np.where(world.people["mother"][person] >= 0, world.people["mother"][person], person)
    )
    shift = np.select(
        [family.of("near") < 0.62, family.of("near") < 0.85], [0, 1], 2 + (family.of("far") * 5).astype(np.int64)
    )
    count = np.where(phase == 0, schools.primaries, len(schools.name) - 1 - schools.primaries)
    chosen = ((place * count).astype(np.int64) + shift) % count
    return np.asarray(np.where(phase == 0, chosen, schools.primaries + chosen))


def _numbers(agency: Agency, person: Ints, entry: Ints, luck: Luck) -> tuple[Texts, Texts]:
    """A number that goes with the child, except where a school makes a new one, a temporary one, a mistake or none."""
    held = agency.world.people
    year = school_year(held["born"][person]) + 5
    number = _scattered(person, len(held))
    right = upns(number, year)
    later = np.concatenate([[False], np.diff(person[np.argsort(person, kind="stable")]) == 0])
    repeated = np.zeros(len(person), dtype=bool)
    repeated[np.argsort(person, kind="stable")[later]] = True
    newly = held["arrived"][person] > entry - 400
    fresh = (repeated & luck.fails("fresh", 0.05)) | (newly & luck.fails("fresh", 0.02))
    upn, former = right.copy(), np.full(len(person), "", dtype=object)
    upn[fresh] = upns(len(held) + np.flatnonzero(fresh), year[fresh])
    told = fresh & luck.fails("told", 0.5)
    former[told] = right[told]
    temporary = ~fresh & luck.fails("temporary", np.where(newly, 0.1, 0.004))
    upn[temporary] = temporary_upns(number[temporary], year[temporary])
    wrong = ~fresh & ~temporary & luck.fails("wrong", 0.003)
    upn[wrong] = wrong_upns(upn[wrong])
    upn[luck.fails("without", 0.015)] = ""
    return upn, former


def _scattered(person: Ints, count: int) -> Ints:
    """A number for each person in an order that tells nothing, below the count of people."""
    order = np.argsort(Luck(np.arange(count, dtype=np.int64)).of("pupil number"), kind="stable")
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)
    return place[person]
