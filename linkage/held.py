"""What is held of a table's matching so that its next state costs what changed in it, as Arrow tables to be kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import duckdb
import numpy as np
import pyarrow as pa

from linkage.blocks import Blocked, Layered
from linkage.candidates import Index
from linkage.clusters import Grouped
from linkage.compared import Compared
from linkage.kin import Kinship
from linkage.model import Model
from linkage.names import NameForms
from linkage.patterns import Levels
from linkage.plan import Plan
from linkage.records import People
from linkage.rules import Rules
from linkage.spec import LinkSpec
from linkage.standing import Paired, Standing
from linkage.vocabulary import Codes, Hashes, Vocabulary

_VERSION = 4
_ABOUT = b"hearth"
# What stays as it is from month to month, until all is moved.
_LASTING = ("blocks_base", "pairs_base", "plan")
_LOOSE = (
    0.2  # of the living: so many places that are empty, or came since the blocks were last sorted, and all is moved
)
# Of so small a share of the records a column is held as who has something in it.
_FEW = 0.25
Parts = Mapping[str, pa.Table]


@dataclass(frozen=True, repr=False)
class Held:
    """A table as it was matched: who is who, what tells whether a record changed, and the blocks.

    `told` and `index` by place, as of `Roll` and `Found`. `model_text`: what it was matched by. `described`: what all
    this depends on besides the records, the model and the plan: the description, the fields compared, the software.
    `lasting`: those of its parts that were read and stand as they were.
    """

    standing: Standing
    told: Hashes
    index: Index
    plan: Plan
    model_text: str
    described: str
    lasting: Parts = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Held: {len(self.standing.order)} records>"

    @cached_property
    def model(self) -> Model:
        """The model by which it was matched."""
        return Model.from_text(self.model_text)

    def serves(self, said: str, model: Model | None, plan: Plan | None) -> bool:
        """Whether a table described so can begin from here, if by a model or a plan then by these."""
        return (
            said == self.described
            and (model is None or self.model_text.startswith(f"# sha256 {model.sha256}\n"))
            and (plan is None or plan.sha256 == self.plan.sha256)
        )

    def settled(self) -> "Held":
        """The same; where many places are empty, or many were added, with every record at its position."""
        standing = self.standing
        living = len(standing.order)
        empty = len(standing.people) - living
        since = max((len(layered.since) / max(len(layered), 1) for layered in self.index.values()), default=0.0)
        if empty <= _LOOSE * living and since <= _LOOSE:
            return self
        index = {level: layered.moved(standing.positions) for level, layered in self.index.items()}
        return replace(self, standing=standing.settled(), told=self.told[standing.order], index=index, lasting={})

    def parts(self) -> dict[str, pa.Table]:
        """All of it as tables; those that stand as they were read are the very ones."""
        standing, people = self.standing, self.standing.people
        codes = people.codes
        few = {name: rows for name, column in codes.items() if len(rows := _filled(column)) < _FEW * len(people)}
        columns = {f"code:{name}": column for name, column in codes.items() if name not in few}
        records = pa.table({
            "key": people.key_hashes, "told": self.told,
            "source": people.sources, "once": people.once_per_person,
            "first_cluster": standing.first.cluster, "first_component": standing.first.component,
            "last_cluster": standing.last.cluster, "last_component": standing.last.component, **columns,
        })  # fmt: skip
        about = {
            "version": _VERSION, "described": self.described, "called": people.called, "exact": sorted(people.exact),
            "excluding": list(people.excluding), "is_precise": people.is_precise,
            "by_rule": standing.paired.by_rule, "model": self.model_text, "columns": list(codes),
        }  # fmt: skip
        parts = {"records": records.replace_schema_metadata({_ABOUT: json.dumps(about).encode()})}
        if few:
            parts["few"] = _stacked({name: {"place": rows, "code": codes[name][rows]} for name, rows in few.items()})
        parts["order"] = pa.table({"place": standing.order})
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
        for name in ("base", "since"):
            blocks = {f"{level} {rule}": getattr(layered, name) for (rule, level), layered in self.index.items()}
            parts[f"blocks_{name}"] = _stacked({level: {"packed": blocked.packed} for level, blocked in blocks.items()})
        paired = standing.paired
        for name, pairs in (("pairs_base", paired.base), ("pairs_since", paired.since), ("asked", paired.asked)):
            parts[name] = pa.table({"pair": pairs.pairs, "pattern": pairs.index})
        parts["patterns"] = pa.table({"pairs": paired.counts, **_fields(paired.patterns)})
        parts["asked_patterns"] = pa.table(_fields(paired.asked.patterns))
        parts["kept"] = pa.table({"pair": standing.pairs, "weight": standing.weights})
        parts["renumbered"] = pa.table({"pair": standing.renumbered, "weight": standing.regardless})
        rules = {name: getattr(standing.rules, name) for name in ("apart", "parted", "joined")}
        parts["rules"] = _stacked({name: {"pair": pairs} for name, pairs in rules.items()})
        if standing.kinship is not None:
            parts["shared"] = pa.table({"pair": standing.kinship.shared})
            parts["has_kin"] = pa.table({"has_kin": standing.kinship.has_kin})
        if "plan" not in self.lasting:
            parts["plan"] = self.plan.to_table()
        return {**parts, **self.lasting}

    @classmethod
    def of_parts(cls, parts: Parts) -> Self | None:
        """What `parts` made; None where other software wrote it."""
        about = json.loads(parts["records"].schema.metadata[_ABOUT])
        plan = Plan.of_table(parts["plan"])
        if about["version"] != _VERSION or plan is None:
            return None
        index: Index = {}
        layers = [_unstacked(parts[f"blocks_{name}"]) for name in ("base", "since")]
        for name in layers[0]:
            level, rule = name.split(" ", 1)
            base, since = (Blocked(_array(layer[name], "packed")) for layer in layers)
            index[rule, int(level)] = Layered(base, since)
        told = _array(parts["records"], "told")
        lasting = {name: parts[name] for name in _LASTING}
        return cls(_standing(parts, about), told, index, plan, about["model"], about["described"], lasting)


def described(spec: LinkSpec, *, has_kin: bool) -> str:
    """A hash of what a held table depends on besides its records, the model and the plan."""
    said = json.dumps([_VERSION, duckdb.__version__, repr(spec.columns), spec.id, spec.source,
                       sorted(spec.once_per_person), repr(spec.settings), has_kin])  # fmt: skip
    return hashlib.sha256(said.encode()).hexdigest()


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
