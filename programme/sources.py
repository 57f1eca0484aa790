"""The rows that facts came from, by number; written out only where they prove something.

A fact carries one whole number in place of its file's hash, its key and its line: a month has millions of rows, and the
evidence names a few of each family.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# Evidence names so many rows of one need, and says how many more there are.
MOST_ROWS = 200
_NAMED_BY = ("source_id", "received_for", "file_sha256", "line")
_TEXT = pa.large_string()
# What JSON does not write as it stands.
_ESCAPED = r'["\\\x00-\x1f]'


@dataclass(frozen=True)
class Sources:
    """Where each numbered row stands: the tables, and the number at which each begins."""

    tables: Mapping[tuple[str, str], pd.DataFrame] = field(repr=False)
    begins: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, tables: Mapping[tuple[str, str], pd.DataFrame], keys: Iterable[tuple[str, str]]) -> "Sources":
        """The rows of these tables, numbered on from one table to the next in order of feed and table."""
        held = {key: tables[key] for key in sorted(keys)}
        ends = np.cumsum([0, *(len(frame) for frame in held.values())])
        return cls(held, dict(zip(held, ends[:-1].tolist(), strict=True)))

    def numbers(self, key: tuple[str, str]) -> pa.Array:
        """The numbers of a table's rows."""
        return pa.array(np.arange(len(self.tables[key]), dtype=np.int64) + self.begins[key])

    def evidence(self, proofs: pa.Table, *, last: int) -> pa.Array:
        """The evidence of each proof as JSON: at 0 that of none, then one for each up to the `last`.

        `proofs`: proof (counted from 1), source (a row's number). Rows stand in order of feed, table and key.
        """
        rows = pa.concat_tables([self._written(key, proofs) for key in self.tables]).combine_chunks()
        order = pc.sort_indices(rows, [(name, "ascending") for name in ("proof", "begins", "source_id", "source")])
        return _lists(rows["proof"].take(order).to_numpy(), rows["written"].combine_chunks().take(order), last=last)

    def _written(self, key: tuple[str, str], proofs: pa.Table) -> pa.Table:
        """The proving rows of a table, each written as evidence shows it, with what they are sorted by."""
        begins, frame = self.begins[key], self.tables[key]
        own = pc.and_(pc.greater_equal(proofs["source"], begins), pc.less(proofs["source"], begins + len(frame)))
        mine = proofs.filter(own)
        named = pa.Table.from_pandas(
            frame[[*_NAMED_BY]].take(pc.subtract(mine["source"], begins).to_numpy()), preserve_index=False
        )
        ids = named["source_id"].combine_chunks().cast(_TEXT)
        written = {"feed": _text(key[0]), "table": _text(key[1]), **{name: _as_json(named[name]) for name in _NAMED_BY}}
        return pa.table(
            {
                "proof": mine["proof"],
                "source": mine["source"],
                "begins": pa.repeat(begins, len(mine)),
                "source_id": ids,
                "written": _objects(written),
            }
        )


def _text(value: str) -> pa.Scalar:
    return pa.scalar(json.dumps(value), _TEXT)


def _objects(parts: Mapping[str, pa.Scalar | pa.Array]) -> pa.Array:
    """A JSON object of each row; the parts are JSON already, the same for all rows or one for each."""
    pieces = [pa.scalar("{", _TEXT)]
    for place, (name, value) in enumerate(parts.items()):
        pieces += [pa.scalar(f'{"," if place else ""}"{name}":', _TEXT), value]
    return pc.binary_join_element_wise(*pieces, pa.scalar("}", _TEXT), pa.scalar("", _TEXT))


def _as_json(values: pa.ChunkedArray) -> pa.Array:
    """Each text or whole number as JSON writes it."""
    texts = values.combine_chunks().cast(_TEXT)
    if pa.types.is_integer(values.type):
        return pc.fill_null(texts, "null")
    escaped = pc.fill_null(pc.match_substring_regex(texts, _ESCAPED), fill_value=False)
    rewritten = pa.array([json.dumps(text, ensure_ascii=False) for text in texts.filter(escaped).to_pylist()], _TEXT)
    quote, nothing = pa.scalar('"', _TEXT), pa.scalar("", _TEXT)
    quoted = pc.binary_join_element_wise(quote, texts, quote, nothing)
    return pc.fill_null(pc.replace_with_mask(quoted, escaped, rewritten), "null")


def _lists(proofs: npt.NDArray[np.int64], written: pa.Array, *, last: int) -> pa.Array:
    """The written rows of each proof as one JSON list; those beyond the most are only counted."""
    counts = np.bincount(proofs, minlength=last + 1)
    ends = np.cumsum(counts)
    place = np.arange(len(proofs)) - (ends - counts)[proofs]
    first_left_out = place == MOST_ROWS
    more = [f'{{"more":{count - MOST_ROWS}}}' for count in counts[proofs[first_left_out]].tolist()]
    texts = pc.replace_with_mask(written, pa.array(first_left_out), pa.array(more, _TEXT))
    offsets = np.concatenate([[0], np.cumsum(np.minimum(counts, MOST_ROWS + 1))])
    lists = pa.LargeListArray.from_arrays(pa.array(offsets), pc.filter(texts, pa.array(place <= MOST_ROWS)))
    comma, opened, closed, nothing = (pa.scalar(each, _TEXT) for each in (",", "[", "]", ""))
    return pc.binary_join_element_wise(opened, pc.binary_join(lists, comma), closed, nothing)
