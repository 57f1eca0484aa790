"""Needs: every criterion of a profile judged for every family, each with its evidence."""

from collections.abc import Iterable, Mapping

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from programme import judge_sql, measures
from programme.facts import Month, gathered, hold
from programme.measures import Asked
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
    with gathered(month, settings=settings) as engine:
        return judged(engine, profile, month)


def judged(engine: duckdb.DuckDBPyConnection, profile: Profile, month: Month) -> pd.DataFrame:
    """The needs of `judge`, from facts that are gathered already; to be asked again with other rules."""

    def look(criteria: Mapping[str, Criterion], subjects: pd.DataFrame) -> pd.DataFrame:
        return _needs(engine, criteria, profile, month, subjects)

    subjects = at(month.families["family_id"], month.as_of)
    rule = profile.identification.minimisation
    if rule is None or not rule.enabled:
        return look(profile.criteria, subjects)
    return minimised(profile, subjects, look=look)


def at(family_ids: Iterable[str], anchor: pd.Timestamp) -> pd.DataFrame:
    """Each family once, reckoned back from one day."""
    frame = pd.DataFrame({"family_id": sorted(set(family_ids))}, dtype="string[pyarrow]")
    return frame.assign(anchor=pd.Timestamp(anchor).as_unit("ns"), subject=range(len(frame)))


def _needs(
    engine: duckdb.DuckDBPyConnection,
    criteria: Mapping[str, Criterion],
    profile: Profile,
    month: Month,
    subjects: pd.DataFrame,
) -> pd.DataFrame:
    rows = [(key, profile.headlines[each.headline], place) for place, (key, each) in enumerate(criteria.items())]
    hold(engine, "criteria", pd.DataFrame(rows, columns=["criterion_id", "headline", "position"]))
    measures.take(engine, asked(criteria), subjects, terms=month.terms, feeds=month.feeds)
    for statement in (
        *judge_sql.STATEMENTS,
        judge_sql.DECIDING_NEEDS,
        judge_sql.LOOKED_AT,
        judge_sql.ATTENDANCE_PROOF,
        judge_sql.AS_JSON,
        judge_sql.TELLING,
        judge_sql.PROOFS,
    ):
        engine.execute(statement)
    return _worded(engine)


def asked(criteria: Mapping[str, Criterion]) -> list[Asked]:
    """Every condition of the criteria, with its place in its criterion."""
    return [Asked(key, n, each) for key, criterion in criteria.items() for n, each in enumerate(criterion.any_of)]


def _worded(engine: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The needs with their words put in: each is taken from its place, rather than carried through joins and sorts."""
    rows, told, proven = (
        engine.sql(query).to_arrow_table().combine_chunks()
        for query in (judge_sql.NEEDS, judge_sql.TOLD, judge_sql.PROVEN)
    )
    columns = {name: told[name].take(rows["told"]) for name in told.column_names}
    for name in ("feed", "extract_on"):
        columns[name] = pc.if_else(rows["is_met"], rows[name], columns[name])
    columns["evidence"] = proven["evidence"].take(rows["proof"])
    columns |= {name: rows[name] for name in ("family_id", "state", "person_id", "value")}
    ordered = pa.table({name: columns[name] for name in frames.column_names(published.Need)})
    frame: pd.DataFrame = ordered.to_pandas(types_mapper=_TYPES.get)
    return frame
