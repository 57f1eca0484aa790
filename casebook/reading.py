"""Everything that people decided as frames, for the next run: what stands, in the order in which it was decided."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Row, Table, select

from casebook import homes, pairs, tables
from casebook.case_files import all_cases
from casebook.ledgers import standing
from casebook.questions import Answer, binding
from schemas import casebook as models
from schemas.frames import Model, column_names, conform, empty
from schemas.published import Attachment
from schemas.vocabulary import ReviewKind

_SETTLED = frozenset({"same", "different", "together", "apart"})


def attachments(connection: Connection) -> pd.DataFrame:
    """The families taken on, a row for each case, under the ids that they were taken on with."""
    return _frame([vars(case) for case in all_cases(connection)], Attachment)


def activity(connection: Connection) -> pd.DataFrame:
    """What was done with families: family_id, done_on, kind."""
    families = {case.case_id: case.family_id for case in all_cases(connection)}
    rows = connection.execute(standing(tables.activities)).all()
    known = [_said(row) | {"family_id": families[row.case_id]} for row in rows if row.case_id in families]
    return _frame(known, models.Activity)


def decisions(connection: Connection) -> pd.DataFrame:
    """What binds of pairs of records, the newest last, without what settles nothing."""
    return _decided(connection, tables.pair_decisions, pairs.KEY, models.CasebookDecision)


def household_decisions(connection: Connection) -> pd.DataFrame:
    """What binds of two people each, `together` or `apart`, the newest last."""
    return _decided(connection, tables.home_decisions, homes.KEY, models.HouseholdDecision)


def family_confirmations(connection: Connection) -> pd.DataFrame:
    """Who was said to belong to a family, or not to, the newest last."""
    key = ("family_id", "person_id")
    rows = binding(connection, tables.family_confirmations, key).values()
    return _frame([_said(row) for row in _by_number(rows)], models.FamilyConfirmation)


def claim_steps(connection: Connection) -> pd.DataFrame:
    """Every step taken with a claim, in order."""
    names, table = _names(connection), tables.claim_steps
    rows = connection.execute(select(table).order_by(table.c.sequence))
    return _frame([_said(row, names) for row in rows], models.CasebookClaimStep)


def answers(connection: Connection) -> pd.DataFrame:
    """The answer that stands for each question, also where it settles nothing: `schemas.casebook.Answered`."""
    names = _names(connection)
    said = [
        _answer(ReviewKind.PAIR, "|".join(key[:3]), "|".join(key[3:]), each)
        for key, each in pairs.all_bound(connection).items()
    ]
    couples = homes.all_bound(connection).items()
    said += [_answer(ReviewKind.HOUSEHOLD, left, right, each) for (left, right), each in couples]
    named = [row | {"decided_by": names[str(row["decided_by"])]} for row in said]
    return _frame(named, models.Answered)


def pairs_touched(connection: Connection, *, since: datetime | None = None) -> list[tuple[str, str]]:
    """The pairs of records, each as `feed|table|key`, of which anything was decided or withdrawn since a moment."""
    rows = _touched(connection, tables.pair_decisions, since)
    left = ["|".join((row.left_feed, row.left_table, row.left_id)) for row in rows]
    right = ["|".join((row.right_feed, row.right_table, row.right_id)) for row in rows]
    return sorted(set(zip(left, right, strict=True)))


def couples_touched(connection: Connection, *, since: datetime | None = None) -> list[tuple[str, str]]:
    """The two people each of whose home anything was decided or withdrawn since a moment, by their ids of that time."""
    rows = _touched(connection, tables.home_decisions, since)
    return sorted({(row.left_person_id, row.right_person_id) for row in rows})


def members_touched(connection: Connection, *, since: datetime | None = None) -> list[tuple[str, str]]:
    """The people, each with the family, of whom anybody said, or took back, since a moment that they are of it or not.

    By the ids of that time.
    """
    rows = _touched(connection, tables.family_confirmations, since)
    return sorted({(row.person_id, row.family_id) for row in rows})


def _touched(connection: Connection, table: Table, since: datetime | None) -> list[Row[Any]]:
    """The decisions of a ledger that were made or withdrawn since."""
    recent = [] if since is None else [table.c.decided_at > since]
    withdrawn = select(table.c.withdraws).where(table.c.withdraws.is_not(None), *recent)
    made = table.c.decided_at > since if since is not None else table.c.sequence.is_not(None)
    meant = table.c.withdraws.is_(None) & (made | table.c.sequence.in_(withdrawn))
    return list(connection.execute(select(table).where(meant)))


def _decided(connection: Connection, table: Table, key: tuple[str, ...], model: Model) -> pd.DataFrame:
    names = _names(connection)
    settled = [row for row in binding(connection, table, key).values() if row.decision in _SETTLED]
    return _frame([_said(row, names) for row in _by_number(settled)], model)


def _by_number(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    return sorted(rows, key=lambda row: int(row.sequence))


def _answer(kind: ReviewKind, left: str, right: str, said: Answer) -> dict[str, object]:
    at = said.decided_at.astimezone(UTC).replace(tzinfo=None)
    smaller, greater = sorted((left, right))
    return vars(said) | {"kind": kind.value, "left": smaller, "right": greater, "decided_at": at}


def _said(row: Row[Any], names: Mapping[str, str] | None = None) -> dict[str, object]:
    """A row's columns; the day of a decision is that of UTC, and whoever made it goes by their user name."""
    said: dict[str, Any] = {**row._mapping}  # noqa: SLF001 - SQLAlchemy's public name
    day = said["decided_at"].astimezone(UTC).date()
    return said | {"decided_on": day, "decided_by": (names or {}).get(said["decided_by"], said["decided_by"])}


def _names(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(tables.users.c.user_id, tables.users.c.username))
    return {row.user_id: row.username for row in rows}


def _frame(rows: list[dict[str, Any]], model: Model) -> pd.DataFrame:
    if not rows:
        return empty(model)
    names = column_names(model)
    return conform(pd.DataFrame([[row.get(name) for name in names] for row in rows], columns=names), model)
