"""Made people as two to five agencies know them: each lacks some columns, errs in its own way, and is out of date.

`register` holds each person once and is the best; `clinic` knows the health number; `benefits` adults with their
insurance number; `youth` children, without sex or middle names; `contacts` whoever rang, often without a date.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from bench.families import Person, families
from bench.slips import miscoded, misdated, misspelt
from bench.words import short_forms

COLUMNS = (
    "record_id", "agency", "forename", "middle_names", "surname", "birth_date", "sex", "address", "town", "postcode",
    "uprn", "phone", "email", "health_number", "insurance_number",
)  # fmt: skip


@dataclass(frozen=True)
class Agency:
    """An agency: `knows` which share of adults and of children, `again` how often it holds a person twice.

    `care`: its errors against the usual; `current`: how often it has the newer address; `lacks`: columns it has not.
    """

    name: str
    knows: tuple[float, float]
    again: float
    care: float
    current: float
    lacks: frozenset[str]
    dateless: float = 0.0


AGENCIES = (
    Agency("register", (0.85, 0.85), 0.0, 0.6, 0.9, frozenset({"phone", "email", "insurance_number"})),
    Agency("benefits", (0.5, 0.0), 0.0, 1.0, 0.6, frozenset({"health_number", "uprn", "middle_names"})),
    Agency("clinic", (0.5, 0.7), 0.1, 1.0, 0.5, frozenset({"insurance_number", "uprn"}), 0.03),
    Agency("youth", (0.0, 0.6), 0.1, 1.3, 0.7, frozenset({"sex", "middle_names", "email", "insurance_number", "uprn"})),
    Agency(
        "contacts",
        (0.4, 0.1),
        0.15,
        1.6,
        0.6,
        frozenset({"sex", "middle_names", "health_number", "insurance_number", "uprn"}),
        0.6,
    ),
)
NOISE = {"tidy": 1.0, "messy": 2.5}
_HOMES = 3_000


def agencies(count: int, noise: str, seed: int, homes: int = _HOMES) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """The records of the first `count` agencies, with the columns COLUMNS; by `record_id` the person and household."""
    chance = random.Random(seed)
    rows: list[tuple[str | None, ...]] = []
    person, household = {}, {}
    for members in families(homes, chance):
        for one in members:
            for agency in _knowing(one, AGENCIES[:count], chance):
                identity = f"{agency.name}-{len(rows)}"
                rows.append((identity, agency.name, *_written(one, members, agency, NOISE[noise], chance)))
                person[identity], household[identity] = one.number, one.household
    chance.shuffle(rows)
    return pd.DataFrame(rows, columns=list(COLUMNS)), pd.Series(person), pd.Series(household)


def _knowing(one: Person, agencies: tuple[Agency, ...], chance: random.Random) -> Iterator[Agency]:
    for agency in agencies:
        if chance.random() < agency.knows[one.is_child]:
            yield agency
            if chance.random() < agency.again:
                yield agency


def _written(
    one: Person, members: list[Person], agency: Agency, noise: float, chance: random.Random
) -> tuple[str | None, ...]:
    """A record of a person as an agency has it."""
    error = agency.care * noise
    forename, middle, surname = _names(one, error, chance)
    home = one.homes[chance.random() < agency.current]
    line = home.written(short=chance.random() < 0.3)
    values = {
        "forename": forename, "middle_names": middle, "surname": surname,
        "birth_date": None if chance.random() < agency.dateless else _date(one, members, error, chance),
        "sex": one.sex if chance.random() < 0.98 else None,
        "address": _slipped(line, 0.04 * error, chance), "town": home.town,
        "postcode": _coded(home.postcode, 0.02 * error, chance), "uprn": home.uprn, "phone": one.phone,
        "email": one.email, "health_number": _coded(one.health, 0.005 * error, chance),
        "insurance_number": one.insurance,
    }  # fmt: skip
    holes = {"middle_names": 0.1, "postcode": 0.02 * error, "uprn": 0.3, "phone": 0.4, "email": 0.5} | {
        "health_number": 0.3, "insurance_number": 0.1, "address": 0.02 * error,
    }  # fmt: skip
    return tuple(
        None if name in agency.lacks or not value or chance.random() < holes.get(name, 0.0) else value
        for name, value in values.items()
    )


def _names(one: Person, error: float, chance: random.Random) -> tuple[str, str, str]:
    forename, middle, surname = one.forename, one.middle, one.surname
    drawn = chance.random() / error
    if drawn < 0.04:
        forename = chance.choice(short_forms().get(forename, (forename,)))
    elif drawn < 0.07:
        forename = misspelt(forename, chance)
    elif drawn < 0.075:
        forename = forename[0]
    elif middle and drawn < 0.09:
        forename, middle = middle, ""
    drawn = chance.random() / error
    if one.maiden and drawn < 0.08:
        surname = chance.choice((one.maiden, f"{one.maiden}-{one.surname}"))
    elif drawn < 0.10:
        surname = misspelt(surname, chance)
    if chance.random() < 0.005 * error:
        forename, surname = surname, forename
    if middle and chance.random() < 0.4:
        middle = middle[0]
    return forename, middle, surname


def _date(one: Person, members: list[Person], error: float, chance: random.Random) -> str | None:
    drawn = chance.random() / error
    if drawn < 0.01:
        return None
    if drawn < 0.015:
        return one.born.replace(month=1, day=1).isoformat()
    if drawn < 0.022:
        return chance.choice(members).born.isoformat()
    return (misdated(one.born, chance) if drawn < 0.045 else one.born).isoformat()


def _slipped(text: str, share: float, chance: random.Random) -> str:
    return misspelt(text, chance) if chance.random() < share else text


def _coded(text: str, share: float, chance: random.Random) -> str:
    return miscoded(text, chance) if chance.random() < share else text
