"""What is held of a table's matching so that its next state costs what changed in it, as Arrow tables to be kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import duckdb
import numpy as np
import pyarrow as pa

from linkage.blocks import Blocked
from linkage.candidates import Index
from linkage.compared import Compared
from linkage.names import NameForms
from linkage.plan import Plan
from linkage.records import People, framed
from linkage.spec import LinkSpec
from linkage.vocabulary import Hashes, Vocabulary

_VERSION = 2
_ABOUT = b"hearth"
Parts = Mapping[str, pa.Table]


@dataclass(frozen=True, repr=False)
class Held:
    """A table as it was matched: its people as codes, what tells whether a record changed, blocks and compared pairs.

    `compared`: the candidates among its pairs; `asked`: other pairs that were compared. `described`: what all this
    depends on besides the records: the description, the fields compared, the software.
    """

    people: People
    row_hashes: Hashes
    index: Index
    plan: Plan
    compared: Compared
    asked: Compared
    described: str

    def __repr__(self) -> str:
        return f"<Held: {len(self.people)} records>"

    def parts(self) -> dict[str, pa.Table]:
        """All of it as tables."""
        people = self.people
        columns = {f"code:{name}": people.codes[name].to_numpy() for name in people.codes.columns}
        records = pa.table({
            "id": people.keys, "hash": self.row_hashes, "source": people.sources, "once": people.once_per_person,
            **columns,
        })  # fmt: skip
        about = {
            "version": _VERSION, "described": self.described, "called": people.called, "exact": sorted(people.exact),
            "excluding": list(people.excluding), "is_precise": people.is_precise,
        }  # fmt: skip
        parts = {"records": records.replace_schema_metadata({_ABOUT: json.dumps(about).encode()})}
        names = people.names
        parts["names"] = pa.table({
            "value": names.spaced.values, "hash": names.spaced.hashes, "compact": names.compact.values,
            "compact_hash": names.compact.hashes, "skeleton": names.skeletons,
        })  # fmt: skip
        parts["words"] = _stacked({
            word: {
                "value": vocabulary.values,
                "hash": vocabulary.hashes,
                "excludes": people.excluding.get(word, np.zeros(len(vocabulary), bool)),
            }
            for word, vocabulary in people.vocabularies.items()
        })  # fmt: skip
        parts["blocks"] = _stacked({
            f"{level} {rule}": {"hash": blocked.hashes, "row": blocked.rows}
            for (rule, level), blocked in self.index.items()
        })  # fmt: skip
        compared = {"candidates": self.compared, "asked": self.asked}
        parts["pairs"] = _stacked(
            {name: {"pair": each.pairs, "pattern": each.index} for name, each in compared.items()}
        )
        parts["patterns"] = _stacked({
            name: {str(field): levels for field, levels in enumerate(each.patterns.T)}
            for name, each in compared.items()
        })  # fmt: skip
        return parts | {"plan": self.plan.to_table()}

    @classmethod
    def of_parts(cls, parts: Parts) -> Self | None:
        """What `parts` made; None where other software wrote it."""
        about = json.loads(parts["records"].schema.metadata[_ABOUT])
        plan = Plan.of_table(parts["plan"])
        if about["version"] != _VERSION or plan is None:
            return None
        columns = {name: _array(parts["records"], name) for name in parts["records"].column_names if name != "id"}
        codes = {name.removeprefix("code:"): array for name, array in columns.items() if name.startswith("code:")}
        words = _unstacked(parts["words"])
        told = parts["names"]
        people = People(
            parts["records"]["id"].combine_chunks(),
            framed(codes),
            {word: _vocabulary(table, "value", "hash") for word, table in words.items()},
            NameForms(
                _vocabulary(told, "value", "hash"),
                _vocabulary(told, "compact", "compact_hash"),
                _array(told, "skeleton"),
            ),
            columns["source"],
            columns["once"],
            {word: _array(words[word], "excludes") for word in about["excluding"]},
            about["called"],
            frozenset(about["exact"]),
            about["is_precise"],
        )
        index: Index = {}
        for name, table in _unstacked(parts["blocks"]).items():
            level, rule = name.split(" ", 1)
            index[rule, int(level)] = Blocked(_array(table, "hash"), _array(table, "row"))
        candidates, asked = (_compared(parts, name) for name in ("candidates", "asked"))
        return cls(people, columns["hash"], index, plan, candidates, asked, about["described"])


def described(spec: LinkSpec, *, has_kin: bool) -> str:
    """A hash of what a held table depends on besides its records."""
    said = json.dumps([_VERSION, duckdb.__version__, repr(spec.columns), spec.id, spec.source,
                       sorted(spec.once_per_person), spec.settings.block_cap, has_kin])  # fmt: skip
    return hashlib.sha256(said.encode()).hexdigest()


def _compared(parts: Parts, name: str) -> Compared:
    pairs, told = (_unstacked(parts[part])[name] for part in ("pairs", "patterns"))
    patterns = np.array([_array(told, field) for field in told.column_names]).T
    return Compared(_array(pairs, "pair"), _array(pairs, "pattern"), np.ascontiguousarray(patterns))


def _stacked(tables: Mapping[str, Mapping[str, Any]]) -> pa.Table:
    """Tables of the same columns as one, their names and sizes in its metadata."""
    made = {name: pa.table(dict(columns)) for name, columns in tables.items()}
    sizes = {name: len(table) for name, table in made.items()}
    return pa.concat_tables(made.values()).replace_schema_metadata({_ABOUT: json.dumps(sizes).encode()})


def _unstacked(table: pa.Table) -> dict[str, pa.Table]:
    sizes = json.loads(table.schema.metadata[_ABOUT])
    ends = np.cumsum(list(sizes.values()))
    return {name: table.slice(end - size, size) for (name, size), end in zip(sizes.items(), ends.tolist(), strict=True)}


def _array(table: pa.Table, column: str) -> Any:
    return table[column].combine_chunks().to_numpy(zero_copy_only=False)


def _vocabulary(table: pa.Table, values: str, hashes: str) -> Vocabulary:
    return Vocabulary(table[values].combine_chunks(), _array(table, hashes))
