"""Two months set beside each other: what of them can differ is read, and the differences are traced."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from assets.casebook import couples_decided, members_decided
from assets.identity import events_until
from assets.partitions import as_of
from assets.snapshots import OlderMonthError
from assets.store import Store
from feeds.contents import contents
from feeds.holdings import held_table
from linkage.by_people import moved, placed
from linkage.enrolment import is_previous
from linkage.identity_events import ids_now
from linkage.stay_history import changed_address
from programme.differences import Decided, Rows, Snapshot, differences
from programme.tracing import PLACE, evidence_rows
from schemas.frames import empty
from schemas.published import MonthChange

# `early` and `late` are the two months' databases. What is the same in both is not read.
_TURNED = """
CREATE TEMP TABLE turned AS
SELECT family_id, criterion_id FROM early.needs b FULL JOIN late.needs a USING (family_id, criterion_id)
WHERE b.state IS DISTINCT FROM a.state
"""
_CIRCLE = """
CREATE TEMP TABLE circle AS
WITH concerned AS (
    SELECT family_id FROM turned
    UNION SELECT family_id FROM early.families b FULL JOIN late.families a USING (family_id)
        WHERE b.household_id IS NULL OR a.household_id IS NULL
    UNION SELECT family_id FROM early.family_members b FULL JOIN late.family_members a USING (family_id, person_id)
        WHERE b.role IS NULL OR a.role IS NULL
    UNION FROM moved
    UNION SELECT family_id FROM early.cohort b FULL JOIN late.cohort a USING (family_id)
        WHERE coalesce(b.is_identified, false) <> coalesce(a.is_identified, false)
), members AS (FROM early.family_members UNION FROM late.family_members),
people AS (SELECT person_id FROM members SEMI JOIN concerned USING (family_id))
FROM concerned UNION SELECT family_id FROM members SEMI JOIN people USING (person_id)
"""
# Where each family lives, of those who do not hide.
_LIVES = """
SELECT family_id AS household_id, uprn, postcode FROM {side}.families f JOIN {side}.households h USING (household_id)
WHERE NOT coalesce(f.protected, false) AND NOT coalesce(h.protected, false)
"""
_PEOPLE = """
CREATE TEMP TABLE people AS
SELECT person_id FROM early.family_members SEMI JOIN circle USING (family_id)
UNION SELECT person_id FROM late.family_members SEMI JOIN circle USING (family_id)
"""
_RECORDS = """
CREATE TEMP TABLE records AS
SELECT feed, table_name, source_id FROM early.person_records SEMI JOIN people USING (person_id)
UNION SELECT feed, table_name, source_id FROM late.person_records SEMI JOIN people USING (person_id)
"""
_DECIDED = """
WITH said AS (
    SELECT left_feed, left_table, left_id, right_feed, right_table, right_id, decision FROM late.links
    WHERE decided_by = 'clerical'
    EXCEPT
    SELECT left_feed, left_table, left_id, right_feed, right_table, right_id, decision FROM early.links
    WHERE decided_by = 'clerical'
)
SELECT
    concat_ws('|', left_feed, left_table, left_id) AS "left",
    concat_ws('|', right_feed, right_table, right_id) AS "right"
