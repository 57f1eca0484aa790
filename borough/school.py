"""What schools know: the pupils on roll, and whom to ring about them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from borough.agency import Agency
from borough.chance import Flags, Ints, Texts
from borough.communities import COMMUNITIES
from borough.contract import Table
from borough.days import UNKNOWN, Month, ages, school_year
from borough.habits import CONTACTS, PUPILS
from borough.luck import Luck
from borough.schools import Rolls, Schools
from borough.timeline import Timeline

_YEARS = np.array(["N2", "R", *(str(year) for year in range(1, 15))], dtype=object)
_RELATIONS = ("mother", "father", "step_parent", "grandparent", "carer", "sibling", "other")
_MOTHER, _FATHER, _STEP, _GRAND, _CARER, _SIBLING, _OTHER = range(len(_RELATIONS))


@dataclass(frozen=True)
class School:
    """The school feed's two rosters."""

    agency: Agency
    schools: Schools
    rolls: Rolls

    def deliver(self, month: Month) -> list[Table]:
        """Pupils and contacts as the schools have them at the end of a month."""
        rows = self.rolls.on(month.last)
        told = self._told(rows, month)
        return [self._pupils(rows, told, month), self._contacts(rows, told, month)]

    def _told(self, rows: Ints, month: Month) -> Ints:
        """The day on which each pupil's details were last brought up to date: weeks ago, or when they left."""
        rolls = self.rolls
        lag = (-np.log1p(-rolls.luck.of("lag")[rows]) * 28).astype(np.int64)
        return np.maximum(np.minimum(month.last, rolls.left[rows]) - lag, rolls.entry[rows])

    def _pupils(self, rows: Ints, told: Ints, month: Month) -> Table:
        agency, rolls = self.agency, self.rolls
        people, luck = rolls.person[rows], rolls.luck.take(rows)
        habits = PUPILS.times(agency.mistakes)
        held = agency.world.people
        gone = rolls.left[rows] <= month.last
        at = np.minimum(month.last, rolls.left[rows] - 1)
        year = school_year(at) - school_year(held["born"][people])
        need = held["need"][people]
        speaks = np.array(COMMUNITIES.language, dtype=object)[held["community"][people]]
        support = luck.of("sen") / np.exp(0.35 * need.clip(-2, 3))
        carer = luck.of("carer") / np.exp(0.8 * need.clip(-2, 3))
        family = agency.luck("meals", np.where(held["mother"][people] >= 0, held["mother"][people], people)).of("free")
        columns = {
            "pupil_id": rolls.pupil_id[rows],
            "upn": rolls.upn[rows],
            "former_upn": rolls.former_upn[rows],
            **agency.scribe.person(people, told, luck, habits),
            **self._other_surnames(people, luck),
            "language": np.where(luck.fails("language", 0.75), speaks, "ENG").astype(object),
            **agency.scribe.address(people, told, luck, habits),
            "school_urn": self.schools.urn[rolls.school[rows]],
            "school_name": self.schools.name[rolls.school[rows]],
            "nc_year": _YEARS[np.clip(year - 4, 0, len(_YEARS) - 1)],
            "entry_on": rolls.entry[rows],
            "left_on": np.where(gone, rolls.left[rows], UNKNOWN),
            "enrolment_status": np.where(gone, "P", rolls.status[rows]).astype(object),
            "sen_provision": np.select([support < 0.045, support < 0.185], ["E", "K"], "N").astype(object),
            "free_school_meals": np.where(family < 0.24 * np.exp(0.6 * need.clip(-3, 2)), "Y", "N").astype(object),
            "young_carer": np.select([carer < 0.012, carer > 2], ["P", ""], "N").astype(object),
        }
        return Table("school", "pupils", columns, people)

    def _other_surnames(self, people: Ints, luck: Luck) -> dict[str, Texts]:
        """A name the child goes by (a stepfather's, the other parent's), and one it had before."""
        held, texts = self.agency.world.people, self.agency.scribe.texts
        mother = held["mother"][people]
        step = np.where(mother >= 0, held["partner"][np.maximum(mother, 0)], -1)
        named = (
            (step >= 0)
            & (step != held["father"][people])
            & (held["surname"][np.maximum(step, 0)] != held["surname"][people])
        )
        preferred = np.where(named & luck.fails("preferred", 0.25), texts[held["surname"][np.maximum(step, 0)]], "")
        mothers = texts[held["birth_surname"][np.maximum(mother, 0)]]
        differs = (mother >= 0) & (held["birth_surname"][np.maximum(mother, 0)] != held["surname"][people])
        former = np.where(differs & luck.fails("former", 0.02), mothers, "")
        return {"preferred_surname": preferred.astype(object), "former_surname": former.astype(object)}

    def _contacts(self, rows: Ints, told: Ints, month: Month) -> Table:
        """One row for each pupil and contact; some schools give a parent of two pupils one id."""
        agency, rolls = self.agency, self.rolls
        row, slot, people = _who_is_rung(agency, rolls, rows, month)
        pupil_row = rows[row]
        shared = self.schools.shared_contacts[rolls.school[pupil_row]]
        luck = agency.luck(
            "contact", people, rolls.school[pupil_row], np.where(shared, 0, pupil_row + 1), np.where(shared, 0, slot)
        )
        habits = CONTACTS.times(agency.mistakes)
        at_home, beside = self._at_home(rolls.person[pupil_row], people, told[row])
        when = np.where(shared, month.last - 30, told[row])
        address = agency.scribe.address(people, when, luck, habits)
        # Only one address stands for the pupil: a parent whose home is the second one cannot leave theirs out.
        copied = beside & luck.fails("as pupil", 0.12)
        for name in ("address_line_1", "address_line_2", "town", "postcode", "uprn"):
            address[name] = np.where(copied, "", address[name]).astype(object)
        columns = {
            "contact_id": "C" + luck.codes(),
            "pupil_id": rolls.pupil_id[pupil_row],
            "relationship": self._relationship(slot, luck),
            "parental_responsibility": self._responsible(slot, people, luck),
            "priority": _priority(row),
            "lives_with_pupil": np.select([luck.fails("not said", 0.06), at_home], ["", "Y"], "N").astype(object),
            **agency.scribe.person(people, when, luck, habits),
            **address,
            "phone": self.telephones.numbers(people, luck),
            "email": self._email(people, luck),
        }
        keep = _first_of_key(columns["contact_id"], columns["pupil_id"])
        return Table("school", "contacts", {name: column[keep] for name, column in columns.items()}, people[keep])

    @cached_property
    def telephones(self) -> "Telephones":
        """Who answers which telephone."""
        return Telephones(self.agency)

    def _at_home(self, pupils: Ints, people: Ints, on: Ints) -> tuple[Flags, Flags]:
        """Whether each lives with the pupil, in either home, as the school was last told; and whether in the first."""
        timeline = self.agency.timeline
        home = timeline.households(people, on)
        beside = (home >= 0) & (home == timeline.households(pupils, on))
        by_turns = (home >= 0) & (home == timeline.second_households(pupils, on))
        return np.asarray(beside | by_turns), np.asarray(beside)

    def _relationship(self, slot: Ints, luck: Luck) -> Texts:
        """What the school wrote: now and then only that it is a parent, or a stepfather as father."""
        out = np.array(_RELATIONS, dtype=object)[slot]
        vague = (slot <= _FATHER) & luck.fails("vague", 0.07)
        out[vague] = "parent"
        out[(slot == _STEP) & luck.fails("vague", 0.2)] = "father"
        return out

    def _responsible(self, slot: Ints, people: Ints, luck: Luck) -> Texts:
        held = self.agency.world.people
        father = (slot == _FATHER) & (held["married"][people] | luck.fails("responsible", 0.72))
        yes = (slot == _MOTHER) | father | ((slot == _CARER) & luck.fails("responsible", 0.4))
        return np.select([luck.fails("unsaid", 0.1), yes], ["", "Y"], "N").astype(object)

    def _email(self, people: Ints, luck: Luck) -> Texts:
        scribe, held = self.agency.scribe, self.agency.world.people
        given = np.flatnonzero(luck.fails("email", 0.45))
        who = people[given]
        lasting = self.agency.luck("email", who).of("number") * 99
        out = np.full(len(people), "", dtype=object)
        out[given] = [
            f"{first}.{last}{number}@example.org".lower().replace(" ", "").replace("'", "")
            for first, last, number in zip(
                scribe.plain_texts[held["forename"][who]],
                scribe.plain_texts[held["birth_surname"][who]],
                lasting.astype(int),
                strict=True,
            )
        ]
        return out


