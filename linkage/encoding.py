"""A table of people turned into codes, each distinct value cleaned once.

Nothing wide goes further: blocking, comparing and scoring see the codes. What does not depend on each other is worked
out on several threads.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.addresses import dwellings, encode_addresses, recode
from linkage.cleaning import apply_forms, hashes_of
from linkage.errors import RecordsError
from linkage.names import Take, encode_names
from linkage.records import CURRENT, FORMER, People, as_text, check, check_keys, renumbered
from linkage.spec import DATES, Column, Kind, LinkSpec
from linkage.vocabulary import Codes, Vocabulary, through
from schemas import identifiers

_NONE = pa.array([], pa.string())
Order = npt.NDArray[np.uint64]
Part = Callable[[duckdb.DuckDBPyConnection, dict[str, Codes], dict[str, pa.Array]], Any]
_SIMPLE = {Kind.SEX: "sex", Kind.AGE_GROUP: "age_group", Kind.UPRN: "uprn"}
_DATED = {Kind.DATE_OF_BIRTH: "dob", Kind.BORN_ABOUT: "born_about"}
_LISTED = {Kind.PHONE: "phone", Kind.EMAIL: "email", Kind.CATEGORY: "category"}


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
    with ThreadPoolExecutor(threads) as pool:
        keys, order, take = _taken(records, spec, pool)
        parts = [
            lambda cursor, codes, _: encode_names(spec, take, cursor, codes),
            lambda cursor, codes, _: _dates(records, spec, order, cursor, codes),
            lambda cursor, codes, values: encode_addresses(spec, take, cursor, codes, values, is_precise=is_precise),
            lambda cursor, codes, values: _particulars(spec, take, cursor, codes, values),
            lambda cursor, codes, values: _identifiers(spec, take, cursor, codes, values),
        ]
        told = list(pool.map(partial(_apart, engine), parts))
    names, _, is_precise, _, _ = (said for said, _, _ in told)
    codes = {name: column for _, columns, _ in told for name, column in columns.items()}
    values = {name: texts for _, _, found in told for name, texts in found.items()}
    sources, values["source"] = take(spec.source) if spec.source else (np.full(len(keys), -1, np.int32), _NONE)
    key_hashes, *hashes = hashes_of(engine, [keys, *values.values()])
    words = {name: Vocabulary(texts, each) for (name, texts), each in zip(values.items(), hashes, strict=True)}
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
        key_hashes,
        codes,
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


def _taken(records: pd.DataFrame, spec: LinkSpec, pool: ThreadPoolExecutor) -> tuple[pa.StringArray, Order, Take]:
    """The ids in order, where each stood, and what gives the codes and distinct values of a column but dates."""
    written = [column for column in spec.columns if column.kind not in DATES]
    wanted = {name for column in written for name in (column.name, column.former) if name}
    wanted |= {spec.source} if spec.source else set()
    sorting = pool.submit(_sorted, as_text(records[spec.id]), spec.id)
    reading = {column: pool.submit(_read, records, column) for column in sorted(wanted)}
    keys, order = sorting.result()
    taken = pool.map(lambda read: _in_order(read.result(), order), reading.values())
    return keys, order, dict(zip(reading, taken, strict=True)).__getitem__


def _sorted(ids: pa.StringArray, column: str) -> tuple[pa.StringArray, Order]:
    """The ids in order, and where each stood; raises RecordsError where they are empty or repeated."""
    order = pc.sort_indices(ids).to_numpy()
    keys = ids.take(pa.array(order))
    check_keys(keys, column)
    return keys, order


def _read(records: pd.DataFrame, column: str) -> pa.DictionaryArray:
    """The distinct raw values of a column, and which each record has."""
    try:
        encoded = pc.dictionary_encode(as_text(records[column]))
    except pa.ArrowException:
        msg = f"column {column!r} mixes kinds of value. Give it as text."
        raise RecordsError(msg) from None
    return encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded


def _in_order(encoded: pa.DictionaryArray, order: Order) -> tuple[Codes, pa.Array]:
    """Codes in id order, and the distinct raw values."""
    indices = pc.fill_null(encoded.indices, -1).to_numpy()[order]
    return indices.astype(np.int32, copy=False), encoded.dictionary.cast(pa.string())


def _encode(taken: tuple[Codes, pa.Array], form: str, engine: duckdb.DuckDBPyConnection) -> tuple[Codes, pa.Array]:
    raw, values = taken
    return recode(raw, apply_forms(engine, values, [form])[0])


def _apart(engine: duckdb.DuckDBPyConnection, part: Part) -> tuple[Any, dict[str, Codes], dict[str, pa.Array]]:
    """What a part of the description says of the table: its answer, the codes and the values that it fills in."""
    codes: dict[str, Codes] = {}
    values: dict[str, pa.Array] = {}
    # A cursor of its own, for the parts are worked out on several threads.
    with engine.cursor() as cursor:
        return part(cursor, codes, values), codes, values


def _particulars(
    spec: LinkSpec, take: Take, engine: duckdb.DuckDBPyConnection, codes: dict[str, Codes], values: dict[str, pa.Array]
) -> None:
    for kind, label in _SIMPLE.items():
        for column in spec.of_kind(kind):
            codes[label], values[label] = _encode(take(column.name), f"{kind}_form(x)", engine)
    for kind, label in _LISTED.items():
        for number, column in enumerate(spec.of_kind(kind)):
            key = f"{label}_{number}"
            codes[key], values[key] = _encode(take(column.name), f"{kind}_form(x)", engine)


def _dates(
    records: pd.DataFrame, spec: LinkSpec, order: Order, engine: duckdb.DuckDBPyConnection, codes: dict[str, Codes]
) -> None:
    """Dates as eight digits YYYYMMDD, 0000 where only the year is known; -1 missing. The code is the date itself."""
    for column in spec.columns:
        if column.kind in DATES:
            codes[_DATED[column.kind]] = _dates_of(records, column.name, order, engine)


def _dates_of(records: pd.DataFrame, column: str, order: Order, engine: duckdb.DuckDBPyConnection) -> Codes:
    written = records[column]
    if pd.api.types.is_datetime64_any_dtype(written.dtype):
        return _of_days(written.to_numpy("datetime64[D]"))[order]
    raw, distinct = _in_order(_read(records, column), order)
    forms = apply_forms(engine, distinct, ["cast(date_form(x) as integer)"])[0]
    return np.asarray(np.append(pc.fill_null(forms, -1).to_numpy(), -1).astype(np.int32)[raw])


def _of_days(days: npt.NDArray[np.datetime64]) -> Codes:
    """The eight digits of each day, worked out once for each day that occurs."""
    number, distinct = pd.factorize(days.astype(np.int64))
    said = pd.DatetimeIndex(distinct.astype("datetime64[D]"))
    digits = said.year.to_numpy() * 10000 + said.month.to_numpy() * 100 + said.day.to_numpy()
    return np.where(said.isna(), -1, digits).astype(np.int32)[number]


def _identifiers(
    spec: LinkSpec, take: Take, engine: duckdb.DuckDBPyConnection, codes: dict[str, Codes], values: dict[str, pa.Array]
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


def _excluding(column: Column, values: pa.Array) -> npt.NDArray[np.bool_]:
    texts = pd.Series(values.to_pandas(), dtype=pd.StringDtype("pyarrow"))
    checks = {"upn": identifiers.is_upn, "nino": identifiers.is_nino, "nhs_number": identifiers.is_nhs_number}
    valid = checks[column.valid](texts, allow_test=True) if column.valid else pd.Series(data=True, index=texts.index)
    lasting = ~texts.str.contains(column.temporary, regex=True) if column.temporary else True
    return (valid & lasting).to_numpy(bool)
