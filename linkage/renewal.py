"""A table seen before and its newer state: which records are new or changed, and all of them as codes again.

Only what changed is standardised; the result is as if the whole table had been.
"""

from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.cleaning import worked_out
from linkage.encoding import encode
from linkage.errors import RecordsError
from linkage.records import (
    CURRENT,
    FORMER,
    NAME,
    People,
    as_text,
    check,
    check_keys,
    columns_by_vocabulary,
    numbers,
    renumbered,
)
from linkage.register import Register
from linkage.spec import LinkSpec
from linkage.vocabulary import Codes, Hashes, in_use, through


@dataclass(frozen=True, repr=False)
class Roll:
    """The records of a table over time, each at a place of its own, which it keeps until it changes or is gone.

    `people` by place. `told`: a hash of all that each record says, 0 where it is gone. `order`: the places of those
    that live, in the order of their ids; a record's position is where its place stands there.
    """

    people: People
    told: Hashes
    order: Codes


@dataclass(frozen=True, repr=False)
class Renewed:
    """A table now. `fresh`: places of the records whose pairs must be looked for anew. `gone`: places left since."""

    roll: Roll
    fresh: Codes
    gone: Codes


def row_hashes(records: pd.DataFrame, spec: LinkSpec, engine: duckdb.DuckDBPyConnection) -> Hashes:
    """What tells whether a record changed: a hash of its id and all that the description reads, in the table's order.

    It is never 0.
    """
    check(records, spec)
    names = {name for column in spec.columns for name in (column.name, column.former) if name}
    names |= {spec.source} if spec.source else set()
    columns = {f"c{number}": pa.array(records[name], from_pandas=True) for number, name in enumerate(sorted(names))}
    table = pa.table({"id": as_text(records[spec.id]), **columns})
    said = worked_out(engine, table, [f"hash({', '.join(table.column_names)})"])[0]
    told: Hashes = np.maximum(said.to_numpy(), np.uint64(1))
    return told


def renewed(  # noqa: PLR0913 - a table, what was held of it, and what standardises it
    before: Roll,
    records: pd.DataFrame,
    told: Hashes,
    spec: LinkSpec,
    engine: duckdb.DuckDBPyConnection,
    *,
    threads: int,
) -> Renewed:
    """The roll of a table's newer state, of which `told` are the row hashes.

    Raises RecordsError as `encode` does, and where what two records say has one hash, by which neither can be told.
    """
    ids = as_text(records[spec.id])
    held = Register(before.told[before.order])
    place = through(before.order, held.places(told))  # of each row that stands as it was; -1 where none does
    same = place >= 0
    rows = np.full(len(before.people), -1, np.int64)
    rows[place[same]] = np.flatnonzero(same)
    other = np.flatnonzero(~same)
    changed = encode(records.iloc[other], spec, engine, threads=threads, is_precise=before.people.is_precise)
    named = Register(changed.key_hashes).places(before.people.key_hashes) >= 0
    is_alike = not held.is_distinct or int((rows >= 0).sum()) < int(same.sum())
    if is_alike or (named & (rows >= 0)).any():
        # An id that stands twice, once or both times as it was.
        check_keys(ids.take(pc.sort_indices(ids)), spec.id)
    if is_alike:
        msg = (
            "two records have the same hash, so neither can be told from the other by what is held of the table. "
            "Remove what is held and match the table anew."
        )
        raise RecordsError(msg)
    other = other[pc.sort_indices(ids.take(pa.array(other))).to_numpy()]
    return _with(before, changed, _Written(ids, told, rows, other))


@dataclass(frozen=True, repr=False)
class _Written:
    """A table as it is written: its ids and row hashes, in which row each place stands as it was, -1 where it does not.

    `other`: the rows of the records that changed, in the order of their ids.
    """

    ids: pa.StringArray
    told: Hashes
    rows: npt.NDArray[np.int64]
    other: npt.NDArray[np.int64]


def _with(before: Roll, changed: People, now: _Written) -> Renewed:
    """The roll with those of its places that stay, and with people that changed."""
    was, changed = _in_one_vocabulary(before.people, changed)
    stays = now.rows >= 0
    left = _numbered_otherwise(was, changed, stays)
    gone = np.concatenate([before.order[~stays[before.order]], left])
    rows = np.concatenate([now.rows, now.other, now.rows[left]])
    rows[gone] = -1
    people = renumbered(_beside(was, changed, gone, left, now.ids.take(pa.array(rows, mask=rows < 0))))
    came = len(was) + np.arange(len(changed), dtype=np.int32)
    again = len(was) + len(changed) + np.arange(len(left), dtype=np.int32)
    moved = np.arange(len(people), dtype=np.int32)
    moved[left] = again
    order = moved[before.order[stays[before.order]]]
    order = np.insert(order, _sought(people.keys, order, changed.keys), came)
    told = np.where(rows >= 0, now.told[rows], np.uint64(0))
    return Renewed(Roll(_forgetting(people, before.people, gone), told, order), np.concatenate([came, again]), gone)


