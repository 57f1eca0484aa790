"""The tidy facts of a month: what each person's feed rows say, one kind of row for every event and one for every term.

A fact keeps where it came from, so that whatever is counted of it can be shown. Which facts count, and how, is said by
the measures (`measures`); nothing is judged here.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import duckdb
import pandas as pd
import pyarrow as pa

from programme import attendance, fact_sql, proof_sql
from programme.attendance import ATTENDANCE
from programme.errors import MissingTableError
from programme.sources import Sources
from schemas import vocabulary as words

Tables = Mapping[tuple[str, str], pd.DataFrame]

# The engine cannot know how long a frame is that it only reads: a join is done as it is written, the long side first.
_AS_WRITTEN = "join_order,build_side_probe_side"
# What each fact is made of: feed table and the columns that the SQL reads beside the number of the row.
_READ: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("school", "pupils"): (
        "source_id",
        "pupil_id",
        "school_urn",
        "entry_on",
        "left_on",
        "enrolment_status",
        "young_carer",
    ),
    ("school", "exclusions"): ("exclusion_id", "pupil_id", "category", "started_on", "sessions"),
    ("police", "occurrences"): ("occurrence_id", "nominal_id", "role", "occurred_on", "kind", "proven"),
    ("police", "asb_interventions"): ("intervention_id", "nominal_id", "type", "started_on", "ended_on"),
    ("mash", "people"): ("mash_id", "date_of_birth", "expected_date_of_birth"),
    ("mash", "relationships"): ("mash_id", "related_mash_id", "relationship"),
    ("mash", "referrals"): ("referral_id", "mash_id", "received_on", "source_code", "concerns", "decision"),
    ("mash", "episodes"): ("episode_id", "mash_id", "kind", "started_on", "ended_on", "factors"),
    ("jobcentre", "claims"): ("source_id", "claimant_id", "benefit_code", "started_on", "ended_on", "conditionality"),
    ("jobcentre", "employment"): ("source_id", "claimant_id", "started_on", "ended_on"),
    ("jobcentre", "progress"): ("source_id", "claimant_id", "action_on", "action"),
    ("nominations", "nominations"): ("source_id", "nomination_id", "nominated_on", "indicator", "expires_on"),
}


@dataclass(frozen=True)
class Month:
    """All that a month's judging reads, as frames of the contract; `as_of` is its last day.

    `terms`: academic_year, term, starts_on, ends_on. `feeds`: feed, last_month, extract_on, is_late, never_delivered;
    where it also has `table_name`, each row speaks of one table, and a table without a row was never delivered.
    """

    tables: Tables = field(repr=False)
    person_records: pd.DataFrame = field(repr=False)
    persons: pd.DataFrame = field(repr=False)
    families: pd.DataFrame = field(repr=False)
    family_members: pd.DataFrame = field(repr=False)
    terms: pd.DataFrame = field(repr=False)
    feeds: pd.DataFrame = field(repr=False)
    as_of: pd.Timestamp

    def of_families(self, family_ids: Iterable[str]) -> "Month":
        """The same month with the members of these families alone, whose rows alone are then gathered."""
        members = self.family_members[self.family_members["family_id"].isin(list(family_ids))]
        return replace(self, family_members=members)


@dataclass(frozen=True)
class Gathered:
    """A month's facts in DuckDB's memory, and the rows that they came from."""

    engine: duckdb.DuckDBPyConnection = field(repr=False)
    sources: Sources

    def people(self) -> pa.Array:
        """The ids of the families' members, each at the place that is its number."""
        ids = self.engine.sql("SELECT person_id FROM numbered ORDER BY person").to_arrow_table().combine_chunks()
        return ids["person_id"]

    def evidence(self) -> pa.Array:
        """The evidence of each proof that was found last, at the place that is its number; at 0 that of none."""
        ((last,),) = self.engine.sql(proof_sql.LAST).fetchall()
        return self.sources.evidence(self.engine.sql(proof_sql.SOURCES).to_arrow_table(), last=last)


@contextmanager
def gathered(month: Month, *, settings: Mapping[str, str] | None = None) -> Iterator[Gathered]:
    """The month's facts of the families' members.

    `settings` are DuckDB's own (`threads`, `memory_limit`, `temp_directory`); no result depends on them.
    """
    for feed, table in (*_READ, ATTENDANCE):
        if (feed, table) not in month.tables:
            msg = f"The table {table} of {feed} is missing: hand it over empty if never delivered."
            raise MissingTableError(msg)
    sources = Sources.of(month.tables, (*_READ, ATTENDANCE))
    # Text leaves in the form that pandas holds it in, without a copy.
    with duckdb.connect(config={"arrow_large_buffer_size": "true", **(settings or {})}) as engine:
        engine.execute("SET disabled_optimizers = $1", [_AS_WRITTEN])
        _hold(engine, "member_rows", month.family_members, ("family_id", "person_id", "role"))
        _hold(engine, "person_rows", month.persons, ("person_id", "date_of_birth"))
        _hold(engine, "record_rows", month.person_records, ("feed", "table_name", "source_id", "person_id"))
        _hold(engine, "terms", month.terms, ("academic_year", "term", "starts_on", "ends_on"))
        hold(engine, "attendance_codes", _attendance_codes())
        for key, columns in _READ.items():
            rows = pa.Table.from_pandas(sources.tables[key][list(columns)], preserve_index=False)
            engine.register("_".join(key), rows.append_column("source", sources.numbers(key)))
        attendance.hold_coded(engine, sources)
        for statement in (*fact_sql.STATEMENTS, *attendance.STATEMENTS):
            engine.execute(statement)
        yield Gathered(engine, sources)


def hold(engine: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    """Let the engine read a frame by that name, in place of one that it read by it before."""
    engine.register(name, pa.Table.from_pandas(frame, preserve_index=False))


def _hold(engine: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame, columns: Iterable[str]) -> None:
    hold(engine, name, frame[list(columns)])


def _attendance_codes() -> pd.DataFrame:
    """Each code's class; a code that is in none, or stands outside possible sessions, is left out."""
    classes = {
        "attending": words.ATTENDING_CODES,
        "authorised": words.AUTHORISED_CODES,
        "unauthorised": words.UNAUTHORISED_CODES,
    }
    rows = [(code, name) for name, codes in classes.items() for code in sorted(codes)]
    return pd.DataFrame(rows, columns=["code", "class"], dtype="string[pyarrow]")
