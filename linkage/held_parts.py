"""What is held of a table's matching, as Arrow tables to be kept, and read from them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from linkage.blocks import Blocked, Layered
from linkage.candidates import Index
from linkage.clusters import Grouped
from linkage.compared import Compared
from linkage.held import VERSION, Held, Parts
from linkage.kin import Kinship
from linkage.names import NameForms
from linkage.patterns import Levels
from linkage.plan import Plan
from linkage.records import People
from linkage.rules import Rules
from linkage.standing import Paired, Standing
from linkage.vocabulary import Codes, Vocabulary

_ABOUT = b"hearth"
# What stays as it is from month to month, until all is moved.
_LASTING = ("blocks_base", "pairs_base", "plan")
# Of so small a share of the records a column is held as who has something in it.
_FEW = 0.25


def parts_of(held: Held) -> dict[str, pa.Table]:
    """All that is held as tables; those that stand as they were read are the very ones."""
    standing, codes = held.standing, held.standing.people.codes
    few = {name: rows for name, column in codes.items() if len(rows := _filled(column)) < _FEW * len(standing.people)}
    parts = {
        "records": _records(held, [name for name in codes if name not in few]),
        "order": pa.table({"place": standing.order}),
        "words": _words(standing.people),
        "names": _names(standing.people.names),
        **_pairs(standing),
    }
    if few:
        parts["few"] = _stacked({name: {"place": rows, "code": codes[name][rows]} for name, rows in few.items()})
    for name in ("base", "since"):
        blocks = {f"{level} {rule}": getattr(layered, name) for (rule, level), layered in held.index.items()}
        parts[f"blocks_{name}"] = _stacked({level: {"packed": blocked.packed} for level, blocked in blocks.items()})
    if "plan" not in held.lasting:
        parts["plan"] = held.plan.to_table()
    return {**parts, **held.lasting}


def _records(held: Held, columns: Sequence[str]) -> pa.Table:
    """What is held of each place, with some columns of its codes; in the metadata what is held of the table."""
    standing, people = held.standing, held.standing.people
    records = pa.table({
        "key": people.key_hashes, "told": held.told, "source": people.sources, "once": people.once_per_person,
        "first_cluster": standing.first.cluster, "first_component": standing.first.component,
        "last_cluster": standing.last.cluster, "last_component": standing.last.component,
        **{f"code:{name}": people.codes[name] for name in columns},
    })  # fmt: skip
    about = {
        "version": VERSION, "described": held.described, "called": people.called, "exact": sorted(people.exact),
        "excluding": list(people.excluding), "is_precise": people.is_precise, "by_rule": standing.paired.by_rule,
        "model": held.model_text, "columns": list(people.codes),
    }  # fmt: skip
    return records.replace_schema_metadata({_ABOUT: json.dumps(about).encode()})


def _words(people: People) -> pa.Table:
    return _stacked({
        word: {
            "value": vocabulary.values,
            "hash": vocabulary.hashes,
            "excludes": people.excluding.get(word, np.zeros(len(vocabulary), bool)),
        }
        for word, vocabulary in people.vocabularies.items()
    })  # fmt: skip


def _names(names: NameForms) -> pa.Table:
    return pa.table({
        "value": names.spaced.values, "hash": names.spaced.hashes, "compact": names.compact.values,
        "compact_hash": names.compact.hashes, "skeleton": names.skeletons,
    })  # fmt: skip


def _pairs(standing: Standing) -> dict[str, pa.Table]:
    paired, rules = standing.paired, standing.rules
    parts = {
        name: pa.table({"pair": pairs.pairs, "pattern": pairs.index})
        for name, pairs in (("pairs_base", paired.base), ("pairs_since", paired.since), ("asked", paired.asked))
    }
    parts["patterns"] = pa.table({"pairs": paired.counts, **_fields(paired.patterns)})
    parts["asked_patterns"] = pa.table(_fields(paired.asked.patterns))
    parts["kept"] = pa.table({"pair": standing.pairs, "weight": standing.weights})
    parts["renumbered"] = pa.table({"pair": standing.renumbered, "weight": standing.regardless})
    parts["rules"] = _stacked({name: {"pair": getattr(rules, name)} for name in ("apart", "parted", "joined")})
    if standing.kinship is not None:
        parts["shared"] = pa.table({"pair": standing.kinship.shared})
        parts["has_kin"] = pa.table({"has_kin": standing.kinship.has_kin})
    return parts


def held_of(parts: Parts) -> Held | None:
    """What `parts_of` made tables of; None where other software wrote them."""
    about = json.loads(parts["records"].schema.metadata[_ABOUT])
    plan = Plan.of_table(parts["plan"])
    if about["version"] != VERSION or plan is None:
        return None
    index: Index = {}
    layers = [_unstacked(parts[f"blocks_{name}"]) for name in ("base", "since")]
    for name in layers[0]:
        level, rule = name.split(" ", 1)
        base, since = (Blocked(_array(layer[name], "packed")) for layer in layers)
        index[rule, int(level)] = Layered(base, since)
    told = _array(parts["records"], "told")
    lasting = {name: parts[name] for name in _LASTING}
    return Held(_standing(parts, about), told, index, plan, about["model"], about["described"], lasting)


def _standing(parts: Parts, about: Mapping[str, Any]) -> Standing:
    records = parts["records"]
    columns = {name: _array(records, name) for name in records.column_names}
    rules = {name: _array(table, "pair") for name, table in _unstacked(parts["rules"]).items()}
    patterns = _patterns(parts["patterns"])
    kin = None
    if "shared" in parts:
        kin = Kinship(_array(parts["has_kin"], "has_kin"), _array(parts["shared"], "pair"))
    return Standing(
        people=_people(parts, about, columns),
        order=_array(parts["order"], "place"),
        paired=Paired(
            _compared(parts["pairs_base"], patterns),
            _compared(parts["pairs_since"], patterns),
            _compared(parts["asked"], _patterns(parts["asked_patterns"])),
            _array(parts["patterns"], "pairs"),
            about["by_rule"],
        ),
        # Which numbers exclude each other is read from the records again.
        rules=Rules(**rules, exclusive=()),
        ties=None,
        kinship=kin,
        first=Grouped(columns["first_cluster"], columns["first_component"]),
        last=Grouped(columns["last_cluster"], columns["last_component"]),
        pairs=_array(parts["kept"], "pair"),
        weights=_array(parts["kept"], "weight"),
        renumbered=_array(parts["renumbered"], "pair"),
        regardless=_array(parts["renumbered"], "weight"),
    )


def _people(parts: Parts, about: Mapping[str, Any], columns: Mapping[str, Any]) -> People:
    codes = {name.removeprefix("code:"): array for name, array in columns.items() if name.startswith("code:")}
    for name, table in (_unstacked(parts["few"]) if "few" in parts else {}).items():
        codes[name] = np.full(len(columns["key"]), -1, np.int32)
        codes[name][_array(table, "place")] = _array(table, "code")
    words, told = _unstacked(parts["words"]), parts["names"]
    return People(
        # The ids are in the table that begins from here.
        pa.nulls(len(columns["key"]), pa.string()),
        columns["key"],
        {name: codes[name] for name in about["columns"]},
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


def _filled(column: Codes) -> Codes:
    """The places at which a column of codes says something."""
    return np.flatnonzero(column >= 0).astype(np.int32)


def _fields(patterns: Levels) -> dict[str, Any]:
    return {str(field): levels for field, levels in enumerate(patterns.T)}


def _patterns(table: pa.Table) -> Levels:
    levels = [_array(table, name) for name in table.column_names if name != "pairs"]
    return np.ascontiguousarray(np.array(levels).T)


def _compared(pairs: pa.Table, patterns: Levels) -> Compared:
    return Compared(_array(pairs, "pair"), _array(pairs, "pattern"), patterns)


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
    return _whole(table[column]).to_numpy(zero_copy_only=False)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    # What is one piece in its file stays where it is mapped.
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _vocabulary(table: pa.Table, values: str, hashes: str) -> Vocabulary:
    return Vocabulary(_whole(table[values]), _array(table, hashes))
