"""The names, places and callings that made sets are made of: short lists of our own in `bench/data/`."""

import csv
import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Sex = Literal["F", "M"]
Era = Literal["old", "new"]
_DATA = Path(__file__).parent / "data"
_STEEP = 0.8  # how much commoner the first names of a list are than the last


@dataclass(frozen=True)
class Weighted:
    """Values of which the first are the commonest."""

    values: tuple[str, ...]
    cumulative: tuple[float, ...]

    def draw(self, chance: random.Random) -> str:
        """One of them."""
        return chance.choices(self.values, cum_weights=self.cumulative)[0]


@cache
def forenames(era: Era, sex: Sex) -> Weighted:
    """Forenames of an era."""
    return _falling(next(row["names"].split() for row in _rows("forenames") if (row["era"], row["sex"]) == (era, sex)))


@cache
def surnames(era: Era) -> Weighted:
    """Surnames: the common ones, such as come from places and, of the new era, such as came later."""
    lists = {row["use"]: row["names"].split() for row in _rows("surnames")}
    places = [first + end for end in lists["ending"] for first in lists["place"]]
    random.Random(7).shuffle(places)
    newer = [name for pair in zip(lists["common"], lists["other"], strict=False) for name in pair]
    return _falling([*(newer if era == "new" else []), *lists["common"], *places])


@cache
def short_forms() -> dict[str, tuple[str, ...]]:
    """A forename's short and pet forms, as clerks and friends write them."""
    return {row["name"]: tuple(row["forms"].split()) for row in _rows("short_forms")}


@cache
def towns() -> tuple[tuple[str, str], ...]:
    """Town and county."""
    return tuple((town, row["county"]) for row in _rows("places") for town in row["towns"].split())


@cache
def callings() -> tuple[tuple[str, str], ...]:
    """An occupation, and another word for it."""
    return tuple((row["calling"], row["also"]) for row in _rows("occupations"))


def _falling(values: list[str]) -> Weighted:
    distinct = tuple(dict.fromkeys(values))
    total, cumulative = 0.0, []
    for place in range(len(distinct)):
        total += 1 / (place + 5) ** _STEEP
        cumulative.append(total)
    return Weighted(distinct, tuple(cumulative))


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((_DATA / f"{name}.csv").read_text("utf-8").splitlines()))
