"""Which blocks are too large and ask for a further key: found in one table, and kept for the tables that come after it.

With it, whether two records are compared depends on them alone, and a month can be matched by what changed in it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from linkage.blocking_rules import RULES
from linkage.errors import OutgrownError
from linkage.vocabulary import Hashes

# A block that a plan does not name and that has so many times the cap has grown since; the plan is then made anew.
_OUTGROWN = 4
_ABOUT = b"hearth"
# Texts are hashed in DuckDB, which may hash otherwise in another version; other rules or names make other blocks.
_MADE_BY = f"plan 2, names 2, duckdb {duckdb.__version__}, {hashlib.sha256(repr(RULES).encode()).hexdigest()}"


@dataclass(frozen=True, repr=False)
class Plan:
    """How a table is blocked.

    `large`: rule to the sorted hashes of its large blocks, for each of its levels of keys; None where the rule is left
    out, for it would add too many pairs. `is_precise`: whether a postcode tells a few doors.
    """

    large: Mapping[str, tuple[Hashes, ...] | None]
    cap: int
    is_precise: bool

    def __repr__(self) -> str:
        return f"<Plan: {len(self.large)} rules>"

    def refuse_unknown(self, rules: Iterable[str]) -> None:
        """Raise OutgrownError where a table has columns, and so rules, that the plan knows nothing of."""
        if unknown := sorted(set(rules) - set(self.large)):
            msg = f"blocking was planned without the rules {', '.join(unknown)}. Plan anew from this table."
            raise OutgrownError(msg)

    def small(self, rule: str, level: int, blocks: Hashes) -> npt.NDArray[np.bool_]:
        """Whether each block of a rule is small enough to compare all of it."""
        levels = self.large[rule]
        if levels is None:
            return np.zeros(len(blocks), bool)
        known = levels[level]
        if not len(known):
            return np.ones(len(blocks), bool)
        small: npt.NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, blocks), len(known) - 1)] != blocks
        return small

    def refuse_outgrown(self, largest: int) -> None:
        """Raise OutgrownError where a block that should be small has become very large."""
        if largest > _OUTGROWN * self.cap:
            msg = f"a block of {largest} records was small when blocking was planned. Plan anew from this table."
            raise OutgrownError(msg)

    @cached_property
    def sha256(self) -> str:
        """Hash of all that the plan says."""
        digest = hashlib.sha256(f"{self.cap} {self.is_precise}".encode())
        for rule, levels in sorted(self.large.items()):
            digest.update(f"\n{rule} {'out' if levels is None else len(levels)}".encode())
            for hashes in levels or ():
                digest.update(b"\n" + hashes.tobytes())
        return digest.hexdigest()

    def to_table(self) -> pa.Table:
        """The hashes of all large blocks, one rule and level after the other; how many of each in its metadata."""
        hashes = [hashes for levels in self.large.values() for hashes in levels or ()]
        rules = {
            rule: None if levels is None else [len(hashes) for hashes in levels] for rule, levels in self.large.items()
        }
        about = {"made_by": _MADE_BY, "cap": self.cap, "is_precise": self.is_precise, "rules": rules}
        table = pa.table({"hash": np.concatenate([np.empty(0, np.uint64), *hashes])})
        return table.replace_schema_metadata({_ABOUT: json.dumps(about).encode()})

    @classmethod
    def of_table(cls, table: pa.Table) -> Self | None:
        """The plan that `to_table` made a table of; None where it was made by other software."""
        about = json.loads(table.schema.metadata[_ABOUT])
        if about["made_by"] != _MADE_BY:
            return None
        hashes = table["hash"].combine_chunks().to_numpy()
        sizes = [size for levels in about["rules"].values() for size in levels or ()]
        parts = iter(np.split(hashes, np.cumsum(sizes)[:-1]) if sizes else [])
        large = {
            rule: None if levels is None else tuple(next(parts) for _ in levels)
            for rule, levels in about["rules"].items()
        }
        return cls(large, about["cap"], about["is_precise"])