def _sought(keys: pa.StringArray, order: Codes, wanted: pa.StringArray) -> npt.NDArray[np.int64]:
    """Before how many of some keys in order each of the wanted ones belongs, none of which is among them."""
    low, high = np.zeros(len(wanted), np.int64), np.full(len(wanted), len(order))
    # Halved until nothing is left; all keys as texts of Python would take longer than all else here.
    for _ in range(len(order).bit_length()):
        middle = (low + high) // 2
        there = keys.take(pa.array(order[np.minimum(middle, len(order) - 1)]))
        is_later = pc.less(there, wanted).to_numpy(zero_copy_only=False) & (low < high)
        low, high = np.where(is_later, middle + 1, low), np.where(is_later, high, np.minimum(middle, high))
    return low


def _in_one_vocabulary(before: People, changed: People) -> tuple[People, People]:
    """The same people, a value that either has being one code in both."""
    names, names_now = before.names.widened(changed.names)
    widened = {word: before.vocabularies[word].widened(other) for word, other in changed.vocabularies.items()}
    codes_now = {NAME: names_now} | {word: codes for word, (_, codes) in widened.items()}
    codes = dict(changed.codes)
    for word, columns in columns_by_vocabulary(codes).items():
        codes |= {column: through(codes_now[word], codes[column]) for column in columns}
    vocabularies = {word: vocabulary for word, (vocabulary, _) in widened.items()}
    excluding = {
        key: _widened(told, changed.excluding[key], codes_now[key], len(vocabularies[key]))
        for key, told in before.excluding.items()
    }
    return (
        replace(before, vocabularies=vocabularies, names=names, excluding=excluding),
        replace(changed, codes=codes, sources=through(codes_now["source"], changed.sources)),
    )


def _beside(before: People, changed: People, gone: Codes, left: Codes, keys: pa.StringArray) -> People:
    """Records by place, then those that changed, then those that left a place; at the places gone nothing is said.

    `keys`: the ids of all these.
    """

    def whole(column: npt.NDArray[Any], now: npt.NDArray[Any], nothing: int) -> npt.NDArray[Any]:
        together = np.concatenate([column, now, column[left]])
        together[gone] = nothing
        return together

    codes = {name: whole(column, changed.codes[name], -1) for name, column in before.codes.items()}
    codes["position"] = np.arange(len(before) + len(changed) + len(left), dtype=np.int32)
    return replace(
        before,
        keys=keys,
        key_hashes=whole(before.key_hashes, changed.key_hashes, 0),
        codes=codes,
        sources=whole(before.sources, changed.sources, -1),
        once_per_person=whole(before.once_per_person, changed.once_per_person, 0),
    )


def _widened(told: npt.NDArray[Any], other: npt.NDArray[Any], codes: Codes, size: int) -> npt.NDArray[Any]:
    """What is told of each value of a vocabulary and of one that it was widened by."""
    whole = np.zeros(size, told.dtype)
    whole[codes] = other
    whole[: len(told)] = told
    return whole


def _numbered_otherwise(before: People, changed: People, stays: npt.NDArray[np.bool_]) -> Codes:
    """Places of records that stay but whose number is now known to have been another's before, or no more."""
    codes = {
        name: np.concatenate([np.where(stays, column, -1), changed.codes[name]])
        for name, column in before.codes.items()
        if name.endswith((CURRENT, FORMER))
    }
    differ = np.zeros(len(before), bool)
    for key, now in numbers(codes, before.vocabularies).items():
        # A value keeps its code, and of numbers that replaced each other the same one stands for all.
        differ |= stays & (before.codes[key] != now[: len(before)])
    return np.flatnonzero(differ).astype(np.int32)


def _forgetting(people: People, before: People, gone: Codes) -> People:
    """The people without the values that only records which are gone had."""
    codes, vocabularies, names = people.codes, dict(people.vocabularies), people.names
    for word, columns in columns_by_vocabulary(codes).items():
        size = len(names if word == NAME else vocabularies[word])
        lost = in_use(size, [before.codes[column][gone] for column in columns])
        if not lost.any():
            continue
        for column in columns:
            still = through(lost, codes[column], missing=False)
            lost[codes[column][np.flatnonzero(still)]] = False
        alone = np.flatnonzero(lost)
        if word == NAME:
            names = names.without(alone)
        else:
            vocabularies[word] = vocabularies[word].without(alone)
    return replace(people, vocabularies=vocabularies, names=names)
