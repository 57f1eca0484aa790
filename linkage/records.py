"""A table of people turned into codes: each value a whole number, each number one comparable form; -1 is missing.

Nothing wide goes further: blocking, comparing and scoring see the codes, and each distinct value is cleaned once.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
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

from linkage.addresses import encode_addresses
from linkage.cleaning import apply_forms
from linkage.errors import RecordsError
from linkage.letters import Letters
from linkage.names import NameForms, encode_names
from linkage.spec import Column, Kind, LinkSpec
from schemas import identifiers

Codes = npt.NDArray[np.int32]
_SIMPLE = {Kind.SEX: "sex", Kind.AGE_GROUP: "age_group", Kind.UPRN: "uprn"}
_LISTED = {Kind.PHONE: "phone", Kind.EMAIL: "email", Kind.CATEGORY: "category"}


@dataclass(frozen=True, repr=False)
class People:
    """Records as codes, sorted by id.

    `keys`: their ids, also as `ids`. `codes`: one int32 column per value. `vocabularies`: column to the text of each
    code.
    `sources`: which source each came from, -1 where none is declared. `exclusive`: code column of an identifier to
    the codes that exclude every other one. `called`: code column to the declared column it came from.
    `exact`: identifiers of which a near value is no evidence.
    `is_precise`: whether a postcode tells a few doors. `has_kin`, `shared_kin`: which records the feeds say have kin,
    None where no relations were given, and which packed pairs have one in common.
    """

    keys: pa.StringArray
    codes: pd.DataFrame
    vocabularies: dict[str, npt.NDArray[np.object_]]
    names: NameForms
    sources: Codes
    once_per_person: npt.NDArray[np.bool_]
    exclusive: dict[str, Codes]
    called: dict[str, str]
    exact: frozenset[str]
    is_precise: bool
    has_kin: npt.NDArray[np.bool_] | None = None
    shared_kin: npt.NDArray[np.int64] | None = None
    _letters: dict[str, Letters] = field(default_factory=dict)
    _ordered: dict[str, npt.NDArray[np.object_]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<People: {len(self)} records>"

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def ids(self) -> npt.NDArray[np.object_]:
        """The records' ids."""
        ids: npt.NDArray[np.object_] = self.keys.to_numpy(zero_copy_only=False)
        return ids

    def letters(self, column: str) -> Letters:
        """The letters of a column's values, looked at once."""
        if column not in self._letters:
            self._letters[column] = Letters(self.vocabularies[column])
        return self._letters[column]

    def ordered(self, column: str) -> npt.NDArray[np.object_]:
        """A column's values with their words in the order of the alphabet."""
        if column not in self._ordered:
            texts = [" ".join(sorted(text.split())) for text in self.vocabularies[column]]
            self._ordered[column] = np.array(texts, object)
        return self._ordered[column]

    def positions(self, *named: pd.Series) -> list[Codes]:
        """Where the records that each column names stand; -1 for those that the table lacks."""
        texts = [_text(column) for column in named]
        found = pc.index_in(pa.chunked_array(texts, pa.string()), value_set=self.keys)
        ends = np.cumsum([len(text) for text in texts])
        return np.split(pc.fill_null(found, -1).to_numpy(), ends[:-1])

    def named(self, prefix: str) -> list[str]:
        """The code columns of one kind, in the order declared."""
        return [column for column in self.codes.columns if column.rpartition("_")[0] == prefix]


def encode(records: pd.DataFrame, spec: LinkSpec, engine: duckdb.DuckDBPyConnection, *, threads: int = 1) -> People:
    """The table's people as codes; raises RecordsError where the table does not fit its description."""
    _check(records, spec)
    ids = _text(records[spec.id])
    order = pc.sort_indices(ids).to_numpy()
    keys = ids.take(pa.array(order))
    _check_keys(keys, spec.id)
    written = [column for column in spec.columns if column.kind is not Kind.DATE_OF_BIRTH]
    wanted = {name for column in written for name in (column.name, column.former) if name}
    wanted |= {spec.source or spec.id}
    with ThreadPoolExecutor(threads) as pool:
        columns = sorted(wanted)
        taken = dict(zip(columns, pool.map(partial(_take, records, order), columns), strict=True))
    take = taken.__getitem__
    codes: dict[str, Codes] = {}
    vocabularies: dict[str, npt.NDArray[np.object_]] = {}
    names = encode_names(spec, take, engine, codes)
    for column in spec.of_kind(Kind.DATE_OF_BIRTH):
        codes["dob"] = _dates(records, column.name, order, engine)
    for kind, label in _SIMPLE.items():
        for column in spec.of_kind(kind):
            codes[label], _ = _encode(take(column.name), f"{kind}_form(x)", engine)
    is_precise = encode_addresses(spec, take, engine, codes, vocabularies)
    for kind, label in _LISTED.items():
        for number, column in enumerate(spec.of_kind(kind)):
            key = f"{label}_{number}"
            codes[key], vocabularies[key] = _encode(take(column.name), f"{kind}_form(x)", engine)
    exclusive = _identifiers(spec, take, engine, codes, vocabularies)
    sources, once = _sources(spec, take)
    codes["position"] = np.arange(len(records), dtype=np.int32)
    frame = pd.DataFrame(codes, index=pd.RangeIndex(len(records)), copy=False)
    called = {
        f"{kind}_{number}": column.name
        for kind in (Kind.IDENTIFIER, Kind.CATEGORY)
        for number, column in enumerate(spec.of_kind(kind))
    }
    exact = {f"identifier_{n}" for n, c in enumerate(spec.of_kind(Kind.IDENTIFIER)) if c.exclusive or not c.near}
    return People(
        ids.take(pa.array(order)),
        frame,
        vocabularies,
        names,
        sources,
        once,
        exclusive,
        called,
        frozenset(exact),
        is_precise,
    )


