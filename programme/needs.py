"""Needs: every criterion of a profile judged for every family, each with its evidence."""

from collections.abc import Iterable, Mapping
from itertools import compress

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from programme import judge_sql, measures, need_sql
from programme.facts import Gathered, Month, gathered, hold
from programme.measures import FEEDS, Asked
from programme.minimisation import minimised
from programme.profile import Profile
from programme.rules import Criterion
from schemas import frames, published

_TYPES: Mapping[pa.DataType, object] = {
    pa.large_string(): pd.StringDtype("pyarrow"),
    pa.int64(): pd.Int64Dtype(),
    pa.int32(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def judge(profile: Profile, month: Month, *, settings: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Judge every family against every criterion: one row each, in order of family and of the profile.

    `settings` are DuckDB's own (`threads`, `memory_limit`, `temp_directory`). Returns the columns of
    `schemas.published.Need`. A criterion is `met` when any of its conditions is proven by rows, `not_met` only when
    every feed that it rests on spoke this month and none shows it, else `unknown`.
    """
    with gathered(month, settings=settings) as facts:
        return judged(facts, profile, month)


def judged(facts: Gathered, profile: Profile, month: Month, *, with_evidence: bool = True) -> pd.DataFrame:
    """The needs of `judge`, from facts that are gathered already; to be asked again with other rules.

    Without evidence its column is empty: to write it down takes a quarter of the time.
    """

    def look(criteria: Mapping[str, Criterion], subjects: pd.DataFrame) -> pd.DataFrame:
        return _needs(facts, criteria, profile, month, subjects, with_evidence=with_evidence)

    subjects = at(month.families["family_id"], month.as_of)
    rule = profile.identification.minimisation
    if rule is None or not rule.enabled:
        return look(profile.criteria, subjects)
    return minimised(profile, subjects, look=look)


def at(family_ids: Iterable[str], anchor: pd.Timestamp) -> pd.DataFrame:
    """Each family once, reckoned back from one day."""
    frame = pd.DataFrame({"family_id": sorted(set(family_ids))}, dtype="string[pyarrow]")
    return frame.assign(anchor=pd.Timestamp(anchor).as_unit("ns"), subject=range(len(frame)))


def _needs(  # noqa: PLR0913 - what is asked, of whom, and of what
    facts: Gathered,
    criteria: Mapping[str, Criterion],
    profile: Profile,
    month: Month,
    subjects: pd.DataFrame,
    *,
    with_evidence: bool,
) -> pd.DataFrame:
    rows = [(key, profile.headlines[each.headline], place) for place, (key, each) in enumerate(criteria.items())]
    hold(facts.engine, "criteria", pd.DataFrame(rows, columns=["criterion_id", "headline", "position"]))
    measures.take(facts.engine, asked(criteria), subjects, terms=month.terms, feeds=month.feeds)
    for statement in (*judge_sql.STATEMENTS, *need_sql.STATEMENTS):
        facts.engine.execute(statement)
    return _laid_out(facts, rules=len(criteria), with_evidence=with_evidence)


def asked(criteria: Mapping[str, Criterion]) -> list[Asked]:
    """Every condition of the criteria, with its place in its criterion."""
    return [Asked(key, n, each) for key, criterion in criteria.items() for n, each in enumerate(criterion.any_of)]


def _laid_out(facts: Gathered, *, rules: int, with_evidence: bool) -> pd.DataFrame:
    """The needs of all families, each row taken from its place among the few that differ: none is joined or sorted."""
    told = facts.engine.sql(need_sql.NEEDS).to_arrow_table().combine_chunks()
    families = facts.engine.sql(need_sql.FAMILIES).to_arrow_table().combine_chunks()
    columns = {name: told[name] for name in told.column_names}
    columns["person_id"] = facts.people().take(told["person"])
    columns["feed"] = _feed_names().take(told["feeds"])
    proofs = facts.evidence().take(told["proof"]) if with_evidence else pa.nulls(len(told), pa.large_string())
    columns["evidence"] = proofs
    names = [name for name in frames.column_names(published.Need) if name != "family_id"]
    rows = pa.table({name: columns[name] for name in names}).take(pa.array(_places(told, families, rules)))
    whose = pa.array(np.repeat(np.arange(len(families)), rules))
    ordered = rows.add_column(0, "family_id", families["family_id"].take(whose))
    frame: pd.DataFrame = ordered.to_pandas(types_mapper=_TYPES.get)
    return frame[frames.column_names(published.Need)]


def _places(told: pa.Table, families: pa.Table, rules: int) -> npt.NDArray[np.int64]:
    """Where each family's row of each rule stands: its own, else that of the families of its make-up."""
    whose, position = told["whose"].to_numpy(), told["position"].to_numpy()
    make_up, subjects = families["make_up"].to_numpy(), families["subject"].to_numpy()
    own = whose >= 0
    alike = np.zeros((1 - make_up.min(initial=0), rules), dtype=np.int64)
    alike[-whose[~own], position[~own]] = np.flatnonzero(~own)
    places = alike[-make_up]
    places[np.searchsorted(subjects, whose[own]), position[own]] = np.flatnonzero(own)
    flat: npt.NDArray[np.int64] = places.ravel()
    return flat


def _feed_names() -> pa.Array:
    """The names of each set of feeds, at the place that the sum of their bits is."""
    sets = range(1 << len(FEEDS))
    names = ["+".join(compress(FEEDS, (bits >> n & 1 for n in range(len(FEEDS))))) for bits in sets]
    return pa.array(names, pa.large_string())
