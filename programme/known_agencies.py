"""Which agencies know a family, and when each last had to do with it: days and counts, never what happened."""

from collections.abc import Mapping

import duckdb
import pandas as pd

from programme.facts import Tables, hold
from schemas import frames, published
from schemas.registry import PERSON_TABLES

# What counts as contact, and its day. A claim or an episode that is open goes on until its feed last spoke.
_EVENTS: Mapping[tuple[str, str], tuple[str, str, str]] = {
    ("school", "exclusions"): ("pupils", "pupil_id", "e.started_on"),
    ("police", "occurrences"): ("nominals", "nominal_id", "e.occurred_on"),
    ("police", "asb_interventions"): ("nominals", "nominal_id", "e.started_on"),
    ("mash", "referrals"): ("people", "mash_id", "e.received_on"),
    ("mash", "episodes"): ("people", "mash_id", "least(coalesce(e.ended_on, e.extract_on), $as_of)"),
    ("jobcentre", "claims"): ("claimants", "claimant_id", "least(coalesce(e.ended_on, e.extract_on), $as_of)"),
    ("jobcentre", "progress"): ("claimants", "claimant_id", "e.action_on"),
    ("nominations", "nominations"): ("nominations", "source_id", "e.nominated_on"),
}
# A school sees a child for as long as it is on the roll; other rosters only say that a person is known.
_ROLL = """
    least(r.extract_on, CASE WHEN r.enrolment_status = 'P' THEN coalesce(r.left_on, r.entry_on, r.extract_on)
        ELSE coalesce(r.left_on, r.extract_on) END)
"""

_KNOWN = """
WITH hidden AS (
    SELECT family_id FROM families WHERE protected
    UNION SELECT family_id FROM family_members SEMI JOIN (FROM persons WHERE protected) USING (person_id)
), last AS (
    SELECT feed, table_name, source_id, max(day) AS day FROM happened WHERE day <= $as_of GROUP BY ALL
), each AS (
    SELECT m.family_id, m.person_id, k.feed, k.table_name, k.source_id, p.agency, p.school,
        CASE WHEN k.table_name = 'pupils' THEN greatest(l.day, p.day) ELSE coalesce(l.day, p.day) END AS last_on,
        CASE WHEN l.day IS NULL OR k.table_name = 'pupils' AND p.day > l.day THEN 'roster' ELSE 'event' END AS contact
    FROM family_members m
    JOIN person_records k USING (person_id)
    JOIN present p USING (feed, table_name, source_id)
    LEFT JOIN last l USING (feed, table_name, source_id)
)
SELECT family_id, person_id, feed, table_name, CASE WHEN NOT hides THEN agency END AS agency,
    CASE WHEN NOT hides THEN max_by(school, (last_on, source_id)) END AS school, count(*) AS records,
    max(last_on)::TIMESTAMP_NS AS last_on, max_by(contact, (last_on, contact)) AS contact
FROM (SELECT e.*, e.family_id IN (FROM hidden) AS hides FROM each e)
GROUP BY family_id, person_id, feed, table_name, agency, hides
ORDER BY family_id, person_id, feed, table_name, agency
"""


def sightings(
    people: Mapping[str, pd.DataFrame],
    tables: Tables,
    *,
    as_of: pd.Timestamp,
    settings: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """One row for each member of a family and table that knows them, as `schemas.published.FamilySighting`.

    `people`: the published `families`, `family_members`, `persons` and `person_records`. `settings` are DuckDB's own.
    """
    with duckdb.connect(config=dict(settings or {})) as engine:
        for name in ("families", "family_members", "persons", "person_records"):
            hold(engine, name, people[name])
        for feed, table in {*PERSON_TABLES, *_EVENTS}:
            hold(engine, f"{feed}_{table}", tables[feed, table])
        day = {"as_of": as_of.to_pydatetime()}
        happened, present = (" UNION ALL ".join(parts) for parts in (_happened(), _present()))
        engine.execute(f"CREATE TABLE happened AS {happened}", day)
        engine.execute(f"CREATE TABLE present AS {present}")
        return frames.conform(engine.execute(_KNOWN, day).df(), published.FamilySighting)


def _happened() -> list[str]:
    return [
        f"SELECT '{feed}' AS feed, '{roster}' AS table_name, e.{person} AS source_id, {day} AS day "
        f"FROM {feed}_{table} e WHERE e.{person} IS NOT NULL"
        for (feed, table), (roster, person, day) in _EVENTS.items()
    ]


def _present() -> list[str]:
    """Each record of a person, with the day of which its roster speaks."""
    parts = []
    for feed, table in PERSON_TABLES:
        day = _ROLL if table == "pupils" else "r.extract_on"
        agency = "r.agency" if table == "nominations" else "NULL::VARCHAR"
        school = "coalesce(r.school_name, r.school_urn)" if table == "pupils" else "NULL::VARCHAR"
        parts.append(
            f"SELECT '{feed}' AS feed, '{table}' AS table_name, r.source_id, {day} AS day, {agency} AS agency, "
            f"{school} AS school FROM {feed}_{table} r"
        )
    return parts
