"""A table standardised, blocked and compared, for whatever model and rules."""

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pyarrow.compute as pc

from linkage.candidates import Blocks, Index
from linkage.cleaning import hashing_by, open_engine
from linkage.compared import Known, compare
from linkage.encoding import encode
from linkage.errors import OutgrownError
from linkage.persons import Run, untied
from linkage.plan import Plan
from linkage.records import as_text
from linkage.renewal import row_hashes
from linkage.spec import LinkSpec
from linkage.vocabulary import Hashes


@dataclass(frozen=True)
class Means:
    """What a table is worked out with: threads, and how much memory DuckDB may use and where it may spill."""

    threads: int = 2
    memory_limit: str | None = None
    temp_directory: str | None = None

    def engine(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB that knows the forms."""
        return open_engine(self.threads, memory_limit=self.memory_limit, temp_directory=self.temp_directory)


@dataclass(frozen=True, repr=False)
class Prepared:
    """A table standardised, blocked and compared. `pairs_by_rule` counts the blocking.

    `plan`: how it was blocked. `index`: its blocks, and `told`: a hash of what each record says, in the order of the
    ids; both empty where they were not to be held.
    """

    run: Run
    pairs_by_rule: dict[str, int]
    plan: Plan
    index: Index
    told: Hashes


def prepare(  # noqa: PLR0913 - as of `link`
    records: pd.DataFrame,
    spec: LinkSpec,
    means: Means = Means(),
    *,
    has_kin: bool = False,
    plan: Plan | None = None,
    is_held: bool = False,
) -> Prepared:
    """Everything about a table that depends neither on a model nor on rules nor on kin; arguments as of `link`.

    `has_kin`: whether relations are given.
    """
    threads = means.threads

    def prepared(plan: Plan | None) -> Prepared:
        people = encode(records, spec, engine, threads=threads, is_precise=plan.is_precise if plan else None)
        people = untied(people) if has_kin else people
        hashed = hashing_by(engine)
        found = Blocks(people, spec.settings, hashed, plan=plan, is_kept=is_held, threads=threads).found()
        known = Known(people, compare(people, found.pairs, threads=threads), threads=threads)
        told = np.empty(0, np.uint64)
        if is_held:
            told = row_hashes(records, spec, engine)[pc.sort_indices(as_text(records[spec.id])).to_numpy()]
        run = Run(people, known, spec.settings, threads)
        return Prepared(run, found.counts, found.plan, found.index, told)

    with means.engine() as engine:
        try:
            return prepared(plan)
        except OutgrownError:
            return prepared(None)
