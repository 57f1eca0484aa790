"""What was decided or recorded stays: the database refuses to change it, whoever asks."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from casebook import audit, claims, events
from casebook.claims import PublishedClaim
from casebook.columns import METADATA
from casebook.tables import LEDGERS, claim_steps
from casebook.tables import audit as trail
from schemas.vocabulary import ClaimStatus

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
KEPT = [table.name for table in (*LEDGERS, trail)]


@pytest.fixture
def a_row_of_each(book, says):
    """Bare rows: what they say matters to nobody here."""
    signed = says("ash").signature
    with book.begin() as connection:
        for table in LEDGERS:
            signing = {"decided_by": signed.user_id, "decided_at": signed.at}
            own = [each for each in table.columns if each.name not in {"sequence", "withdraws", *signing}]
            values = {column.name: _any(column) for column in own}
            case = {"case_id": "K1"} if "case_id" in values else {}
            connection.execute(insert(table).values(values | case | signing | {"sequence": 1}))
        audit.record(connection, events.AuditRead(0), signed)


def _any(column):
    kind = column.type.python_type
    return {str: "x", bool: True, date: NOW.date()}[kind]


def rows(book, name):
    table = METADATA.tables[name]
    with book.reading() as connection:
        return connection.execute(select(table).order_by(table.c.sequence)).all()


def execute(book, *statements):
    with book.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def refused(book, *statements):
    with pytest.raises(DBAPIError, match="only added"):
        execute(book, *statements)


@pytest.mark.parametrize("name", KEPT)
def test_no_row_is_changed_or_deleted(book, a_row_of_each, name):
    before = rows(book, name)
    assert before
    column = "event" if name == "audit" else "reason"
    refused(book, f"update {name} set {column} = 'another'")
    refused(book, f"delete from {name}")
    assert rows(book, name) == before


@pytest.mark.parametrize("name", KEPT)
def test_no_row_is_put_in_the_place_of_another_and_no_table_emptied(book, a_row_of_each, name):
    before = rows(book, name)
    if book.engine.dialect.name == "sqlite":
        replacing = f"insert or replace into {name} select * from {name} where sequence = 1"
        refused(book, replacing)
        # Another program would not have asked for triggers to see replacements.
        execute(book, "pragma recursive_triggers = off")
        refused(book, replacing)
    else:
        refused(book, f"truncate {name} cascade")
    assert rows(book, name) == before


def test_a_row_lacking_what_it_decides_is_refused(book, users):
    signing = {"decided_by": users["ash"].user_id, "decided_at": NOW}
    with pytest.raises(DBAPIError, match="complete"), book.begin() as connection:
        connection.execute(insert(claim_steps).values(claim_id="C1", **signing))


def test_numbers_are_never_given_twice_though_a_transaction_fails(book, says):
    claim = PublishedClaim("C1", "2026-10")

    def half_done():
        with book.begin() as connection:
            claims.take(connection, claim, ClaimStatus.CHECKED, says("ash"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    with book.begin() as connection:
        number = claims.take(connection, claim, ClaimStatus.CHECKED, says("birch"))
        assert connection.scalar(select(func.max(claim_steps.c.sequence))) == number
        assert [step.decided_by for step in claims.steps(connection, "C1")] == [says("birch").signature.user_id]
