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
from linkage.vocabulary import Codes, Hashes, through


@dataclass(frozen=True, repr=False)
class Renewed:
    """A table's people now.

    `row_hashes`: what tells whether each record changed. `fresh`: positions of those whose pairs must be looked for
    anew. `moved`: for each record held before, where it stands now; -1 where it is gone or fresh.
    """

    people: People
    row_hashes: Hashes
    fresh: Codes
    moved: Codes


def row_hashes(records: pd.DataFrame, spec: LinkSpec, engine: duckdb.DuckDBPyConnection) -> Hashes:
    """What tells whether a record changed: a hash of all that the description reads of it, in the table's order."""
    check(records, spec)
    names = {name for column in spec.columns for name in (column.name, column.former) if name}
    names |= {spec.source} if spec.source else set()
    columns = {f"c{number}": pa.array(records[name], from_pandas=True) for number, name in enumerate(sorted(names))}
    table = pa.table({**columns, "place": np.arange(len(records))})
    engine.register("told", table)
    wanted = ", ".join(columns)
    found = engine.execute(f"select hash({wanted}) as said from told order by place").to_arrow_table()["said"]
    engine.unregister("told")
    row_hashes: Hashes = found.to_numpy()
    return row_hashes


def renewed(  # noqa: PLR0913 - a table, what was held of it, and what standardises it
    held: tuple[People, Hashes],
    records: pd.DataFrame,
    row_hashes: Hashes,
    spec: LinkSpec,
    engine: duckdb.DuckDBPyConnection,
    *,
    threads: int,
) -> Renewed:
    """The people of a table of which an earlier state is held, with the hashes of its rows in the order of the ids.

    Raises RecordsError as `encode` does.
    """
    before, hashes_before = held
    ids = as_text(records[spec.id])
    place = pc.fill_null(pc.index_in(ids, value_set=before.keys), -1).to_numpy()
    same = place >= 0
    same[same] = hashes_before[place[same]] == row_hashes[same]
    stays = np.zeros(len(before), bool)
    stays[place[same]] = True
    others = place[~same]
    if int(stays.sum()) < int(same.sum()) or stays[others[others >= 0]].any():
        # An id that stands twice, once or both times as it was.
        check_keys(ids.take(pc.sort_indices(ids)), spec.id)
    changed = encode(records[~same], spec, engine, threads=threads, is_precise=before.is_precise)
    kept = np.flatnonzero(stays)
    people, at = _joined(before, kept, changed)
    stands = np.ones(len(people), bool)
    stands[at] = False
    moved = np.full(len(before), -1, np.int32)
    moved[kept] = np.flatnonzero(stands)
    hashes_now = np.empty(len(people), np.uint64)
    hashes_now[stands] = hashes_before[kept]
    hashes_now[at] = row_hashes[~same][pc.sort_indices(ids.filter(pa.array(~same))).to_numpy()]
    touched = _renumbered_now(before, people, moved)
    moved[touched] = -1
    stands[:] = False
    stands[moved[moved >= 0]] = True
    return Renewed(people, hashes_now, np.flatnonzero(~stands).astype(np.int32), moved)


def _joined(before: People, kept: npt.NDArray[np.intp], changed: People) -> tuple[People, npt.NDArray[np.intp]]:
    """Records that stand as they were, and changed ones; where the changed ones stand now."""
    at = np.searchsorted(before.ids[kept], changed.ids) + np.arange(len(changed))
    size = len(kept) + len(changed)
    rest = np.ones(size, bool)
    rest[at] = False

    def placed(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> npt.NDArray[Any]:
        whole = np.empty(size, one.dtype)
        whole[rest], whole[at] = one[kept], other
        return whole

    order = placed(np.arange(len(before)), len(before) + np.arange(len(changed)))
    keys = pa.chunked_array([before.keys, changed.keys]).take(pa.array(order)).combine_chunks()
    names, names_now = before.names.widened(changed.names)
    widened = {word: before.vocabularies[word].widened(other) for word, other in changed.vocabularies.items()}
    codes_now = {NAME: names_now} | {word: codes for word, (_, codes) in widened.items()}
    codes = {str(name): changed.codes[name].to_numpy() for name in changed.codes.columns}
    for word, columns in columns_by_vocabulary(codes).items():
        codes |= {column: through(codes_now[word], codes[column]) for column in columns}
    whole = {name: placed(before.codes[name].to_numpy(), column) for name, column in codes.items()}
    whole["position"] = np.arange(size, dtype=np.int32)
    vocabularies = {word: vocabulary for word, (vocabulary, _) in widened.items()}
    people = replace(
        before,
        keys=keys,
        codes=framed(whole),
        vocabularies=vocabularies,
        names=names,
        sources=placed(before.sources, through(codes_now["source"], changed.sources)),
        once_per_person=placed(before.once_per_person, changed.once_per_person),
        excluding={
            key: _widened(told, changed.excluding[key], codes_now[key], len(vocabularies[key]))
            for key, told in before.excluding.items()
        },
    )
    return renumbered(people), at


def _widened(told: npt.NDArray[Any], other: npt.NDArray[Any], codes: Codes, size: int) -> npt.NDArray[Any]:
    """What is told of each value of a vocabulary and of one that it was widened by."""
    whole = np.zeros(size, told.dtype)
    whole[codes] = other
    whole[: len(told)] = told
    return whole


def _renumbered_now(before: People, people: People, moved: Codes) -> npt.NDArray[np.intp]:
    """Records held before, themselves unchanged, whose number is now known to have been another's before or no more."""
    stay = np.flatnonzero(moved >= 0)
    differ = np.zeros(len(stay), bool)
    for column in people.named("identifier"):
        differ |= before.hashes(column)[stay] != people.hashes(column)[moved[stay]]
    return stay[differ]
