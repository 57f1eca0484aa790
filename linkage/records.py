"""A table of people turned into codes: each value a whole number, each number one comparable form; -1 is missing.

Nothing wide goes further: blocking, comparing and scoring see the codes, and each distinct value is cleaned once.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkage.addresses import dwellings, encode_addresses, recode
from linkage.cleaning import apply_forms, hashes_of
from linkage.errors import RecordsError
from linkage.names import NameForms, encode_names
from linkage.spec import Column, Kind, LinkSpec
from linkage.vocabulary import Codes, Hashes, Vocabulary, through, used
from schemas import identifiers

NAMES = frozenset({"forename", "middle", "surname"})
NAME = "name"  # their vocabulary
# An identifier as it is written, and the one that its holder had before.
CURRENT, FORMER = "_current", "_former"
_NONE = pa.array([], pa.string())
_SIMPLE = {Kind.SEX: "sex", Kind.AGE_GROUP: "age_group", Kind.UPRN: "uprn"}
_LISTED = {Kind.PHONE: "phone", Kind.EMAIL: "email", Kind.CATEGORY: "category"}


@dataclass(frozen=True, repr=False)
class People:
    """Records as codes, sorted by id.

    `keys`: their ids, also as `ids`. `codes`: one int32 column per value. `vocabularies`: column to what each code
    means; `names` are the vocabulary of all columns of names, and dates are their own.
    `sources`: which source each came from, -1 where none is declared. `once_per_person`: whether that source holds
    each person once. `excluding`: identifier to whether each of its values excludes every other one.
    `called`: code column to the declared column it came from. `exact`: identifiers of which a near value is no
    evidence. `is_precise`: whether a postcode tells a few doors. `has_kin`, `shared_kin`: which records the feeds say
    have kin, None where no relations were given, and which packed pairs have one in common.
    """

    keys: pa.StringArray
    codes: pd.DataFrame
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
        codes = {column: self.codes[column].to_numpy() for column in self.excluding}
        return {
            column: np.where(through(self.excluding[column], known, missing=False), known, -1)
            for column, known in codes.items()
        }

    def positions(self, *named: pd.Series) -> list[Codes]:
        """Where the records that each column names stand; -1 for those that the table lacks."""
        texts = [as_text(column) for column in named]
        found = pc.index_in(pa.chunked_array(texts, pa.string()), value_set=self.keys)
        ends = np.cumsum([len(text) for text in texts])
        return np.split(pc.fill_null(found, -1).to_numpy(), ends[:-1])

    def named(self, prefix: str) -> list[str]:
        """The code columns of one kind, in the order declared."""
        return [column for column in self.codes.columns if column.rpartition("_")[0] == prefix]

    def hashes(self, column: str) -> Hashes:
        """What tells each record's value apart in any table; 0 where it has none."""
        words = self.names.compact if column.rpartition("_")[0] in NAMES else self.vocabularies[column]
        return through(words.hashes, self.codes[column].to_numpy(), 0)

    def among(self, rows: npt.NDArray[Any]) -> "People":
        """Some of the records, by position in rising order, and of the vocabularies what they use."""
        codes = {str(column): self.codes[column].to_numpy()[rows] for column in self.codes.columns}
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
            codes=framed(codes),
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
        if column not in {"dob", "position"}:
            word = NAME if column.rpartition("_")[0] in NAMES else column.removesuffix(CURRENT).removesuffix(FORMER)
            found.setdefault(word, []).append(column)
    return found


def framed(codes: Mapping[str, Codes]) -> pd.DataFrame:
    """Code columns as a frame, without a copy."""
    size = len(next(iter(codes.values())))
    return pd.DataFrame(dict(codes), index=pd.RangeIndex(size), copy=False)


def encode(
    records: pd.DataFrame,
    spec: LinkSpec,
    engine: duckdb.DuckDBPyConnection,
    *,
    threads: int = 1,
    is_precise: bool | None = None,
) -> People:
    """The table's people as codes; raises RecordsError where the table does not fit its description.

    `is_precise`: whether a postcode tells a few doors, where that is known of tables like this one.
    """
    check(records, spec)
    ids = as_text(records[spec.id])
    order = pc.sort_indices(ids).to_numpy()
    keys = ids.take(pa.array(order))
    check_keys(keys, spec.id)
    written = [column for column in spec.columns if column.kind is not Kind.DATE_OF_BIRTH]
    wanted = {name for column in written for name in (column.name, column.former) if name}
    wanted |= {spec.source} if spec.source else set()
    with ThreadPoolExecutor(threads) as pool:
        columns = sorted(wanted)
        taken = dict(zip(columns, pool.map(partial(_take, records, order), columns), strict=True))
    take = taken.__getitem__
    codes: dict[str, Codes] = {}
    values: dict[str, pa.Array] = {}
    names = encode_names(spec, take, engine, codes)
    for column in spec.of_kind(Kind.DATE_OF_BIRTH):
        codes["dob"] = _dates(records, column.name, order, engine)
    is_precise = encode_addresses(spec, take, engine, codes, values, is_precise=is_precise)
    for kind, label in _SIMPLE.items():
        for column in spec.of_kind(kind):
            codes[label], values[label] = _encode(take(column.name), f"{kind}_form(x)", engine)
    for kind, label in _LISTED.items():
        for number, column in enumerate(spec.of_kind(kind)):
            key = f"{label}_{number}"
            codes[key], values[key] = _encode(take(column.name), f"{kind}_form(x)", engine)
    _identifiers(spec, take, engine, codes, values)
    sources, values["source"] = take(spec.source) if spec.source else (np.full(len(keys), -1, np.int32), _NONE)
    hashes = hashes_of(engine, list(values.values()))
    words = {name: Vocabulary(texts, told) for (name, texts), told in zip(values.items(), hashes, strict=True)}
    called = {
        f"{kind}_{number}": column.name
        for kind in (Kind.IDENTIFIER, Kind.CATEGORY)
        for number, column in enumerate(spec.of_kind(kind))
    }
    identifiers = [(f"identifier_{number}", column) for number, column in enumerate(spec.of_kind(Kind.IDENTIFIER))]
    once = np.isin(values["source"].to_numpy(zero_copy_only=False), sorted(spec.once_per_person))
    if doors := dwellings(codes, words, is_precise=is_precise):
        codes["dwelling"], words["dwelling"] = doors
    codes["position"] = np.arange(len(keys), dtype=np.int32)
    people = People(
        keys,
        framed(codes),
        words,
        names,
        sources,
        through(once, sources, missing=False),
        {key: _excluding(column, values[key]) for key, column in identifiers if column.exclusive},
        called,
        frozenset(key for key, column in identifiers if column.exclusive or not column.near),
        is_precise,
    )
    return renumbered(people)


