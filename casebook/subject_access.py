"""All that the casebook holds on one person, for their own request: every row that names them, withdrawn ones too."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, false, or_, select, tuple_

from casebook.pairs import RecordKey
from casebook.tables import LEDGERS, cases

_RECORDS = (("left_feed", "left_table", "left_id"), ("right_feed", "right_table", "right_id"))
_PEOPLE = ("left_person_id", "right_person_id", "person_id")


@dataclass(frozen=True)
class Subject:
    """A person by their records, by the ids that they bear or bore, and by those of their families."""

    records: Collection[RecordKey] = ()
    person_ids: Collection[str] = ()
    family_ids: Collection[str] = ()
    claim_ids: Collection[str] = ()


def rows_about(connection: Connection, subject: Subject) -> dict[str, list[dict[str, object]]]:
    """By ledger, the rows about the person or the work with their families, and their withdrawals; ready for JSON."""
    found = {table.name: _rows(connection, table, subject) for table in LEDGERS}
    return {name: rows for name, rows in found.items() if rows}


def _rows(connection: Connection, table: Table, subject: Subject) -> list[dict[str, object]]:
    meant = select(table.c.sequence).where(_names(table, subject))
    both = table.c.sequence.in_(meant) | table.c.withdraws.in_(meant)
    rows = connection.execute(select(table).where(both).order_by(table.c.sequence)).mappings()
    return [{name: _plain(value) for name, value in row.items() if value is not None} for row in rows]


def _names(table: Table, subject: Subject) -> ColumnElement[bool]:
    keys = [(each.feed, each.table, each.id) for each in subject.records]
    columns = table.c
    asked: list[ColumnElement[bool]] = [
        tuple_(*(columns[name] for name in side)).in_(keys) for side in _RECORDS if keys and side[0] in columns
    ]
    asked += [columns[name].in_(subject.person_ids) for name in _PEOPLE if name in columns]
    if "family_id" in columns:
        asked.append(columns.family_id.in_(subject.family_ids))
    elif "case_id" in columns:
        mine = select(cases.c.case_id).where(cases.c.family_id.in_(subject.family_ids))
        asked.append(columns.case_id.in_(mine))
    if "claim_id" in columns:
        asked.append(columns.claim_id.in_(subject.claim_ids))
    return or_(false(), *asked)


def _plain(value: Any) -> object:
    return value.isoformat() if isinstance(value, datetime | date) else value