def _check(records: pd.DataFrame, spec: LinkSpec) -> None:
    wanted = [spec.id, *(column.name for column in spec.columns), *(c.former for c in spec.columns if c.former)]
    missing = sorted({name for name in [*wanted, spec.source or spec.id] if name not in records.columns})
    if missing:
        msg = (
            f"the table lacks {', '.join(missing)}, which its description declares. "
            f"Columns found: {', '.join(map(str, records.columns))}."
        )
        raise RecordsError(msg)


def _check_keys(keys: pa.StringArray, column: str) -> None:
    empty = keys.null_count
    repeated = pc.sum(pc.equal(keys[1:], keys[:-1])).as_py() or 0
    if empty or repeated:
        msg = f"the id column {column!r} must be filled and unique: {empty} empty, {repeated} repeated."
        raise RecordsError(msg)


def _text(values: pd.Series) -> pa.Array:
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
        encoded = pc.dictionary_encode(_text(records[column]))
    except pa.ArrowException:
        msg = f"column {column!r} mixes kinds of value. Give it as text."
        raise RecordsError(msg) from None
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    indices = pc.fill_null(encoded.indices, -1).to_numpy()[order]
    return indices.astype(np.int32, copy=False), encoded.dictionary.cast(pa.string())


def recode(raw: Codes, forms: pa.Array) -> tuple[Codes, npt.NDArray[np.object_]]:
    """Codes of the cleaned forms, where raw values that clean to the same form share a code."""
    encoded = pc.dictionary_encode(forms)
    mapping = np.append(pc.fill_null(encoded.indices, -1).to_numpy(), -1).astype(np.int32)
    return mapping[raw], encoded.dictionary.to_numpy(zero_copy_only=False)


def _encode(
    taken: tuple[Codes, pa.Array], form: str, engine: duckdb.DuckDBPyConnection
) -> tuple[Codes, npt.NDArray[np.object_]]:
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
    vocabularies: dict[str, npt.NDArray[np.object_]],
) -> dict[str, Codes]:
    exclusive = {}
    for number, column in enumerate(spec.of_kind(Kind.IDENTIFIER)):
        key = f"identifier_{number}"
        raw, values = take(column.name)
        former, former_values = take(column.former) if column.former else (raw, values)
        forms = apply_forms(engine, pa.concat_arrays([values, former_values]), ["identifier_form(x)"])[0]
        current, vocabulary = recode(raw, forms)
        if column.former:
            earlier, _ = recode(np.where(former >= 0, former + len(values), -1).astype(np.int32), forms)
            current = _canonical(current, earlier, len(vocabulary))
        codes[key], vocabularies[key] = current, vocabulary
        if column.exclusive:
            excludes = _excluding(column, vocabulary)
            exclusive[key] = np.where((current >= 0) & np.append(excludes, False)[current], current, -1)
    return exclusive


def _canonical(current: Codes, earlier: Codes, size: int) -> Codes:
    """One code for all the numbers that one holder is known to have had."""
    both = (current >= 0) & (earlier >= 0)
    graph = coo_array((np.ones(both.sum(), np.int8), (current[both], earlier[both])), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    first = np.full(component.max(initial=0) + 1, size, np.int64)
    np.minimum.at(first, component, np.arange(size))
    known = np.where(current >= 0, current, earlier)
    return np.append(first[component], -1)[known].astype(np.int32)


def _excluding(column: Column, vocabulary: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    values = pd.Series(vocabulary, dtype=pd.StringDtype("pyarrow"))
    checks = {"upn": identifiers.is_upn, "nino": identifiers.is_nino, "nhs_number": identifiers.is_nhs_number}
    valid = checks[column.valid](values, allow_test=True) if column.valid else pd.Series(data=True, index=values.index)
    lasting = ~values.str.contains(column.temporary, regex=True) if column.temporary else True
    return (valid & lasting).to_numpy(bool)


def _sources(spec: LinkSpec, take: Any) -> tuple[Codes, npt.NDArray[np.bool_]]:
    if spec.source is None:
        raw: Codes = take(spec.id)[0]
        return np.full(len(raw), -1, np.int32), np.zeros(len(raw), bool)
    raw, values = take(spec.source)
    once = np.append(np.isin(values.to_numpy(zero_copy_only=False), sorted(spec.once_per_person)), False)
    return raw, once[raw]
