"""A made set of a thousand rows: names, a date, a town and an electronic address, with many holes."""

import datetime as dt
import random

import pandas as pd

from bench.slips import misdated, misspelt
from bench.words import Sex, forenames, surnames, towns

ROWS = 1_000
COLUMNS = ("unique_id", "first_name", "surname", "dob", "city", "email")


def thousand(seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """The records, with the columns COLUMNS, and the person of each by `unique_id`."""
    chance = random.Random(seed)
    rows: list[tuple[str | None, ...]] = []
    truth = {}
    number = 0
    while len(rows) < ROWS:
        one = _person(chance)
        for _ in range(min(chance.choice((1, 1, 2, 3, 4, 5, 7)), ROWS - len(rows))):
            identity = str(len(rows))
            rows.append((identity, *_written(one, chance)))
            truth[identity] = str(number)
        number += 1
    chance.shuffle(rows)
    return pd.DataFrame(rows, columns=list(COLUMNS)), pd.Series(truth)


def _person(chance: random.Random) -> tuple[str, str, dt.date, str, str]:
    sex: Sex = chance.choice(("F", "M"))
    forename, surname = forenames("new", sex).draw(chance), surnames("new").draw(chance)
    born = dt.date(1960, 1, 1) + dt.timedelta(chance.randrange(18_000))
    email = f"{forename}{surname}{chance.randrange(100)}@example.org".lower()
    return forename, surname, born, chance.choice(towns())[0], email


def _written(one: tuple[str, str, dt.date, str, str], chance: random.Random) -> tuple[str | None, ...]:
    forename, surname, born, town, email = one
    if chance.random() < 0.05:
        forename, surname = surname, forename
    day = misdated(born, chance) if chance.random() < 0.2 else born
    words = [misspelt(word, chance) if chance.random() < 0.15 else word for word in (forename, surname)]
    place = misspelt(town, chance) if chance.random() < 0.15 else town
    address = misspelt(email, chance) if chance.random() < 0.12 else email
    holes = (0.15, 0.15, 0.02, 0.18, 0.2)
    values = (*words, day.isoformat(), place, address)
    return tuple(None if chance.random() < hole else value for hole, value in zip(holes, values, strict=True))
