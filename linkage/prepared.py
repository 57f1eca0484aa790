"""A table standardised, blocked and compared, for whatever model and rules; of one that is held, what changed in it."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from functools import cached_property

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.candidates import Blocks, Found
from linkage.candidates import Held as HeldBlocks
from linkage.cleaning import hashes_of, open_engine
from linkage.compared import Compared, Known, compare
from linkage.comparisons import features_of
from linkage.encoding import encode
from linkage.errors import OutgrownError
from linkage.held import Held, described
from linkage.kin import Ties
from linkage.pairs import in_pairs
from linkage.persons import Run, untied
from linkage.plan import Plan
from linkage.records import People, as_text
from linkage.renewal import renewed, row_hashes
from linkage.spec import LinkSpec
from linkage.vocabulary import Hashes


@dataclass(frozen=True, repr=False)
class Prepared:
    """A table standardised, blocked and compared. `pairs_by_rule` counts the blocking.

    `plan`: how it was blocked. `held`: what the next state of the table can begin from, None where it was not asked
    for. `fresh`: how many records were looked at, the others having been held.
    """

    run: Run
    pairs_by_rule: dict[str, int]
    plan: Plan
    held: Held | None
    fresh: int

    def held_now(self) -> Held | None:
        """What the next state of the table can begin from, with the pairs that were asked for meanwhile."""
        return None if self.held is None else replace(self.held, asked=self.run.known.asked)


def prepare(  # noqa: PLR0913 - as of `link`
    records: pd.DataFrame,
    spec: LinkSpec,
    *,
    relations: pd.DataFrame | None = None,
    plan: Plan | None = None,
    held: Held | None = None,
    is_held: bool = False,
    threads: int = 2,
    memory_limit: str | None = None,
    temp_directory: str | None = None,
) -> Prepared:
    """Everything about a table that depends neither on a model nor on rules; arguments as of `link`."""
    said = described(spec, has_kin=relations is not None)
    if held is not None and (held.described != said or (plan is not None and plan.sha256 != held.plan.sha256)):
        held = None
    with open_engine(threads, memory_limit=memory_limit, temp_directory=temp_directory) as engine:
        making = _Making(records, spec, engine, said, has_kin=relations is not None, is_held=is_held, threads=threads)
        try:
            table = making.whole(plan) if held is None else making.changed(held)
        except OutgrownError:
            table = making.whole(None)
    ties = None if relations is None else Ties.of(table.people, relations)
    return Prepared(
        Run(table.people, table.known, ties, spec.settings, threads),
        table.found.counts,
        table.found.plan,
        table.held,
        table.fresh,
    )


@dataclass(frozen=True, repr=False)
class _Table:
    people: People
    found: Found
    known: Known
    held: Held | None
    fresh: int


@dataclass(repr=False)
class _Making:
    records: pd.DataFrame
    spec: LinkSpec
    engine: duckdb.DuckDBPyConnection
    said: str
    _: KW_ONLY
    has_kin: bool
    is_held: bool
    threads: int

    def whole(self, plan: Plan | None) -> _Table:
        """All of it looked at."""
        people = encode(
            self.records, self.spec, self.engine, threads=self.threads, is_precise=plan.is_precise if plan else None
        )
        people = untied(people) if self.has_kin else people
        found = Blocks(
            people, self.spec.settings, self._hashed, plan=plan, is_kept=self.is_held, threads=self.threads
        ).found()
        known = self._known(people, compare(people, found.pairs, threads=self.threads))
        if not self.is_held:
            return _Table(people, found, known, None, len(people))
        order = pc.sort_indices(as_text(self.records[self.spec.id])).to_numpy()
        return self._held(people, self._row_hashes[order], found, known, len(people))

    def changed(self, held: Held) -> _Table:
        """What changed since it was held looked at, and the rest taken from there."""
        before = (held.people, held.row_hashes)
        now = renewed(before, self.records, self._row_hashes, self.spec, self.engine, threads=self.threads)
        people = untied(now.people) if self.has_kin else now.people
        blocks = {level: blocked.moved(now.moved) for level, blocked in held.index.items()}
        found = Blocks(
            people.among(now.fresh),
            self.spec.settings,
            self._hashed,
            plan=held.plan,
            held=HeldBlocks(people, now.fresh, blocks),
            is_kept=self.is_held,
            threads=self.threads,
        ).found()
        radices = [len(feature.ladder.levels) for feature in features_of(people)]
        fresh = compare(people, found.pairs, threads=self.threads)
        candidates = held.compared.moved(now.moved).joined(fresh).compact(radices)
        asked = held.asked.moved(now.moved)
        asked = asked.taken(~in_pairs(asked.pairs, candidates.pairs)).compact(radices)
        return self._held(people, now.row_hashes, found, self._known(people, candidates, asked), len(now.fresh))

    def _known(self, people: People, candidates: Compared, asked: Compared | None = None) -> Known:
        return Known(people, candidates, asked or Compared.nothing(candidates.patterns.shape[1]), threads=self.threads)

    def _held(self, people: People, row_hashes: Hashes, found: Found, known: Known, fresh: int) -> _Table:
        if not self.is_held:
            return _Table(people, found, known, None, fresh)
        # Nothing of a record that is gone is held on to.
        tidy = replace(people.among(np.arange(len(people))), has_kin=None, shared_kin=None)
        held = Held(tidy, row_hashes, found.index, found.plan, known.candidates, known.asked, self.said)
        return _Table(people, found, known, held, fresh)

    @cached_property
    def _row_hashes(self) -> Hashes:
        return row_hashes(self.records, self.spec, self.engine)

    def _hashed(self, texts: Sequence[pa.Array]) -> list[Hashes]:
        # A cursor of its own, for rules are worked out on several threads.
        with self.engine.cursor() as cursor:
            return hashes_of(cursor, texts)
