"""Names as people of a British town have them: by community, sex and the decade of birth, common ones common.

The lists are data (`borough/data/*.csv`), each in order of popularity; weights fall with the rank.
"""

import csv
import functools
from collections.abc import Iterator
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from borough.chance import Ints, Texts, weighted
from borough.communities import COMMUNITIES

_SEXES = "FM"
_COMPOSED_SHARE = {"white_british": 0.45, "mixed": 0.4, "caribbean": 0.08, "irish": 0.03}
_STEEPNESS = {"white_british": 0.75, "irish": 0.75, "mixed": 0.75}


class Lexicon:
    """Every name text once, by number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []
        self._feminine: dict[int, int] = {}
        self._masculine: dict[int, int] = {}
        self.number("")

    def number(self, text: str) -> int:
        """The number of a text, given now if it is new."""
        if text not in self._numbers:
            self._numbers[text] = len(self._texts)
            self._texts.append(text)
        return self._numbers[text]

    def numbers(self, texts: list[str]) -> Ints:
        """The numbers of several texts."""
        return np.array([self.number(text) for text in texts], dtype=np.int64)

    @property
    def texts(self) -> Texts:
        """All texts, in the order of their numbers."""
        return np.array(self._texts, dtype=object)

    def gendered(self, numbers: Ints, sexes: Ints) -> Ints:
        """Surnames as a woman (0) or a man (1) of the family bears them: Kowalski, Kowalska."""
        if not self._feminine:
            self._pair_up()
        out = numbers.copy()
        for women, pairs in ((0, self._feminine), (1, self._masculine)):
            table = np.arange(len(self._texts))
            table[list(pairs)] = list(pairs.values())
            rows = sexes == women
            out[rows] = table[numbers[rows]]
        return out

    def _pair_up(self) -> None:
        for row in read("surnames"):
            if row["community"] in {"polish", "east_european"}:
                for name in row["surnames"].split():
                    woman, man = self.number(feminine(name)), self.number(name)
                    if woman != man:
                        self._feminine[man], self._masculine[woman] = woman, man


def feminine(surname: str) -> str:
    """A Slavic or Baltic surname as a woman bears it; others unchanged."""
    if surname.endswith(("ski", "cki", "dzki")):
        return surname[:-1] + "a"
    if surname.endswith(("ov", "ev")):
        return surname + "a"
    if surname.endswith(("as", "us", "is", "ius")):
        return surname.rstrip("s").rstrip("aiu") + "ienė"
    return surname


class Namer:
    """Draws forenames and surnames for people of each community."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._forenames = _forenames(lexicon)
        self._surnames = [_surnames(lexicon, name) for name in COMMUNITIES.names]

    def forenames(self, rng: np.random.Generator, who: Ints, sexes: Ints, years: Ints) -> Ints:
        """A forename for each person, given community, sex (0 F, 1 M) and year of birth."""
        decades = np.clip((years - 1920) // 10, 0, 10)
        keys = (who * 2 + sexes) * 11 + decades
        out = np.zeros(len(who), dtype=np.int64)
        for key in np.unique(keys):
            rows = np.flatnonzero(keys == key)
            numbers, weights = self._forenames[int(key)]
            out[rows] = numbers[weighted(rng, weights, len(rows))]
        return out

    def surnames(self, rng: np.random.Generator, who: Ints, sexes: Ints) -> Ints:
        """A surname of their own for each person, given community and sex."""
        out = np.zeros(len(who), dtype=np.int64)
        for community in np.unique(who):
            rows = np.flatnonzero(who == community)
            numbers, weights = self._surnames[int(community)]
            out[rows] = numbers[weighted(rng, weights, len(rows))]
        return self.lexicon.gendered(out, sexes)

    def second_names(self, rng: np.random.Generator, community: str, sex: str, count: int) -> Ints:
        """Names such as Begum or Singh that stand beside or instead of a family name."""
        names = next(
            row["names"].split() for row in read("second_names") if (row["community"], row["sex"]) == (community, sex)
        )
        return self.lexicon.numbers(names)[weighted(rng, _falling(len(names), 1.0), count)]


def _forenames(lexicon: Lexicon) -> dict[int, tuple[Ints, NDArray[np.float64]]]:
    """For each community, sex and decade: names and weights; a twelfth of births takes a name of another decade."""
    lists = {(r["community"], r["sex"], r["born_in"]): _distinct(r["forenames"]) for r in read("forenames")}
    tables: dict[int, tuple[Ints, NDArray[np.float64]]] = {}
    for place, community in enumerate(COMMUNITIES.names):
        source = "white_british" if community == "mixed" else community
        for sex in (0, 1):
            every = sorted({n for (c, s, _), names in lists.items() if (c, s) == (source, _SEXES[sex]) for n in names})
            for decade in range(11):
                names = lists.get((source, _SEXES[sex], str(1920 + 10 * decade)))
                names = lists[(source, _SEXES[sex], "any")] if names is None else names
                weights = np.concatenate([_falling(len(names), 0.85, 3.0), np.full(len(every), 1 / len(every))])
                weights[: len(names)] *= 11 / weights[: len(names)].sum()
                tables[(place * 2 + sex) * 11 + decade] = (lexicon.numbers([*names, *every]), weights)
    return tables


def _surnames(lexicon: Lexicon, community: str) -> tuple[Ints, NDArray[np.float64]]:
    source = "white_british" if community == "mixed" else community
    names = _distinct(next(row["surnames"] for row in read("surnames") if row["community"] == source))
    weights = _falling(len(names), _STEEPNESS.get(community, 0.9), 3.0)
    share = _COMPOSED_SHARE.get(community, 0.0)
    if not share:
        return lexicon.numbers(names), weights
    composed = sorted(set(_composed()) - set(names), key=lambda name: (hash_of(name), name))
    tail = _falling(len(composed), 0.6, 200.0)
    joint = np.concatenate([weights / weights.sum() * (1 - share), tail / tail.sum() * share])
    return lexicon.numbers([*names, *composed]), joint


def hash_of(text: str) -> int:
    """A number that scatters texts, the same on every machine."""
    return functools.reduce(lambda total, letter: (total * 131 + ord(letter)) % 1_000_003, text, 7)


@functools.cache
def _composed() -> tuple[str, ...]:
    """Some thousands of plausible rare surnames, of the place-name elements that English ones are made of."""
    parts = {row["position"]: row["elements"].split() for row in read("surname_elements")}
    return tuple(a + b for a in parts["first"] for b in parts["last"] if a[-1:] != b[:1])


def _falling(count: int, steepness: float, shift: float = 2.0) -> NDArray[np.float64]:
    return np.asarray((np.arange(count) + shift) ** -steepness)


def _distinct(names: str) -> list[str]:
    return list(dict.fromkeys(names.split()))


def read(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of this package's data files."""
    text = resources.files("borough").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