class Telephones:
    """One number for most adults; couples, and now and then a whole home, share one; in an area code never issued."""

    def __init__(self, agency: Agency) -> None:
        world = agency.world
        everyone = np.arange(len(world.people), dtype=np.int64)
        luck = agency.luck("telephone", everyone)
        partner, mother = world.people["partner"].astype(np.int64), world.people["mother"].astype(np.int64)
        owner = np.where((partner >= 0) & luck.fails("partners", 0.16), np.minimum(everyone, partner), everyone)
        self._owner = np.where((mother >= 0) & luck.fails("mothers", 0.05), mother, owner)

    def numbers(self, people: Ints, luck: Luck) -> Texts:
        """The number of each person as one record has it, in one of three manners, or none."""
        digits = (self._owner[people] * 611_953 + 77_003) % 1_000_000
        manner = luck.of("telephone")
        forms = ("01999 {:06d}", "01999{:06d}", "+44 1999 {:06d}")
        chosen = np.searchsorted([0.6, 0.92, 1.0], manner)
        out = np.array(
            [forms[form].format(number) for form, number in zip(chosen, digits.tolist(), strict=True)], dtype=object
        )
        out[luck.fails("no telephone", 0.07)] = ""
        return out


def _who_is_rung(agency: Agency, rolls: Rolls, rows: Ints, month: Month) -> tuple[Ints, Ints, Ints]:
    """For each pupil the people a school would ring: position in `rows`, place in `_RELATIONS`, person."""
    world, timeline = agency.world, agency.timeline
    held = world.people
    pupil = rolls.person[rows]
    mother, father = held["mother"][pupil].astype(np.int64), held["father"][pupil].astype(np.int64)
    home, second = timeline.households(pupil, month.last), timeline.second_households(pupil, month.last)
    partner = timeline.partners(month.last)
    heads = _heads(timeline, month)
    step = np.where(mother >= 0, partner[np.maximum(mother, 0)], -1)
    step = np.where(step == father, -1, step)
    grand = np.where(mother >= 0, held["mother"][np.maximum(mother, 0)], -1).astype(np.int64)
    with_parent = _same_home(timeline, month, mother, home) | _same_home(timeline, month, father, home)
    carer = np.where(~with_parent & (home >= 0), heads[np.maximum(home, 0)], -1)
    candidates = [
        (mother, np.where(_lives_with(timeline, month, mother, (home, second)), 0.98, 0.5)),
        (father, np.where(_lives_with(timeline, month, father, (home, second)), 0.86, 0.42)),
        (np.where(_same_home(timeline, month, step, home), step, -1), np.full(len(pupil), 0.6)),
        (grand, np.where(_same_home(timeline, month, grand, home), 0.5, 0.3)),
        (np.where(carer == grand, -1, carer), np.full(len(pupil), 0.95)),
        (
            agency.scribe.siblings[pupil],
            np.where(ages(held["born"][np.maximum(agency.scribe.siblings[pupil], 0)], month.last) >= 18, 0.25, 0.0),
        ),
        (_acquaintances(agency, rolls, rows), np.full(len(pupil), 0.12)),
    ]
    out = []
    alive = (held["died"] > month.last) & ~held["unborn"]
    for slot, (person, chance) in enumerate(candidates):
        luck = agency.luck(f"rung {slot}", rows)
        there = np.flatnonzero(
            (person >= 0) & alive[np.maximum(person, 0)] & luck.fails("rung", chance) & (person != pupil)
        )
        out.append((there, np.full(len(there), slot), person[there]))
    row, slot_of, who = (np.concatenate(column).astype(np.int64) for column in zip(*out, strict=True))
    order = np.lexsort((slot_of, row))
    return row[order], slot_of[order], who[order]


