"""What changed in a table since it was held: its records standardised, blocked and compared with those that stayed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from linkage.candidates import Blocks, Index
from linkage.candidates import Held as HeldBlocks
from linkage.cleaning import hashing_by
from linkage.held import Held
from linkage.kin import Ties
from linkage.persons import untied
from linkage.prepared import Means
from linkage.renewal import Roll, renewed, row_hashes
from linkage.revision import Change
from linkage.rules import Rules, rules_of
from linkage.spec import LinkSpec
from linkage.vocabulary import Hashes


@dataclass(frozen=True, repr=False)
class Changed:
    """What changed in a table; hashes of what its records say now, its blocks, rules and who is whose kin, by place."""

    change: Change
    told: Hashes
    index: Index
    rules: Rules
    ties: Ties | None


def changed(  # noqa: PLR0913 - as of `link`
    held: Held,
    records: pd.DataFrame,
    spec: LinkSpec,
    means: Means,
    *,
    never: pd.DataFrame | None,
    decisions: pd.DataFrame | None,
    relations: pd.DataFrame | None,
) -> Changed:
    """A table's newer state beside what is held of it; arguments as of `link`.

    Raises OutgrownError where blocks have grown beyond what they were planned for.
    """
    before = held.standing
    with means.engine() as engine, ThreadPoolExecutor(1) as beside:
        roll = Roll(before.people, held.told, before.order)
        told = row_hashes(records, spec, engine)
        now = renewed(roll, records, told, spec, engine, threads=means.threads)
        people = now.roll.people if relations is None else untied(now.roll.people)
        # Which records are named is looked up while the cores are not all needed.
        hashed = hashing_by(engine)
        ties = None if relations is None else beside.submit(Ties.of, people, relations, hashed)
        rules = beside.submit(rules_of, people, never, decisions, hashed)
        gone, lived = np.zeros(len(people), bool), np.zeros(len(people), bool)
        gone[now.gone] = lived[before.order] = True
        fresh = np.sort(now.fresh)
        found = Blocks(
            people.among(fresh),
            spec.settings,
            hashed,
            plan=held.plan,
            held=HeldBlocks(people, fresh, gone, lived, held.index),
            is_kept=True,
            threads=means.threads,
        ).found()
    change = Change(people, now.roll.order, now.fresh, now.gone, found.pairs, found.counts)
    return Changed(change, now.roll.told, found.index, rules.result(), ties.result() if ties else None)
