"""What is seen of families at one day: each condition's state, who meets it, and who has left school."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd

from programme import judge_sql, measures, result_sql
from programme.facts import Gathered, Month
from programme.measures import Asked


@dataclass(frozen=True)
class Judged:
    """One condition of one family: `met`, `not_met`, `unknown`, or `nobody` where it has no one to count."""

    state: str
    value: float | None
    is_available: bool
    extract_on: pd.Timestamp
    window_from: pd.Timestamp
    window_to: pd.Timestamp
    evidence: str


@dataclass(frozen=True)
class Sight:
    """All conditions of all families at one day."""

    judged: Mapping[tuple[str, str], list[Judged]]
    meeting: Mapping[tuple[str, str], set[str]]
    leavers: Mapping[str, set[str]]

    def of(self, family: str, rule: str) -> list[Judged]:
        """A rule's conditions, in its order; none for a rule that was not asked."""
        return self.judged.get((family, rule), [])

    def over(self, other: "Sight") -> "Sight":
        """What is seen here of a family's rule, and what the other saw where nothing is."""
        beneath = {key: people for key, people in other.meeting.items() if key not in self.judged}
        return Sight({**other.judged, **self.judged}, {**beneath, **self.meeting}, {**other.leavers, **self.leavers})


def look(
    facts: Gathered,
    asked: Sequence[Asked],
    anchors: pd.Series,
    month: Month,
) -> Sight:
    """Judge the conditions for each family at its own day (`anchors`: family to day)."""
    subjects = pd.DataFrame({"family_id": anchors.index.astype("string[pyarrow]"), "anchor": anchors.to_numpy()})
    subjects = subjects.astype({"anchor": "datetime64[ns]"}).assign(subject=range(len(subjects)))
    measures.take(facts.engine, asked, subjects, terms=month.terms, feeds=month.feeds)
    for statement in (*judge_sql.STATEMENTS, *result_sql.STATEMENTS):
        facts.engine.execute(statement)
    return Sight(_judged(facts), _sets(facts.engine, result_sql.MEETING), _leavers(facts.engine))


def _judged(facts: Gathered) -> dict[tuple[str, str], list[Judged]]:
    found: dict[tuple[str, str], list[Judged]] = {}
    evidence = facts.evidence().to_pylist()
    rows = facts.engine.sql(result_sql.RESULTS).fetchall()
    for family, rule, _, state, value, available, extract, first, last, proof in rows:
        days = (pd.Timestamp(extract), pd.Timestamp(first), pd.Timestamp(last))
        found.setdefault((family, rule), []).append(Judged(state, value, available, *days, evidence[proof]))
    return found


def _sets(engine: duckdb.DuckDBPyConnection, query: str) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for family, rule, person in engine.sql(query).fetchall():
        found.setdefault((family, rule), set()).add(person)
    return found


def _leavers(engine: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for family, person in engine.sql(result_sql.LEFT_SCHOOL).fetchall():
        found.setdefault(family, set()).add(person)
    return found


def merged_evidence(parts: Sequence[str]) -> str:
    """Several evidence lists as one, each row once, in order."""
    if len(parts) == 1:
        return parts[0]
    rows = {json.dumps(row, separators=(",", ":")): None for part in parts for row in json.loads(part)}
    return f"[{','.join(rows)}]"