def _heads(timeline: Timeline, month: Month) -> Ints:
    """For each household its eldest woman, else its eldest man, who is grown up; -1 without one."""
    world = timeline.world
    everyone = np.arange(len(world.people))
    home = timeline.households(everyone, month.last)
    grown = np.flatnonzero((home >= 0) & (ages(world.people["born"], month.last) >= 21))
    order = grown[
        np.lexsort((-world.people["born"][grown].astype(np.int64), -world.people["sex"][grown].astype(np.int64)))
    ]
    heads = np.full(len(world.households), -1)
    heads[home[order]] = order
    return heads


def _same_home(timeline: Timeline, month: Month, person: Ints, home: Ints) -> Flags:
    there = timeline.households(np.maximum(person, 0), month.last)
    return np.asarray((person >= 0) & (there == home) & (home >= 0))


def _lives_with(timeline: Timeline, month: Month, parent: Ints, homes: tuple[Ints, Ints]) -> Flags:
    """Whether a parent lives in either home of the pupil.

    A school must have every parent with whom a pupil normally lives in its admission register, and be able to ring
    them, whether the pupil lives with them all the time or by turns: The Education (Pupil Registration) (England)
    Regulations 2006, regulation 5(1)(c), and since 2024 S.I. 2024/208, regulation 8.
    """
    first, second = (_same_home(timeline, month, parent, home) for home in homes)
    return np.asarray(first | second)


def _acquaintances(agency: Agency, rolls: Rolls, rows: Ints) -> Ints:
    """A neighbour or friend: some grown woman of the town."""
    world = agency.world
    adults = np.flatnonzero(
        world.living() & (world.people["sex"] == 0) & (ages(world.people["born"], agency.first) >= 25)
    )
    if not len(adults):
        return np.full(len(rows), -1)
    draw = agency.luck("acquaintance", rolls.person[rows]).of("who")
    return adults[(draw * len(adults)).astype(np.int64)]


def _priority(row: Ints) -> Ints:
    """1 for the first to ring, then 2 and so on, in the order of the relations."""
    first = np.concatenate([[True], row[1:] != row[:-1]]) if len(row) else np.zeros(0, dtype=bool)
    starts = np.flatnonzero(first)
    return np.arange(len(row)) - np.repeat(starts, np.diff(np.append(starts, len(row)))) + 1


def _first_of_key(one: Texts, other: Texts) -> Ints:
    """The rows at which a pair of texts stands for the first time, in order."""
    _, first = np.unique((one + "|" + other).astype(str), return_index=True)
    return np.sort(first)
