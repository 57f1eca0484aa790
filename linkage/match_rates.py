"""How many records of each feed were found in another agency's too, by group, and what hinders those that were not.

A record that stands alone is not a fault: most pupils are unknown to the police. A group that is found much less often
than others in the same table may be served worse, and is worth a look.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa

from linkage.name_origins import name_origins
from schemas.vocabulary import MatchGrouping

# Of a record `d`, as of the day $as_of.
AGE_BAND = """
CASE WHEN d.date_of_birth IS NULL THEN 'not known'
        WHEN date_add(d.date_of_birth, INTERVAL 11 YEAR) > $as_of THEN 'under 11'
        WHEN date_add(d.date_of_birth, INTERVAL 18 YEAR) > $as_of THEN '11 to 17'
        WHEN date_add(d.date_of_birth, INTERVAL 25 YEAR) > $as_of THEN '18 to 24'
        WHEN date_add(d.date_of_birth, INTERVAL 45 YEAR) > $as_of THEN '25 to 44'
        ELSE '45 and over' END
""".strip()

_RECORDS = f"""
CREATE TABLE records AS
SELECT r.feed, r.table_name, r.source_id, p.feeds > 1 AS is_matched,
    d.date_of_birth IS NULL AS lacks_birth_date,
    d.address IS NULL AND d.postcode IS NULL AND NOT d.address_withheld AS lacks_address,
    q.source_id IS NOT NULL AS is_asked,
    coalesce(d.sex, 'not known') AS sex,
    coalesce(g.ethnicity, 'not known') AS ethnicity,
    coalesce(n.name_origin, 'not known') AS name_origin,
    {AGE_BAND} AS age,
    coalesce(w.ward, 'not known') AS ward
FROM person_records r
JOIN persons p USING (person_id)
JOIN record_details d USING (feed, table_name, source_id)
LEFT JOIN ethnicities g USING (feed, table_name, source_id)
LEFT JOIN origins n USING (feed, table_name, source_id)
LEFT JOIN (
    SELECT person_id, min(h.ward) AS ward FROM household_members m JOIN households h USING (household_id)
    WHERE m.to_on IS NULL AND NOT h.protected GROUP BY person_id
) w USING (person_id)
LEFT JOIN (
    SELECT left_feed AS feed, left_table AS table_name, left_id AS source_id FROM links WHERE decision = 'review'
    UNION
    SELECT right_feed, right_table, right_id FROM links WHERE decision = 'review'
) q USING (feed, table_name, source_id)
"""

# The first that holds is the reason given: without a birth date, hardly anything else could have settled it.
_WHY = """
CASE WHEN is_asked THEN 'a question about it is open'
    WHEN lacks_birth_date THEN 'it has no birth date'
    WHEN lacks_address THEN 'it has no address'
    ELSE 'no other agency has a record like it' END
"""

_GROUPINGS = tuple(MatchGrouping)


@dataclass(frozen=True)
class MonthTables:
    """The month's tables that rates are reckoned from; `ethnicities`: feed, table_name, source_id, ethnicity."""

    person_records: pd.DataFrame
    persons: pd.DataFrame
    record_details: pd.DataFrame
    links: pd.DataFrame
    households: pd.DataFrame
    household_members: pd.DataFrame
    ethnicities: pd.DataFrame


def match_rates(tables: MonthTables, *, as_of: pd.Timestamp, settings: Mapping[str, str] | None = None) -> pd.DataFrame:
    """One row for each feed's table and group: feed, table_name, grouping, group_name, records, matched.

    `grouping` is all, sex, age, ethnicity, name_origin (see name_origins), ward, or unmatched: of the records not found
    in another feed, how many for which reason. Sorted.
    """
    with duckdb.connect(config=dict(settings or {})) as connection:
        for name, frame in vars(tables).items():
            connection.register(name, pa.Table.from_pandas(frame, preserve_index=False))
        connection.register("origins", pa.Table.from_pandas(origins_of(tables.record_details), preserve_index=False))
        connection.execute(_RECORDS, {"as_of": as_of.to_pydatetime()})
        found = connection.execute(" UNION ALL ".join(map(_counted, _GROUPINGS)) + " ORDER BY ALL").to_arrow_table()
    text, whole = pd.StringDtype("pyarrow"), pd.Int64Dtype()
    return pd.DataFrame(found.to_pandas(types_mapper={pa.string(): text, pa.int64(): whole}.get))


def origins_of(record_details: pd.DataFrame) -> pd.DataFrame:
    """feed, table_name, source_id and name_origin of each record."""
    origin = name_origins(record_details["forename"], record_details["surname"])
    return record_details[["feed", "table_name", "source_id"]].assign(name_origin=origin.array)


def _counted(grouping: str) -> str:
    group = {"all": "'all'", "unmatched": _WHY}.get(grouping, grouping)
    kept = "WHERE NOT is_matched" if grouping == MatchGrouping.UNMATCHED else ""
    return f"""
        SELECT feed, table_name, '{grouping}' AS grouping, {group} AS group_name, count(*) AS records,
            count(*) FILTER (WHERE is_matched) AS matched
        FROM records {kept} GROUP BY ALL
    """