def renumbered(people: People) -> People:
    """The people with a number and the one that its holder had before as one, wherever either stands."""
    codes: dict[str, Codes] = {str(column): people.codes[column].to_numpy() for column in people.codes.columns}
    for column in [column for column in codes if column.endswith(FORMER)]:
        key = column.removesuffix(FORMER)
        codes[key] = _canonical(codes[key + CURRENT], codes[column], people.vocabularies[key].hashes)
    return replace(people, codes=framed(codes))


def check(records: pd.DataFrame, spec: LinkSpec) -> None:
    """Raise RecordsError where a table lacks a column that its description declares."""
    wanted = [spec.id, *(column.name for column in spec.columns), *(c.former for c in spec.columns if c.former)]
    missing = sorted({name for name in [*wanted, spec.source or spec.id] if name not in records.columns})
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


def _take(records: pd.DataFrame, order: npt.NDArray[Any], column: str) -> tuple[Codes, pa.Array]:
    """Codes in id order, and the distinct raw values."""
    try:
        encoded = pc.dictionary_encode(as_text(records[column]))
    except pa.ArrowException:
        msg = f"column {column!r} mixes kinds of value. Give it as text."
        raise RecordsError(msg) from None
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    indices = pc.fill_null(encoded.indices, -1).to_numpy()[order]
    return indices.astype(np.int32, copy=False), encoded.dictionary.cast(pa.string())


def _encode(taken: tuple[Codes, pa.Array], form: str, engine: duckdb.DuckDBPyConnection) -> tuple[Codes, pa.Array]:
    raw, values = taken
    return recode(raw, apply_forms(engine, values, [form])[0])


def _dates(records: pd.DataFrame, column: str, order: npt.NDArray[Any], engine: duckdb.DuckDBPyConnection) -> Codes:
    """Dates as eight digits YYYYMMDD, 0000 where only the year is known; -1 missing. The code is the date itself."""
    values = records[column]
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        dates: Codes = _of_days(values.to_numpy("datetime64[D]"))[order]
        return dates
    raw, distinct = _take(records, order, column)
    forms = apply_forms(engine, distinct, ["cast(date_form(x) as integer)"])[0]
    return np.append(pc.fill_null(forms, -1).to_numpy(), -1).astype(np.int32)[raw]


def _of_days(days: npt.NDArray[np.datetime64]) -> Codes:
    """The eight digits of each day, worked out once for each day that occurs."""
    number, distinct = pd.factorize(days.astype(np.int64))
    said = pd.DatetimeIndex(distinct.astype("datetime64[D]"))
    digits = said.year.to_numpy() * 10000 + said.month.to_numpy() * 100 + said.day.to_numpy()
    return np.where(said.isna(), -1, digits).astype(np.int32)[number]


def _identifiers(
    spec: LinkSpec,
    take: Any,
    engine: duckdb.DuckDBPyConnection,
    codes: dict[str, Codes],
    values: dict[str, pa.Array],
) -> None:
    for number, column in enumerate(spec.of_kind(Kind.IDENTIFIER)):
        key = f"identifier_{number}"
        raw, texts = take(column.name)
        former, former_texts = take(column.former) if column.former else (raw, _NONE)
        forms = apply_forms(engine, pa.concat_arrays([texts, former_texts]), ["identifier_form(x)"])[0]
        codes[key], values[key] = recode(raw, forms)
        if column.former:
            codes[key + CURRENT] = codes[key]
            codes[key + FORMER], _ = recode(np.where(former >= 0, former + len(texts), -1).astype(np.int32), forms)


def _canonical(current: Codes, earlier: Codes, hashes: Hashes) -> Codes:
    """One code for all the numbers that one holder is known to have had, the same in whatever table they stand."""
    both = (current >= 0) & (earlier >= 0) & (current != earlier)
    known = np.where(current >= 0, current, earlier)
    if not both.any():
        return known
    size = len(hashes)
    graph = coo_array((np.ones(both.sum(), np.int8), (current[both], earlier[both])), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    order = np.lexsort((hashes, component))
    ordered = component[order]
    first = order[np.flatnonzero(np.diff(ordered, prepend=-1))]
    return through(first.astype(np.int32)[component], known)


def _excluding(column: Column, values: pa.Array) -> npt.NDArray[np.bool_]:
    texts = pd.Series(values.to_pandas(), dtype=pd.StringDtype("pyarrow"))
    checks = {"upn": identifiers.is_upn, "nino": identifiers.is_nino, "nhs_number": identifiers.is_nhs_number}
    valid = checks[column.valid](texts, allow_test=True) if column.valid else pd.Series(data=True, index=texts.index)
    lasting = ~texts.str.contains(column.temporary, regex=True) if column.temporary else True
    return (valid & lasting).to_numpy(bool)