FROM said
"""
_WHOSE = "SELECT concat_ws('|', feed, table_name, source_id) AS key, person_id AS id FROM {side}.person_records"
_WITH_WHOM = """
SELECT person_id AS key, household_id AS id FROM {side}.household_members WHERE to_on IS NULL
UNION ALL SELECT person_id, family_id FROM {side}.family_members
"""
_MEMBERS = "SELECT person_id AS key, family_id AS id FROM {side}.family_members"
_NAMED = 'SELECT * FROM ({told}) WHERE key IN (SELECT "left" FROM pairs UNION ALL SELECT "right" FROM pairs)'
_READ = {
    "run": "FROM {side}.run",
    "deliveries": "FROM {side}.deliveries",
    "families": "FROM {side}.families SEMI JOIN circle USING (family_id)",
    "family_members": "FROM {side}.family_members SEMI JOIN circle USING (family_id)",
    "household_members": "FROM {side}.household_members SEMI JOIN people USING (person_id) WHERE to_on IS NULL",
    "persons": "SELECT person_id, date_of_birth FROM {side}.persons SEMI JOIN people USING (person_id)",
    "cohort": "FROM {side}.cohort SEMI JOIN circle USING (family_id)",
    "needs": "FROM {side}.needs SEMI JOIN turned USING (family_id, criterion_id)",
    "person_records": "FROM {side}.person_records SEMI JOIN records USING (feed, table_name, source_id)",
}
_WITH_PRINTS = " LEFT JOIN {side}.record_details USING (feed, table_name, source_id)"
_PRINTED = "SELECT feed, table_name, source_id, person_id, fingerprint "


@dataclass(frozen=True)
class Side:
    """A month and the database that holds it, be it published or in the making."""

    month: str
    file: Path


def compare(store: Store, before: Side, after: Side) -> pd.DataFrame:
    """What changed from one month to the other, as `schemas.published.MonthChange`.

    Raises OlderMonthError where other software published one of them, without what is compared.
    """
    if before.file == after.file:
        return empty(MonthChange)
    try:
        return _compared(store, before, after)
    except (duckdb.BinderException, duckdb.CatalogException):
        told = (
            f"{before.month} and {after.month} were published by different versions of Hearth, and the older of them "
            "lacks what is compared. Make it anew from its deliveries: hearth run --month, with its name"
        )
    raise OlderMonthError(told)


def _compared(store: Store, before: Side, after: Side) -> pd.DataFrame:
    with _beside(store, before, after) as both:
        early_homes, late_homes = (both.execute(_LIVES.format(side=side)).df() for side in ("early", "late"))
        at_other_homes = sorted(changed_address(late_homes, early_homes))
        both.execute(
            "CREATE TEMP TABLE moved AS SELECT unnest($moved::VARCHAR[]) AS family_id", {"moved": at_other_homes}
        )
        for statement in (_TURNED, _CIRCLE, _PEOPLE, _RECORDS):
            both.execute(statement)
        early, late = (_snapshot(both, name, side) for name, side in (("early", before), ("late", after)))
        decided = _decided(store, both, early, late)
    return differences(early, late, decided=decided, rows=_rows(store, early, late), moved=at_other_homes)


def _decided(store: Store, both: duckdb.DuckDBPyConnection, early: Snapshot, late: Snapshot) -> Decided:
    """The records and the people whom a decision between the two runs has moved; one that confirms moves nobody."""
    first, second = sorted([early, late], key=lambda side: side.month)
    begun = [side.tables["run"]["started_at"].iloc[0].to_pydatetime().replace(tzinfo=UTC) for side in (first, second)]
    couples, members = (_between(read, store, begun) for read in (couples_decided, members_decided))
    records = _moved(both, both.execute(_DECIDED).df(), _WHOSE)
    people = _moved(both, couples, _WITH_WHOM)
    if len(members):
        newest = both.execute(f"FROM {'late' if second is late else 'early'}.identity_events").df()
        events = pd.concat([events_until(store, second.month), newest], ignore_index=True)
        people |= _placed(both, members, events)
    keys = pd.DataFrame([key.split("|", 2) for key in sorted(records)], columns=PLACE)
    return Decided(keys, frozenset(people))


def _between(read: Callable[[Store, datetime], pd.DataFrame], store: Store, begun: list[datetime]) -> pd.DataFrame:
    """What was decided since the one moment and not since the other."""
    since, after = (read(store, moment) for moment in begun)
    return since[~pd.MultiIndex.from_frame(since).isin(pd.MultiIndex.from_frame(after))]


def _placed(both: duckdb.DuckDBPyConnection, members: pd.DataFrame, events: pd.DataFrame) -> set[str]:
    """Which people (`key`, and the family's `id`) came to it or left it, by the ids that `events` lead to."""
    told = (both.execute(_MEMBERS.format(side=side)).df() for side in ("early", "late"))
    said, *states = (frame.apply(lambda ids: ids_now(events, ids)) for frame in (members, *told))
    return placed(said, *states)


def _moved(both: duckdb.DuckDBPyConnection, pairs: pd.DataFrame, told: str) -> set[str]:
    """Whom of the pairs the two months tell otherwise; `told` asks a month for the ids that keys stand under."""
    both.register("pairs", pa.Table.from_pandas(pairs, preserve_index=False))
    return moved(pairs, *(both.execute(_NAMED.format(told=told.format(side=side))).df() for side in ("early", "late")))


@contextmanager
def _beside(store: Store, before: Side, after: Side) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config=dict(store.engine_settings)) as both:
        for name, side in (("early", before), ("late", after)):
            # ATTACH takes no parameter for its path, so quotes in a folder's name are doubled.
            quoted = str(side.file).replace("'", "''")
            both.execute(f"ATTACH '{quoted}' AS {name} (READ_ONLY)")
        yield both


def _snapshot(both: duckdb.DuckDBPyConnection, name: str, side: Side) -> Snapshot:
    queries = dict(_READ)
    if _has_details(both, name):
        queries["person_records"] = _PRINTED + _READ["person_records"] + _WITH_PRINTS
    tables = {table: both.execute(query.format(side=name)).df() for table, query in queries.items()}
    return Snapshot(side.month, as_of(side.month), tables)


def _has_details(both: duckdb.DuckDBPyConnection, name: str) -> bool:
    query = "SELECT count(*) FROM duckdb_tables() WHERE database_name = $name AND table_name = 'record_details'"
    found = both.execute(query, {"name": name}).fetchone()
    return found is not None and bool(found[0])


def _rows(store: Store, early: Snapshot, late: Snapshot) -> Rows:
    """What the rows that turned needs rest on say as of both months."""
    needs = [month.tables["needs"] for month in (early, late)]
    rested = {row for frame in needs for evidence in frame["evidence"].unique() for row in evidence_rows(evidence)}
    wanted = pd.DataFrame(sorted(rested), columns=PLACE)
    with store.connect(store.feeds_file, read_only=True) as held:
        before, after = (contents(held, month.month, wanted) for month in (early, late))
        later = max(early, late, key=lambda side: side.month)
        pupils = held_table(held, later.month, "school", "pupils")
    gone = (pupils["left_on"] <= later.as_of).to_numpy(bool) | is_previous(pupils)
    return Rows(before, after, frozenset(pupils.loc[gone, "source_id"].astype(str)))
