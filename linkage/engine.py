"""The engine: any table of people in, who is who out.

encode → candidate pairs → levels → weights by the model → clusters that respect the rules → questions for people.
The same records give the same answer to the row, whatever their order and however many threads.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.comparisons import features_of
from linkage.drift import refuse_drift
from linkage.held import Held
from linkage.links import links_of
from linkage.model import Model
from linkage.pairs import Pairs, unpack
from linkage.persons import Persons
from linkage.plan import Plan
from linkage.prepared import Prepared, prepare
from linkage.reviews import questions
from linkage.rules import Rules, rules_of
from linkage.scoring import check_fit
from linkage.spec import LinkSpec, Settings

TEXT = pd.StringDtype("pyarrow")


@dataclass(frozen=True, repr=False)
class Linked:
    """Who is who in a table.

    `clusters`: id, cluster_id (the cluster's smallest id), basis. `links`: the pairs kept for the record.
    `counts`: records, pairs by blocking rule, pairs kept, clusters, questions. `plan`: how it was blocked. `held`: what
    the next state of the table can begin from, where that was asked for. `fresh`: how many records were looked at, the
    others having been held.
    """

    clusters: pd.DataFrame
    model: Model
    counts: dict[str, dict[str, int]]
    persons: Persons
    same: float
    reviews: Pairs
    rules: Rules
    plan: Plan
    held: Held | None
    fresh: int

    def __repr__(self) -> str:
        return f"<Linked: {self.counts['run']}>"

    @cached_property
    def links(self) -> pd.DataFrame:
        """Every pair kept, asked about or decided: see links_of. Made when first asked for."""
        return links_of(self.persons, self.reviews, self.rules)


def link(  # noqa: PLR0913 - a table, its description, and what is known beside it
    records: pd.DataFrame,
    spec: LinkSpec,
    *,
    model: Model | None = None,
    never: pd.DataFrame | None = None,
    decisions: pd.DataFrame | None = None,
    relations: pd.DataFrame | None = None,
    plan: Plan | None = None,
    held: Held | None = None,
    is_held: bool = False,
    threads: int = 2,
    memory_limit: str | None = None,
    temp_directory: str | None = None,
) -> Linked:
    """Find the records of one person in a table.

    `model`: one trained before; without it one is trained on this table. `never`: left_id, right_id of pairs that are
    two people. `decisions`: the same with decision, `same` or `different`, binding. `relations`: id, kin_id and way
    (what the second is to the first), which count as evidence. `plan`: how a table like this one was blocked before;
    without one this table says. `held`: the table as it was matched before: only what changed since is looked at, and
    the answer is the one that the whole table would give by the same plan. `is_held`: whether to return what the next
    state of the table can begin from. Raises RecordsError, ModelError or DecisionsError where the input does not fit.
    """
    table = prepare(
        records,
        spec,
        relations=relations,
        plan=plan,
        held=held,
        is_held=is_held,
        threads=threads,
        memory_limit=memory_limit,
        temp_directory=temp_directory,
    )
    return resolve(table, model=model, never=never, decisions=decisions)


def resolve(
    table: Prepared,
    *,
    model: Model | None = None,
    never: pd.DataFrame | None = None,
    decisions: pd.DataFrame | None = None,
) -> Linked:
    """Who is who in a prepared table; arguments as of `link`."""
    run, settings = table.run, table.run.settings
    rules = rules_of(run.people, never, decisions)
    if model is not None:
        check_fit(features_of(run.people), model)
        refuse_drift(model, run.levels(), settings.drift_limit)
    result = run.persons(model or run.trained(rules), rules)
    reviews = questions(result, rules, settings)
    counts = _counts(result, table.pairs_by_rule, len(run.known.candidates), reviews)
    clusters = _clusters(result, rules, settings)
    return Linked(
        clusters,
        result.scorer.model,
        counts,
        result,
        settings.same,
        reviews,
        rules,
        table.plan,
        table.held_now(),
        table.fresh,
    )


def _clusters(result: Persons, rules: Rules, settings: Settings) -> pd.DataFrame:
    """Each record's cluster, and what ties it: a coordinator, an identifier that another of it shares, or the model."""
    group = result.group
    basis = np.where(np.bincount(group, minlength=len(group))[group] > 1, "model", "alone").astype(object)
    left, right = unpack(result.pairs)
    tied = (group[left] == group[right]) & (result.weights >= settings.same)
    left, right = left[tied], right[tied]
    for column in result.people.named("identifier"):
        codes = result.people.codes[column].to_numpy()
        agree = (codes[left] >= 0) & (codes[left] == codes[right])
        basis[left[agree]] = basis[right[agree]] = "identifier"
    left, right = unpack(rules.joined)
    clerical = group[left] == group[right]
    basis[left[clerical]] = basis[right[clerical]] = "clerical"
    ids = result.people.keys
    columns = {"id": ids, "cluster_id": ids.take(pa.array(group)), "basis": pa.array(basis, pa.string())}
    return pd.DataFrame({name: pd.Series(pd.array(values, dtype=TEXT)) for name, values in columns.items()})


def _counts(result: Persons, by_rule: dict[str, int], candidates: int, reviews: Pairs) -> dict[str, dict[str, int]]:
    run = {
        "records": len(result.people),
        "candidate_pairs": candidates,
        "kept_pairs": len(result.pairs),
        "clusters": int((result.group == np.arange(len(result.group))).sum()),
        "questions": len(reviews),
    }
    return {"blocking": dict(by_rule), "run": run}
