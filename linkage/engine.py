"""The engine: any table of people in, who is who out.

encode → candidate pairs → levels → weights by the model → clusters that respect the rules → questions for people.
The same records give the same answer to the row, whatever their order and however many threads; and so does a table of
which an earlier state is held, of which only what changed is looked at.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from linkage.blocking_rules import in_words
from linkage.changed import Changed, changed
from linkage.cleaning import hashing_by
from linkage.comparisons import features_of
from linkage.drift import refuse_drift
from linkage.errors import OutgrownError
from linkage.held import Held, described
from linkage.kin import Ties
from linkage.links import links_of
from linkage.model import Model
from linkage.pairs import Pairs, unpack
from linkage.persons import Persons, levels
from linkage.plan import Plan
from linkage.prepared import Means, Prepared, prepare
from linkage.reviews import questions
from linkage.revision import Change, revised
from linkage.rules import Rules, rules_of
from linkage.scoring import check_fit
from linkage.spec import LinkSpec
from linkage.standing import By, Standing, stood

TEXT = pd.StringDtype("pyarrow")
_BASES = pa.array(["alone", "model", "identifier", "clerical"], pa.string())


@dataclass(frozen=True, repr=False)
class Linked:
    """Who is who in a table.

    `clusters`: id, cluster_id (the cluster's smallest id), basis. `links`: the pairs kept for the record.
    `counts`: records, pairs by blocking rule, pairs kept, clusters, questions. `plan`: how it was blocked. `held`: what
    the next state of the table can begin from, where that was asked for. `fresh`: how many records were looked at, the
    others having been held.
    """

    standing: Standing
    by: By
    plan: Plan
    held: Held | None
    fresh: int

    def __repr__(self) -> str:
        return f"<Linked: {self.counts['run']}>"

    @property
    def model(self) -> Model:
        """The model by which it was matched."""
        return self.by.model

    @property
    def same(self) -> float:
        """The weight that joins two records."""
        return self.by.settings.same

    @cached_property
    def reviews(self) -> Pairs:
        """The pairs to ask about, by position."""
        return questions(self.standing.matched(), self.rules, self.by.settings)

    @cached_property
    def rules(self) -> Rules:
        """What no score may overrule, by position."""
        return self.standing.rules_by_position()

    @cached_property
    def persons(self) -> Persons:
        """The records as persons, by position, with what weighs their pairs. Made when first asked for."""
        return self.standing.persons(self.by)

    @cached_property
    def links(self) -> pd.DataFrame:
        """Every pair kept, asked about or decided: see links_of. Made when first asked for."""
        return links_of(self.persons, self.reviews, self.rules)

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """Pairs by blocking rule, and of the run: records, pairs, clusters, questions."""
        standing = self.standing
        run = {
            "records": len(standing.order),
            "candidate_pairs": int(standing.paired.counts.sum()),
            "kept_pairs": len(standing.pairs),
            "clusters": int((standing.last.cluster[standing.order] == standing.order).sum()),
            "questions": len(self.reviews),
        }
        called = standing.people.called
        found = {in_words(rule, called): count for rule, count in standing.paired.by_rule.items() if count}
        return {"blocking": found, "run": run}

    @cached_property
    def clusters(self) -> pd.DataFrame:
        """Each record's cluster, and what ties it: a coordinator, a shared identifier, or the model."""
        standing, order = self.standing, self.standing.order
        ids = standing.people.keys
        columns = {
            "id": ids.take(pa.array(order)),
            "cluster_id": ids.take(pa.array(standing.last.cluster[order])),
            "basis": _BASES.take(pa.array(_bases(standing, self.by.settings.same)[order])),
        }
        return pd.DataFrame({name: pd.Series(pd.array(values, dtype=TEXT)) for name, values in columns.items()})


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

    `model`: one trained before; without it the one of what is held, or else one trained on this table. `never`:
    left_id, right_id of pairs that are two people. `decisions`: the same with decision, `same` or `different`, binding.
    `relations`: id, kin_id and way (what the second is to the first), which count as evidence. `plan`: how a table like
    this one was blocked before; without one this table says. `held`: the table as it was matched before: only what
    changed since is looked at, and the answer is the one that the whole table would give by the same model and plan.
    `is_held`: whether to return what the next state of the table can begin from; with `held` it always is. Raises
    RecordsError, ModelError, DriftError or DecisionsError where the input does not fit.
    """
    means = Means(threads, memory_limit, temp_directory)
    said = described(spec, has_kin=relations is not None)
    if held is not None and held.serves(said, model, plan):
        by = By(model or held.model, spec.settings, threads)
        try:
            found = changed(held, records, spec, means, never=never, decisions=decisions, relations=relations)
        except OutgrownError:
            model, plan = by.model, None
        else:
            return _renewed(held, found, by)
    table = prepare(records, spec, means, has_kin=relations is not None, plan=plan, is_held=is_held)
    standing, by = resolve(table, model=model, never=never, decisions=decisions, relations=relations)
    now = Held(standing, table.told, table.index, table.plan, by.model.to_text(), said) if is_held else None
    return Linked(standing, by, table.plan, now, len(standing.order))


def again(linked: Linked, *, never: pd.DataFrame | None = None, decisions: pd.DataFrame | None = None) -> Linked:
    """The same table under other rules; only what they touch is worked out again. Arguments as of `link`."""
    before = linked.standing
    with duckdb.connect(config={"threads": 1}) as engine:
        rules = rules_of(before.people, never, decisions, hashing_by(engine))
    standing = revised(before, Change.nothing(before), rules, before.ties, linked.by)
    held = None if linked.held is None else replace(linked.held, standing=standing)
    return Linked(standing, linked.by, linked.plan, held, linked.fresh)


def resolve(
    table: Prepared,
    *,
    model: Model | None = None,
    never: pd.DataFrame | None = None,
    decisions: pd.DataFrame | None = None,
    relations: pd.DataFrame | None = None,
) -> tuple[Standing, By]:
    """Who is who in a prepared table, and by what; arguments as of `link`."""
    run, settings = table.run, table.run.settings
    # Which records relations and rules name is looked up beside learning, which mostly needs one core; one after the
    # other, for both look in one register, which pandas makes when it is first asked.
    with duckdb.connect(config={"threads": 1}) as engine, ThreadPoolExecutor(1) as beside:
        hashed = hashing_by(engine)
        ties = None if relations is None else beside.submit(Ties.of, run.people, relations, hashed).result
        rules = beside.submit(rules_of, run.people, never, decisions, hashed)
        if model is not None:
            check_fit(features_of(run.people), model)
            candidates = run.known.candidates
            refuse_drift(model, levels(run.people, candidates.patterns, candidates.counts), settings.drift_limit)
        by = By(model or run.trained(ties), settings, run.threads)
        known_beside = rules.result(), ties() if ties else None
    return stood(run, by, *known_beside, table.pairs_by_rule), by


def _renewed(held: Held, found: Changed, by: By) -> Linked:
    standing = revised(held.standing, found.change, found.rules, found.ties, by)
    refuse_drift(by.model, standing.levels(), by.settings.drift_limit)
    now = replace(held, standing=standing, told=found.told, index=found.index).settled()
    return Linked(now.standing, by, held.plan, now, len(found.change.fresh))


def _bases(standing: Standing, same: float) -> npt.NDArray[np.int8]:
    """For each place what ties its record, as in _BASES."""
    cluster = standing.last.cluster
    sizes = np.bincount(cluster[standing.order], minlength=len(cluster))
    bases = (sizes[cluster] > 1).astype(np.int8)
    left, right = unpack(standing.pairs)
    tied = (cluster[left] == cluster[right]) & (standing.weights >= same)
    left, right = left[tied], right[tied]
    for column in standing.people.named("identifier"):
        codes = standing.people.codes[column]
        agree = (codes[left] >= 0) & (codes[left] == codes[right])
        bases[left[agree]] = bases[right[agree]] = 2
    left, right = unpack(standing.rules.joined)
    clerical = cluster[left] == cluster[right]
    bases[left[clerical]] = bases[right[clerical]] = 3
    return bases
