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

from linkage.encoding import encode
from linkage.records import (
    NAME,
    People,
    as_text,
    check,
    check_keys,
    columns_by_vocabulary,
    framed,
    renumbered,
)
from linkage.spec import LinkSpec
from linkage.vocabulary import Codes, Hashes, in_use, through, without


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
    table = pa.table({"id": as_text(records[spec.id]), **columns, "place": np.arange(len(records))})
    engine.register("told", table)
    wanted = ", ".join(["id", *columns])
    found = engine.execute(f"select hash({wanted}) as said from told order by place").to_arrow_table()["said"]
    engine.unregister("told")
    told: Hashes = np.maximum(found.to_numpy(), np.uint64(1))
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
    """The roll of a table's newer state, of which `told` are the row hashes. Raises RecordsError as `encode` does."""
    place = _found(before, told)
    same = place >= 0
    stays = np.zeros(len(before.people), bool)
    stays[place[same]] = True
    changed = encode(records[~same], spec, engine, threads=threads, is_precise=before.people.is_precise)
    named = pc.is_in(before.people.keys, value_set=changed.keys, skip_nulls=True).to_numpy(zero_copy_only=False)
    if int(stays.sum()) < int(same.sum()) or (named & stays).any():
        # An id that stands twice, once or both times as it was.
        ids = as_text(records[spec.id])
        check_keys(ids.take(pc.sort_indices(ids)), spec.id)
    order = before.order[stays[before.order]]
    gone = before.order[~stays[before.order]]
    people = _joined(before.people, changed, gone)
    fresh = len(before.people) + np.arange(len(changed), dtype=np.int32)
    ids_now = people.keys.take(pa.array(order)).to_numpy(zero_copy_only=False)
    order = np.insert(order, np.searchsorted(ids_now, changed.ids), fresh)
    told_of_changed = told[~same][pc.sort_indices(as_text(records[spec.id]).filter(pa.array(~same))).to_numpy()]
    now = Roll(renumbered(people), np.concatenate([np.where(stays, before.told, 0), told_of_changed]), order)
    now, again, left = _numbered_otherwise(before, now, stays)
    now = replace(now, people=_forgetting(now.people, before.people, np.concatenate([gone, left])))
    return Renewed(now, np.concatenate([fresh, again]), np.concatenate([gone, left]))


def _found(before: Roll, told: Hashes) -> Codes:
    """The place of each row that stands as it was; -1 where none does."""
    known = before.told[before.order]
    # Sorted on both sides, a look-up goes through memory in order.
    by_hash, by_told = np.argsort(known), np.argsort(told)
    known, wanted = known[by_hash], told[by_told]
    found = np.full(len(told), -1, np.int32)
    if len(known):
        at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        same = known[at] == wanted
        found[by_told[same]] = before.order[by_hash[at[same]]]
    return found


def _joined(before: People, changed: People, gone: Codes) -> People:
    """Records by place, of which those that are gone say nothing more, and others at the places after them."""
    names, names_now = before.names.widened(changed.names)
    widened = {word: before.vocabularies[word].widened(other) for word, other in changed.vocabularies.items()}
    codes_now = {NAME: names_now} | {word: codes for word, (_, codes) in widened.items()}
    codes = {str(name): changed.codes[name].to_numpy() for name in changed.codes.columns}
    for word, columns in columns_by_vocabulary(codes).items():
        codes |= {column: through(codes_now[word], codes[column]) for column in columns}
    whole = {name: np.concatenate([before.codes[name].to_numpy(), column]) for name, column in codes.items()}
    for column in whole.values():
        column[gone] = -1
    whole["position"] = np.arange(len(before) + len(changed), dtype=np.int32)
    vocabularies = {word: vocabulary for word, (vocabulary, _) in widened.items()}
    return replace(
        before,
        keys=pa.concat_arrays([without(before.keys, gone), changed.keys]),
        codes=framed(whole),
        vocabularies=vocabularies,
        names=names,
        sources=np.concatenate([before.sources, through(codes_now["source"], changed.sources)]),
        once_per_person=np.concatenate([before.once_per_person, changed.once_per_person]),
        excluding={
            key: _widened(told, changed.excluding[key], codes_now[key], len(vocabularies[key]))
            for key, told in before.excluding.items()
        },
    )


def _widened(told: npt.NDArray[Any], other: npt.NDArray[Any], codes: Codes, size: int) -> npt.NDArray[Any]:
    """What is told of each value of a vocabulary and of one that it was widened by."""
    whole = np.zeros(size, told.dtype)
    whole[codes] = other
    whole[: len(told)] = told
    return whole


def _numbered_otherwise(before: Roll, now: Roll, stays: npt.NDArray[np.bool_]) -> tuple[Roll, Codes, Codes]:
    """Records that stay but whose number is now known to have been another's before, or no more, at new places.

    Returns these beside the roll, and the places that they left.
    """
    kept = np.flatnonzero(stays)
    differ = np.zeros(len(kept), bool)
    for column in now.people.named("identifier"):
        # A value keeps its code, and of numbers that replaced each other the same one stands for all.
        differ |= before.people.codes[column].to_numpy()[kept] != now.people.codes[column].to_numpy()[kept]
    left = kept[differ].astype(np.int32)
    if not len(left):
        return now, left, left
    people = now.people
    places = len(people) + np.arange(len(left), dtype=np.int32)
    both = np.concatenate([np.arange(len(people)), left])
    codes = {str(name): people.codes[name].to_numpy()[both] for name in people.codes.columns}
    for column in codes.values():
        column[left] = -1
    codes["position"] = np.arange(len(both), dtype=np.int32)
    moved = np.arange(len(both), dtype=np.int32)
    moved[left] = places
    told = now.told[both]
    told[left] = 0
    people = replace(
        people,
        keys=without(people.keys.take(pa.array(both)), left),
        codes=framed(codes),
        sources=people.sources[both],
        once_per_person=people.once_per_person[both],
    )
    return Roll(people, told, moved[now.order]), places, left


def _forgetting(people: People, before: People, gone: Codes) -> People:
    """The people without the values that only records which are gone had."""
    codes: dict[str, Codes] = {str(column): people.codes[column].to_numpy() for column in people.codes.columns}
    vocabularies, names = dict(people.vocabularies), people.names
    for word, columns in columns_by_vocabulary(codes).items():
        size = len(names if word == NAME else vocabularies[word])
        lost = in_use(size, [before.codes[column].to_numpy()[gone] for column in columns])
        if not lost.any():
            continue
        alone = np.flatnonzero(lost & ~in_use(size, [codes[column] for column in columns]))
        if word == NAME:
            names = names.without(alone)
        else:
            vocabularies[word] = vocabularies[word].without(alone)
    return replace(people, vocabularies=vocabularies, names=names)
