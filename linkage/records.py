"""People as codes: each value a whole number, each number one comparable form; -1 is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkage.cleaning import HashTexts
from linkage.errors import RecordsError
from linkage.names import NameForms
from linkage.register import Register
from linkage.spec import LinkSpec
from linkage.vocabulary import Codes, Hashes, Vocabulary, through, used

NAMES = frozenset({"forename", "middle", "surname"})
NAME = "name"  # their vocabulary
# An identifier as it is written, and the one that its holder had before.
CURRENT, FORMER = "_current", "_former"


@dataclass(frozen=True, repr=False)
class People:
    """Records as codes, sorted by id.

    `keys`: their ids, also as `ids`, null where a record is gone or read from what was held; `key_hashes`: what tells
    them apart, 0 where a record is gone. `codes`: one int32 column per value. `vocabularies`: column to what each code
    means; `names` are the vocabulary of all columns of names, and dates are their own. `sources`: which source each
    came from, -1 where none is declared. `once_per_person`: whether that source holds each person once. `excluding`:
    identifier to whether each of its values excludes every other one. `called`: code column to the declared column it
    came from. `exact`: identifiers of which a near value is no evidence. `is_precise`: whether a postcode tells a few
    doors. `has_kin`, `shared_kin`: which records the feeds say have kin, None where no relations were given, and which
    packed pairs have one in common.
    """

    keys: pa.StringArray
    key_hashes: Hashes
    codes: Mapping[str, Codes]
    vocabularies: dict[str, Vocabulary]
    names: NameForms
    sources: Codes
    once_per_person: npt.NDArray[np.bool_]
    excluding: dict[str, npt.NDArray[np.bool_]]
    called: dict[str, str]
    exact: frozenset[str]
    is_precise: bool
    has_kin: npt.NDArray[np.bool_] | None = None
    shared_kin: npt.NDArray[np.int64] | None = None

    def __repr__(self) -> str:
        return f"<People: {len(self)} records>"

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def ids(self) -> npt.NDArray[np.object_]:
        """The records' ids."""
        ids: npt.NDArray[np.object_] = self.keys.to_numpy(zero_copy_only=False)
        return ids

    @cached_property
    def exclusive(self) -> dict[str, Codes]:
        """Identifier to the code of each record's value that excludes every other one, -1 where it has none such."""
        codes = {column: self.codes[column] for column in self.excluding}
        return {
            column: np.where(through(self.excluding[column], known, missing=False), known, -1)
            for column, known in codes.items()
        }

    def positions(self, *named: pd.Series, hashed: HashTexts) -> list[Codes]:
        """Where the records that each column names stand; -1 for those that the table lacks.

        Ids go by their hashes, which takes half as long as by their letters.
        """
        wanted = hashed([as_text(column) for column in named])
        return [through(self._living, self._register.places(hashes)) for hashes in wanted]

    @cached_property
    def _living(self) -> Codes:
        return np.flatnonzero(self.key_hashes).astype(np.int32)

    @cached_property
    def _register(self) -> Register:
        register = Register(self.key_hashes[self._living])
        if not register.is_distinct:
            msg = "two ids of the table have the same hash, so neither can be found by it. Write one of them otherwise."
            raise RecordsError(msg)
        return register

    def named(self, prefix: str) -> list[str]:
        """The code columns of one kind, in the order declared."""
        return [column for column in self.codes if column.rpartition("_")[0] == prefix]

    def hashes(self, column: str) -> Hashes:
        """What tells each record's value apart in any table; 0 where it has none."""
        words = self.names.compact if column.rpartition("_")[0] in NAMES else self.vocabularies[column]
        return through(words.hashes, self.codes[column], 0)

    def work_out(self) -> None:
        """Work out now what is told of each name and street by itself, for all the parts that `among` will take."""
        self.names.work_out()
        if "street" in self.vocabularies:
            self.vocabularies["street"].work_out()

    def among(self, rows: npt.NDArray[Any]) -> "People":
        """Some of the records, by position in rising order, and of the vocabularies what they use."""
        codes = {column: known[rows] for column, known in self.codes.items()}
        vocabularies, excluding = dict(self.vocabularies), dict(self.excluding)
        names, sources = self.names, self.sources[rows]
        for word, columns in columns_by_vocabulary(codes).items():
            chosen, renumbered = used(len(names if word == NAME else vocabularies[word]), [codes[c] for c in columns])
            codes |= {column: through(renumbered, codes[column]) for column in columns}
            if word == NAME:
                names = names.taken(chosen)
            else:
                vocabularies[word] = vocabularies[word].taken(chosen)
            if word in excluding:
                excluding[word] = excluding[word][chosen]
        codes["position"] = np.arange(len(rows), dtype=np.int32)
        return replace(
            self,
            keys=self.keys.take(pa.array(rows)),
            key_hashes=self.key_hashes[rows],
            codes=codes,
            vocabularies=vocabularies,
            names=names,
            sources=sources,
            once_per_person=self.once_per_person[rows],
            excluding=excluding,
            has_kin=None if self.has_kin is None else self.has_kin[rows],
            shared_kin=None if self.shared_kin is None else np.empty(0, np.int64),
        )


