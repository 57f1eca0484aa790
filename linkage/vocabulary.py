"""The distinct values of a column: each has a code, its position here, and a hash that is the same in every table."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from linkage.letters import Letters
from linkage.register import Register

Codes = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, repr=False)
class Vocabulary:
    """`values`: the text of each code, null throughout where only equality counts. `hashes`: what tells values apart.

    Two tables give a value different codes and the same hash.
    """

    values: pa.StringArray
    hashes: Hashes

    def __repr__(self) -> str:
        return f"<Vocabulary: {len(self)} values>"

    def __len__(self) -> int:
        return len(self.hashes)

    @classmethod
    def untold(cls, hashes: Hashes) -> Self:
        """Values of which only the hashes are known."""
        return cls(pa.nulls(len(hashes), pa.string()), hashes)

    @cached_property
    def texts(self) -> Texts:
        """The text of each code; empty where none is told."""
        texts: Texts = pc.fill_null(self.values, "").to_numpy(zero_copy_only=False)
        return texts

    @cached_property
    def letters(self) -> Letters:
        """The letters of each text."""
        return Letters(self.texts)

    @cached_property
    def ordered(self) -> Texts:
        """The texts with their words in the order of the alphabet."""
        return np.array([" ".join(sorted(text.split())) for text in self.texts], object)

    def work_out(self) -> None:
        """Work out now what is told of each text by itself, so that it is not worked out of every part taken."""
        self.letters, self.ordered  # noqa: B018

    def codes_of(self, hashes: Hashes) -> Codes:
        """The code of each of some distinct values; -1 where there is none such."""
        # Those asked for are put on shelves, not all that are known, which may be many times more.
        asked = Register(hashes).places(self.hashes)
        known = np.flatnonzero(asked >= 0)
        codes = np.full(len(hashes), -1, np.int32)
        codes[asked[known]] = known
        return codes

    def taken(self, codes: npt.NDArray[Any]) -> "Vocabulary":
        """Some of the values, in the order given, with what has been worked out of each."""
        some = Vocabulary(self.values.take(pa.array(codes)), self.hashes[codes])
        told = vars(self)
        vars(some).update({name: told[name][codes] for name in ("texts", "ordered") if name in told})
        if "letters" in told:
            vars(some)["letters"] = self.letters.taken(codes)
        return some

    def without(self, codes: npt.NDArray[Any]) -> "Vocabulary":
        """The same, some values forgotten: their codes stand for nothing."""
        if not len(codes):
            return self
        stays = np.ones(len(self), bool)
        stays[codes] = False
        return Vocabulary(pc.if_else(stays, self.values, None), np.where(stays, self.hashes, np.uint64(0)))

    def widened(self, other: "Vocabulary") -> tuple["Vocabulary", Codes]:
        """These values and those of another that are not among them, and the code here of each code there."""
        codes = self.codes_of(other.hashes)
        fresh = np.flatnonzero(codes < 0)
        codes[fresh] = len(self) + np.arange(len(fresh), dtype=np.int32)
        values = pa.concat_arrays([self.values, other.values.take(pa.array(fresh))])
        return Vocabulary(values, np.concatenate([self.hashes, other.hashes[fresh]])), codes


def through(mapping: npt.NDArray[Any], codes: Codes, missing: Any = -1) -> npt.NDArray[Any]:
    """What each code is mapped to; -1 to what stands for missing."""
    # A code of -1 takes the last.
    return np.append(mapping, np.array([missing], mapping.dtype)).take(codes)


def in_use(size: int, columns: list[Codes]) -> npt.NDArray[np.bool_]:
    """Which codes of a vocabulary some columns use."""
    marked = np.zeros(size + 1, bool)
    for column in columns:
        marked[column] = True
    return marked[:-1]


def used(size: int, columns: list[Codes]) -> tuple[Codes, Codes]:
    """Which codes of a vocabulary some columns use, and the new code of each old one (-1 where none uses it)."""
    chosen = np.flatnonzero(in_use(size, columns)).astype(np.int32)
    renumbered = np.full(size, -1, np.int32)
    renumbered[chosen] = np.arange(len(chosen), dtype=np.int32)
    return chosen, renumbered
