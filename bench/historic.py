"""A made set of older British people: few good columns, much error, many records of each person.

Dynasties of one surname and place, sons named after fathers, titles, clerks' abbreviations, spelling by ear, years
instead of dates, a county for a town.
"""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from bench.slips import miscoded, misdated, misspelt, respelt
from bench.words import Sex, callings, forenames, short_forms, surnames, towns

COLUMNS = (
    "unique_id",
    "full_name",
    "forename",
    "surname",
    "dob",
    "birth_place",
    "postcode_fake",
    "gender",
    "occupation",
)
_TITLES = {"M": ("Sir", "Rev.", "Capt.", "Dr", "The Hon."), "F": ("Lady", "Mrs", "Miss", "The Hon.")}
_RANKS = ("{n} Baronet", "{n} Baron {s}", "{n} Earl of {t}", "{n} Viscount {t}", "{n} Baron {s} of {t}")
_ORDINALS = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th")


@dataclass(frozen=True)
class Soul:
    """A person as they were."""

    sex: Sex
    forename: str
    middle: str
    surname: str
    born: dt.date
    place: int
    postcode: str
    calling: int
    title: str
    rank: str


def historic(people: int, seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """The records, with the columns COLUMNS, and the person of each by `unique_id`; some eight records a person."""
    chance = random.Random(seed)
    rows: list[tuple[str | None, ...]] = []
    truth = {}
    for number, soul in enumerate(_souls(people, chance)):
        for copy in range(min(1 + int(chance.expovariate(1 / 7)), 30)):
            identity = f"H{number}-{copy}"
            rows.append((identity, *_written(soul, chance, first=copy == 0)))
            truth[identity] = str(number)
    chance.shuffle(rows)
    return pd.DataFrame(rows, columns=list(COLUMNS)), pd.Series(truth)


def _souls(people: int, chance: random.Random) -> Iterator[Soul]:
    made = 0
    while made < people:
        head = _soul(chance)
        dynasty = [head]
        while chance.random() < 0.35:
            dynasty.append(_heir(dynasty[-1], chance))
        yield from dynasty[: people - made]
        made += len(dynasty)


def _soul(chance: random.Random) -> Soul:
    sex: Sex = "M" if chance.random() < 0.75 else "F"
    named = forenames("old", sex)
    surname, place = surnames("old").draw(chance), chance.randrange(len(towns()))
    middle = chance.choice((named, surnames("old"))).draw(chance) if chance.random() < 0.5 else ""
    title = chance.choice(_TITLES[sex]) if chance.random() < 0.15 else ""
    rank = chance.choice(_RANKS) if sex == "M" and chance.random() < 0.12 else ""
    rank = rank.format(n=chance.choice(_ORDINALS), s=surname, t=towns()[place][0])
    return Soul(
        sex, named.draw(chance), middle, surname, dt.date(1770, 1, 1) + dt.timedelta(chance.randrange(47_000)),
        place, _postcode(place, chance), chance.randrange(len(callings())), title, rank,
    )  # fmt: skip


def _heir(parent: Soul, chance: random.Random) -> Soul:
    """A child or a brother: the same surname, most often the same place, sometimes the same forename."""
    child = replace(_soul(chance), surname=parent.surname)
    years = chance.choice((1, 2, 3, 4, 6, 20, 24, 27, 30, 34))
    child = replace(child, born=parent.born + dt.timedelta(years * 365 + chance.randrange(365)))
    if chance.random() < 0.8:
        child = replace(child, place=parent.place, postcode=_postcode(parent.place, chance))
    if child.sex == parent.sex and chance.random() < 0.3:
        child = replace(child, forename=parent.forename)
    return replace(child, calling=parent.calling) if chance.random() < 0.4 else child


def _postcode(place: int, chance: random.Random) -> str:
    town, county = towns()[place]
    letters = chance.choice("ABDEFGHJ") + chance.choice("LNPQRSTU")
    return f"{county[0]}{town[1]}{place % 30 + 1} {chance.randrange(10)}{letters}".upper()


def _written(soul: Soul, chance: random.Random, *, first: bool) -> tuple[str | None, ...]:
    """A record of a person; the first is the best."""
    error = 0.3 if first else 1.0
    forename, middle, surname = _names(soul, error, chance)
    gender = {"M": "male", "F": "female"}[soul.sex]
    return (
        _whole(soul, (forename, middle, surname), error, chance), forename, surname, _date(soul, error, chance),
        _place(soul, error, chance), _where(soul, error, chance), _unless(0.15 * error, gender, chance),
        _occupation(soul, error, chance),
    )  # fmt: skip


def _unless(share: float, value: str, chance: random.Random) -> str | None:
    return None if chance.random() < share else value


def _names(soul: Soul, error: float, chance: random.Random) -> tuple[str, str, str]:
    forename, middle, surname = soul.forename, soul.middle, soul.surname
    drawn = chance.random() / error
    if drawn < 0.22:
        forename = chance.choice(short_forms().get(forename, (forename,)))
    elif drawn < 0.30:
        forename = misspelt(forename, chance)
    elif drawn < 0.34:
        forename = forename[0]
    if middle and chance.random() < 0.5 * error:
        middle = chance.choice(("", middle[0]))
    elif middle and chance.random() < 0.06 * error:
        forename, middle = middle, ""
    drawn = chance.random() / error
    if drawn < 0.15:
        surname = respelt(surname, chance)
    elif drawn < 0.22:
        surname = misspelt(surname, chance)
    return forename, middle, surname


def _whole(soul: Soul, names: tuple[str, str, str], error: float, chance: random.Random) -> str:
    """The whole name as one text."""
    name = " ".join(part for part in names if part)
    if chance.random() < 0.03 * error:
        return f"{names[2]}, {names[0]}"
    if soul.title and chance.random() < 0.6:
        name = f"{soul.title} {name}"
    return f"{name}, {soul.rank}" if soul.rank and chance.random() < 0.6 else name


def _date(soul: Soul, error: float, chance: random.Random) -> str | None:
    drawn = chance.random() / error
    if drawn < 0.15:
        return None
    if drawn < 0.27:
        return chance.choice((f"{soul.born.year}-01-01", f"{soul.born.year}"))
    return (misdated(soul.born, chance) if drawn < 0.37 else soul.born).isoformat()


def _place(soul: Soul, error: float, chance: random.Random) -> str | None:
    town, county = towns()[soul.place]
    drawn = chance.random() / error
    if drawn < 0.12:
        return None
    if drawn < 0.27:
        return county
    return respelt(town, chance) if drawn < 0.33 else town


def _where(soul: Soul, error: float, chance: random.Random) -> str | None:
    drawn = chance.random() / error
    if drawn < 0.2:
        return None
    if drawn < 0.28:
        return _postcode(soul.place, chance)
    return miscoded(soul.postcode, chance) if drawn < 0.34 else soul.postcode


def _occupation(soul: Soul, error: float, chance: random.Random) -> str | None:
    calling, also = callings()[soul.calling]
    drawn = chance.random() / error
    if drawn < 0.35:
        return None
    return also if drawn < 0.5 else calling