def columns_by_vocabulary(columns: Iterable[str]) -> dict[str, list[str]]:
    """Which code columns share each vocabulary; a date is its own, and a position says nothing of a person."""
    found: dict[str, list[str]] = {}
    for column in columns:
        if column not in {"dob", "born_about", "position"}:
            word = NAME if column.rpartition("_")[0] in NAMES else column.removesuffix(CURRENT).removesuffix(FORMER)
            found.setdefault(word, []).append(column)
    return found


def renumbered(people: People) -> People:
    """The people with a number and the one that its holder had before as one, wherever either stands."""
    return replace(people, codes={**people.codes, **numbers(people.codes, people.vocabularies)})


def numbers(codes: Mapping[str, Codes], vocabularies: Mapping[str, Vocabulary]) -> dict[str, Codes]:
    """Identifier to the code that stands for all that each holder is known to have had, where a former one is declared.

    `codes` has its columns as it is written now and was before; a value has the same code in both.
    """
    keys = [column.removesuffix(FORMER) for column in codes if column.endswith(FORMER)]
    return {key: _canonical(codes[key + CURRENT], codes[key + FORMER], vocabularies[key].hashes) for key in keys}


def check(records: pd.DataFrame, spec: LinkSpec) -> None:
    """Raise RecordsError where a table lacks a column that its description declares."""
    missing = sorted(spec.named() - set(records.columns))
    if missing:
        msg = (
            f"the table lacks {', '.join(missing)}, which its description declares. "
            f"Columns found: {', '.join(map(str, records.columns))}."
        )
        raise RecordsError(msg)


def check_keys(keys: pa.StringArray, column: str) -> None:
    """Raise RecordsError where sorted ids are empty or repeated."""
    empty = keys.null_count
    repeated = pc.sum(pc.equal(keys[1:], keys[:-1])).as_py() or 0
    if empty or repeated:
        msg = f"the id column {column!r} must be filled and unique: {empty} empty, {repeated} repeated."
        raise RecordsError(msg)


def as_text(values: pd.Series) -> pa.Array:
    """A column as text: whole numbers without a decimal point."""
    if isinstance(values.dtype, pd.StringDtype) or values.dtype == object:
        text = pa.array(values, from_pandas=True)
        text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
        return text if pa.types.is_string(text.type) else text.cast(pa.string())
    if pd.api.types.is_float_dtype(values.dtype):
        whole = values.dropna().mod(1).eq(0).all()
        values = values.astype("Int64") if whole else values
    return pa.array(values.astype(pd.StringDtype("pyarrow")), from_pandas=True).cast(pa.string())


def _canonical(current: Codes, earlier: Codes, hashes: Hashes) -> Codes:
    """One code for all the numbers that one holder is known to have had, the same in whatever table they stand."""
    both = (current >= 0) & (earlier >= 0) & (current != earlier)
    known = np.where(current >= 0, current, earlier)
    if not both.any():
        return known
    linked = np.unique(np.concatenate([current[both], earlier[both]]))
    left, right = (np.searchsorted(linked, codes[both]) for codes in (current, earlier))
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(len(linked), len(linked)))
    _, component = connected_components(graph, directed=False)
    order = np.lexsort((hashes[linked], component))
    first = order[np.flatnonzero(np.diff(component[order], prepend=-1))]
    canonical = np.arange(len(hashes), dtype=np.int32)
    canonical[linked] = linked[first[component]]
    return through(canonical, known)
