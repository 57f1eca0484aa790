"""The kind of name a record bears, by lists: to see whether some kinds of name are matched worse than others.

A list says which tradition a name is usual in, nothing of the person: people marry, adopt, convert and choose. So the
answer is used in rates over many records and shown with none. `docs/linkage-card.md` says how far it can be believed.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pandas as pd

NO_LIST = "on no list"
SEVERAL = "of several lists"
_NO_LETTER = re.compile("[^A-Z]+")
_SHORTEST_REST = 2  # letters beside a start or an end that tell an origin


@dataclass(frozen=True)
class _Lists:
    """Name to origins; and the starts and ends of names that tell one, the longest first."""

    names: dict[str, frozenset[str]]
    starts: tuple[tuple[str, str], ...]
    ends: tuple[tuple[str, str], ...]

    def origins(self, word: str) -> frozenset[str]:
        """The origins that a name in capitals may be of."""
        if word in self.names:
            return self.names[word]
        for start, origin in self.starts:
            if word.startswith(start) and len(word) >= len(start) + _SHORTEST_REST:
                return frozenset({origin})
        for end, origin in self.ends:
            if word.endswith(end) and len(word) >= len(end) + _SHORTEST_REST:
                return frozenset({origin})
        return frozenset()


def name_origins(forename: pd.Series, surname: pd.Series) -> pd.Series:
    """The kind of each record's name: an origin of `data/name_origins.csv`, `on no list`, or `of several lists`.

    Missing where neither name is known. Every listed word must allow the origin: a Fatima Kowalska is of several lists.
    """
    said = pd.DataFrame({"forename": forename.to_numpy(object), "surname": surname.to_numpy(object)})
    known = said.dropna(how="all").fillna("").astype(str).drop_duplicates()
    # Many people share a few forenames and surnames, so each name is looked up once and not with every other.
    allowed = {name: _allowed(name) for name in pd.unique(known.to_numpy(object).ravel())}
    found = [
        _origin(allowed[one], allowed[other]) for one, other in zip(known["forename"], known["surname"], strict=True)
    ]
    told = known.assign(origin=pd.array(found, dtype=pd.StringDtype("pyarrow")))
    return said.fillna("").merge(told, on=["forename", "surname"], how="left")["origin"].set_axis(forename.index)


def _origin(forename: frozenset[str] | None, surname: frozenset[str] | None) -> str:
    allowed = [origins for origins in (forename, surname) if origins is not None]
    if not allowed:
        return NO_LIST
    left = frozenset.intersection(*allowed)
    return next(iter(left)) if len(left) == 1 else SEVERAL


def _allowed(name: str) -> frozenset[str] | None:
    """The origins that every listed word of a name allows, which may be none; None where no list has any of them."""
    listed = [origins for word in _words(name) if (origins := _lists().origins(word))]
    return frozenset.intersection(*listed) if listed else None


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    return _NO_LETTER.sub(" ", plain.replace("'", "")).split()


@cache
def _lists() -> _Lists:
    text = resources.files("linkage").joinpath("data", "name_origins.csv").read_text(encoding="utf-8")
    names: dict[str, frozenset[str]] = {}
    parts: dict[str, list[tuple[str, str]]] = {"start": [], "end": []}
    for row in csv.DictReader(text.splitlines()):
        for name in row["names"].split():
            if row["part"] == "name":
                names[name] = names.get(name, frozenset()) | {row["origin"]}
            else:
                parts[row["part"]].append((name, row["origin"]))
    starts, ends = (tuple(sorted(parts[part], key=lambda each: -len(each[0]))) for part in ("start", "end"))
    return _Lists(names, starts, ends)
