"""Names: their comparable forms, what is no name, and how alike two of them are."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property
from importlib import resources
from itertools import product
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from linkage.cleaning import apply_forms, hashes_of
from linkage.spec import Kind, LinkSpec
from linkage.vocabulary import Codes, Hashes, Vocabulary

Take = Callable[[str], tuple[Codes, pa.Array]]

NEAR, SIMILAR = 0.92, 0.82
_CLOSE = SIMILAR - 0.1  # from here on a slip of one letter is looked for
_GROUPS = 6
_TOLD = {"groups", "_group_bits", "words", "initials", "is_worded"}  # told of each name by itself


class Likeness(IntEnum):
    """How two unequal names are alike, the closest first; the `SAME` differ in nothing but spaces."""

    SAME = 0
    VARIANT = 1
    PART = 2
    NEAR = 3
    INITIAL = 4
    SIMILAR = 5
    DIFFERENT = 6


@dataclass(frozen=True, repr=False)
class NameForms:
    """Every distinct name of the table in words, whatever column it came from; a name's code is its position.

    `spaced`: the names. `compact`: the same without spaces. `skeletons`: hashes of their consonants.
    """

    spaced: Vocabulary
    compact: Vocabulary
    skeletons: Hashes

    def __repr__(self) -> str:
        return f"<NameForms: {len(self)} names>"

    def __len__(self) -> int:
        return len(self.spaced)

    def taken(self, codes: npt.NDArray[Any]) -> "NameForms":
        """Some of the names, in the order given, with what has been worked out of each."""
        forms = NameForms(self.spaced.taken(codes), self.compact.taken(codes), self.skeletons[codes])
        for told in _TOLD & vars(self).keys():
            vars(forms)[told] = vars(self)[told][codes]
        return forms

    def work_out(self) -> None:
        """Work out now what is told of each name by itself, so that it is not worked out of every part taken."""
        for told in sorted(_TOLD):
            getattr(self, told)

    def without(self, codes: npt.NDArray[Any]) -> "NameForms":
        """The same, some names forgotten: their codes stand for nothing."""
        return NameForms(self.spaced.without(codes), self.compact.without(codes), self.skeletons)

    def widened(self, other: "NameForms") -> tuple["NameForms", Codes]:
        """These names and those of another table that are not among them, and the code here of each code there."""
        spaced, codes = self.spaced.widened(other.spaced)
        fresh = np.flatnonzero(codes >= len(self))
        compact = Vocabulary(
            pa.concat_arrays([self.compact.values, other.compact.values.take(pa.array(fresh))]),
            np.concatenate([self.compact.hashes, other.compact.hashes[fresh]]),
        )
        return NameForms(spaced, compact, np.concatenate([self.skeletons, other.skeletons[fresh]])), codes

    @cached_property
    def same(self) -> Codes:
        """One code for all names that differ in nothing but spaces: `ANN MARIE` and `ANNMARIE`."""
        index, distinct = pd.factorize(self.compact.hashes)
        first = np.empty(len(distinct), np.int32)
        first[index[::-1]] = np.arange(len(index), dtype=np.int32)[::-1]
        return first[index]

    @cached_property
    def groups(self) -> Codes:
        """Up to six nickname groups that each name belongs to, -1 beyond."""
        groups = nickname_groups()
        found = np.full((len(self), _GROUPS), -1, np.int32)
        first = [name.partition(" ")[0] for name in self.spaced.texts]
        for row in [row for row, name in enumerate(first) if name in groups]:
            known = groups[first[row]][:_GROUPS]
            found[row, : len(known)] = known
        return found

    @cached_property
    def _group_bits(self) -> npt.NDArray[np.uint64]:
        """A bit for each group that a name belongs to; groups may share one, so it says who cannot be in one group."""
        bits = np.where(self.groups >= 0, np.uint64(1) << (self.groups & 63).astype(np.uint64), np.uint64(0))
        return np.asarray(np.bitwise_or.reduce(bits, axis=1))

    def likeness(self, left: Codes, right: Codes) -> npt.NDArray[np.uint8]:
        """A Likeness for each pair of unequal name codes, each distinct pair worked out once."""
        keys = left.astype(np.int64) * len(self) + right
        index, distinct = pd.factorize(keys)
        a, b = np.divmod(distinct, len(self))
        return self._distinct_likeness(a, b)[index]

    def _distinct_likeness(self, a: npt.NDArray[Any], b: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
        alike = np.zeros(len(a), np.float32)
        letters = self.compact.letters
        some = np.flatnonzero(letters.may_sound_alike(a, b, self.initials, _CLOSE))
        left, right = self.compact.texts[a[some]], self.compact.texts[b[some]]
        alike[some] = cpdist(left, right, scorer=JaroWinkler.similarity, score_cutoff=_CLOSE, dtype=np.float32)
        close = np.flatnonzero((alike >= _CLOSE) & (alike < NEAR))
        typo = np.zeros(len(a), bool)
        left, right = self.compact.texts[a[close]], self.compact.texts[b[close]]
        typo[close] = cpdist(left, right, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8) <= 1
        lengths = letters.lengths
        short, long = np.minimum(lengths[a], lengths[b]), np.maximum(lengths[a], lengths[b])
        result = np.full(len(a), Likeness.DIFFERENT, np.uint8)
        result[(alike >= SIMILAR) | (self.skeletons[a] == self.skeletons[b])] = Likeness.SIMILAR
        result[(short == 1) & (self.initials[a] == self.initials[b])] = Likeness.INITIAL
        result[(short > 1) & ((alike >= NEAR) | (typo & (long >= 4)))] = Likeness.NEAR
        result[self._share_a_word(a, b)] = Likeness.PART
        result[self._same_group(a, b)] = Likeness.VARIANT
        result[self.same[a] == self.same[b]] = Likeness.SAME
        return result

    def _share_a_word(self, a: npt.NDArray[Any], b: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Whether they share a word that carries the name: `SMITH JONES` and `JONES`, not the `DE` of two names."""
        shared = np.zeros(len(a), bool)
        worded = np.flatnonzero(self.is_worded[a] | self.is_worded[b])
        left, right = self.words[a[worded]], self.words[b[worded]]
        for one, other in product(left.T, right.T):
            shared[worded] |= (one >= 0) & (one == other)
        return shared

    def _same_group(self, a: npt.NDArray[Any], b: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        some = np.flatnonzero(self._group_bits[a] & self._group_bits[b])
        left, right = self.groups[a[some]], self.groups[b[some]]
        found = np.zeros(len(some), bool)
        for column in range(_GROUPS):
            value = left[:, column]
            for other in range(_GROUPS):
                found |= (value >= 0) & (value == right[:, other])
        same = np.zeros(len(a), bool)
        same[some] = found
        return same

    @cached_property
    def words(self) -> Codes:
        """The words of more than two letters of each name, one column for each place, -1 beyond the last."""
        # Most names are one word. It bears the name's own number, wherever it stands in another.
        worded = np.flatnonzero(self.is_worded)
        parts = [[word for word in name.split() if len(word) > 2] for name in self.spaced.texts[worded]]
        numbers = {word: number for number, word in enumerate(self.spaced.texts)}
        found = np.full((len(self), max(map(len, parts), default=1) or 1), -1, np.int32)
        found[:, 0] = np.where(self.is_worded | (self.compact.letters.lengths <= 2), -1, np.arange(len(self)))
        for row, words in zip(worded.tolist(), parts, strict=True):
            # Beyond the names' own, of which a forgotten one has no word.
            found[row, : len(words)] = [numbers.setdefault(word, len(self) + len(numbers)) for word in words]
        return found

    @cached_property
    def initials(self) -> Codes:
        """Code of each name's first letter."""
        return self.compact.letters.firsts

    @cached_property
    def is_worded(self) -> npt.NDArray[np.bool_]:
        """Whether a name has several words."""
        return np.array([" " in x for x in self.spaced.texts], bool)


def encode_names(spec: LinkSpec, take: Take, engine: duckdb.DuckDBPyConnection, codes: dict[str, Codes]) -> NameForms:
    """Fill `codes` with forename_0…, surname_0…, middle_0… that share one set of codes; returns what the codes mean."""
    raws, forms = [], []
    for label, raw, values in _name_columns(spec, take, engine):
        raws.append((label, raw))
        forms.append(values)
    mapping, names = _name_forms(pa.concat_arrays(forms) if forms else pa.array([], pa.string()), engine)
    start = 0
    numbers: dict[str, int] = {}
    for (label, raw), values in zip(raws, forms, strict=True):
        number = numbers[label] = numbers.get(label, -1) + 1
        column = np.append(mapping[start : start + len(values)], -1).astype(np.int32)[raw]
        start += len(values)
        first = codes.get(f"{label}_0")
        # A further name that repeats the first says nothing.
        codes[f"{label}_{number}"] = column if first is None else np.where(column == first, -1, column)
    return names


def _name_columns(
    spec: LinkSpec, take: Take, engine: duckdb.DuckDBPyConnection
) -> Iterable[tuple[str, Codes, pa.Array]]:
    for column in spec.of_kind(Kind.FULL_NAME):
        raw, values = take(column.name)
        whole = apply_forms(engine, values, ["full_name_form(x)"])[0]
        parts = ["split_part(x, ' ', 1)", "split_part(x, ' ', -1)", "array_to_string(string_split(x, ' ')[2:-2], ' ')"]
        for label, part in zip(("forename", "surname", "middle"), apply_forms(engine, whole, parts), strict=True):
            yield label, raw, _without_non_names(part)
    kinds = ((Kind.FORENAME, "forename"), (Kind.SURNAME, "surname"), (Kind.MIDDLE_NAMES, "middle"))
    labels = [(label, column.name) for kind, label in kinds for column in spec.of_kind(kind)]
    taken = [take(name) for _, name in labels]
    forms = apply_forms(engine, pa.concat_arrays([pa.array([], pa.string()), *(v for _, v in taken)]), ["name_form(x)"])
    start = 0
    for (label, _), (raw, values) in zip(labels, taken, strict=True):
        yield label, raw, _without_non_names(forms[0].slice(start, len(values)))
        start += len(values)


def _without_non_names(forms: pa.Array) -> pa.Array:
    text = forms.to_numpy(zero_copy_only=False)
    no_name = non_names()
    return pa.array([None if x is None or x == "" or x in no_name else x for x in text], pa.string())


def _name_forms(forms: pa.Array, engine: duckdb.DuckDBPyConnection) -> tuple[Codes, NameForms]:
    """The code of each form, and the table of forms."""
    encoded = pc.dictionary_encode(forms)
    spaced = encoded.dictionary
    compact = pc.replace_substring(spaced, " ", "")
    skeletons = apply_forms(engine, compact, ["skeleton(x)"])[0]
    told, together, bones = hashes_of(engine, [spaced, compact, skeletons])
    mapping = pc.fill_null(encoded.indices, -1).to_numpy().astype(np.int32)
    return mapping, NameForms(Vocabulary(spaced, told), Vocabulary(compact, together), bones)


@cache
def nickname_groups() -> dict[str, tuple[int, ...]]:
    """Name to the groups of interchangeable names that it belongs to (`data/nicknames.csv`)."""
    groups: dict[str, list[int]] = {}
    for number, row in enumerate(_rows("nicknames.csv")):
        for name in {row["name"], *row["variants"].split()}:
            groups.setdefault(name, []).append(number)
    return {name: tuple(numbers) for name, numbers in groups.items()}


@cache
def non_names() -> frozenset[str]:
    """What is written where a name is not known (`data/non_names.csv`)."""
    return frozenset(row["form"] for row in _rows("non_names.csv"))


def _rows(file_name: str) -> list[dict[str, str]]:
    text = resources.files("linkage").joinpath("data", file_name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
