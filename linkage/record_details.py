"""What each record says of its person, as it was delivered: for two records to be read side by side.

Where a person or their household is protected, by any feed, nothing leaves that tells where to find them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb
import pandas as pd
import pyarrow as pa

from linkage.person_rows import TEXT, Tables
from schemas.registry import FEED_TABLES, PERSON_TABLES

_SAID = ("forename", "middle_names", "surname", "date_of_birth", "sex")
_OTHER_NAMES = ("preferred_surname", "former_surname", "alias_forename", "alias_surname")
_ADDRESS = ("address_line_1", "address_line_2", "town")
_COMPARED = (
    *_SAID,
    *_OTHER_NAMES,
    *_ADDRESS,
    *("postcode", "uprn", "protected_address", "phone", "email"),
    *("upn", "former_upn", "nino", "nhs_number", "pnc_id"),
)

# The same door by its reference, or by its first line and postcode, as `persons.protected` reckons it.
_DOOR = "lower(trim({line}) || '|' || {postcode})"

_WITHHELD = """
CREATE TABLE hidden AS
WITH sheltered AS (
    SELECT person_id FROM persons WHERE protected
    UNION
    SELECT m.person_id FROM household_members m JOIN households h USING (household_id)
    WHERE h.protected AND m.to_on IS NULL
), doors AS (SELECT DISTINCT door FROM said WHERE protected AND door IS NOT NULL),
references_ AS (
    SELECT uprn FROM said WHERE protected AND uprn IS NOT NULL
    UNION SELECT uprn FROM households WHERE protected AND uprn IS NOT NULL
)
SELECT s.feed, s.table_name, s.source_id
FROM said s
WHERE s.protected OR s.person_id IN (FROM sheltered) OR s.door IN (FROM doors) OR s.uprn IN (FROM references_)
"""

_TOLD = """
SELECT s.feed, s.table_name, s.source_id, forename, middle_names, surname, other_names,
    date_of_birth::TIMESTAMP_NS AS date_of_birth, sex,
    CASE WHEN NOT hides THEN address END AS address, CASE WHEN NOT hides THEN postcode END AS postcode,
    CASE WHEN NOT hides THEN phone END AS phone, CASE WHEN NOT hides THEN upn END AS upn,
    CASE WHEN NOT hides THEN school END AS school, extract_on::TIMESTAMP_NS AS extract_on, hides AS address_withheld,
    left(sha256($key || sha256($key || compared)), 24) AS fingerprint
FROM (
    SELECT s.*, h.source_id IS NOT NULL AS hides
    FROM said s LEFT JOIN hidden h USING (feed, table_name, source_id)
) s
ORDER BY s.feed, s.table_name, s.source_id
"""


@dataclass(frozen=True)
class People:
    """The month's people and homes as published: who is whose, and who is protected."""

    person_records: pd.DataFrame = field(repr=False)
    persons: pd.DataFrame = field(repr=False)
    households: pd.DataFrame = field(repr=False)
    household_members: pd.DataFrame = field(repr=False)


def detail(people: People, tables: Tables, *, key: str, settings: Mapping[str, str] | None = None) -> pd.DataFrame:
    """One row for each record that describes a person, in the columns of `schemas.published.RecordDetail`.

    `key` makes the fingerprints unguessable. `settings` are DuckDB's own. Records that no table holds are left out.
    """
    with duckdb.connect(config=dict(settings or {})) as engine:
        for name in ("person_records", "persons", "households", "household_members"):
            _hold(engine, name, getattr(people, name))
        for feed, table in PERSON_TABLES:
            _hold(engine, f"{feed}_{table}", tables[feed, table])
        engine.execute("CREATE TABLE said AS " + " UNION ALL ".join(_said(*key) for key in PERSON_TABLES))
        engine.execute(_WITHHELD)
        return _frame(engine.execute(_TOLD, {"key": key}).to_arrow_table())


def _said(feed: str, table: str) -> str:
    """The SELECT that reads one table, with NULL for what it does not have."""
    columns = FEED_TABLES[feed, table].to_schema().columns

    def of(name: str) -> str:
        return f"t.{name}" if name in columns else "NULL::VARCHAR"

    compared = ", chr(31), ".join(f"coalesce({of(name)}::VARCHAR, '')" for name in _COMPARED)
    others = ", ".join(of(name) for name in _OTHER_NAMES)
    address = ", ".join(of(name) for name in _ADDRESS)
    says = ", ".join(f"{of(name)} AS {name}" for name in (*_SAID, "postcode", "phone", "upn", "uprn"))
    return f"""
    SELECT r.feed, r.table_name, r.source_id, r.person_id, {says}, t.extract_on,
        nullif(concat_ws('; ', {others}), '') AS other_names, nullif(concat_ws(', ', {address}), '') AS address,
        coalesce({of("school_name")}, {of("school_urn")}) AS school, concat({compared}) AS compared,
        coalesce(t.protected_address, false) AS protected,
        {_DOOR.format(line="t.address_line_1", postcode="t.postcode")} AS door
    FROM person_records r JOIN {feed}_{table} t USING (source_id)
    WHERE r.feed = '{feed}' AND r.table_name = '{table}'
    """


def _hold(engine: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    engine.register(name, pa.Table.from_pandas(frame, preserve_index=False))


def _frame(rows: pa.Table) -> pd.DataFrame:
    kinds = {pa.string(): TEXT, pa.large_string(): TEXT, pa.bool_(): pd.BooleanDtype()}
    return pd.DataFrame(rows.to_pandas(types_mapper=kinds.get))
