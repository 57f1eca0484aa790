"""A casebook is opened, made and brought up to date, by one or by many at once."""

import multiprocessing
import stat
import traceback
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from casebook.columns import METADATA
from casebook.errors import CasebookUnreachableError
from casebook.opening import find_casebook, migrations, open_casebook, sqlite_url
from casebook.tables import LEDGERS, plans


def differences(connection):
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return compare_metadata(context, METADATA)


def checks(connection):
    found = inspect(connection)
    return {(table, each["name"]) for table in METADATA.tables for each in found.get_check_constraints(table)}


def test_the_migrations_make_exactly_the_tables_that_the_code_knows(book):
    with book.begin() as connection:
        assert differences(connection) == []
        assert checks(connection) == {(table.name, f"ck_{table.name}_complete") for table in LEDGERS}


def test_the_migrations_go_down_to_nothing_and_up_again(book):
    with book.begin() as connection:
        command.downgrade(migrations(connection), "base")
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
        command.upgrade(migrations(connection), "head")
        assert differences(connection) == []


def test_a_migration_that_fails_leaves_nothing_behind(empty_url, monkeypatch):
    monkeypatch.setattr("casebook.opening.provide_key", lambda _connection: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        open_casebook(empty_url)
    assert find_casebook(empty_url) is None
    monkeypatch.undo()
    book = open_casebook(empty_url)
    with book.begin() as connection:
        assert differences(connection) == []
    book.close()


def opened(url, gate, answers):
    gate.wait()
    try:
        book = open_casebook(url)
        with book.reading() as connection:
            answers.put(connection.scalar(text("select version_num from alembic_version")))
        book.close()
    except Exception as error:
        answers.put(repr(error))


def test_several_processes_that_open_a_new_casebook_at_once_take_turns(empty_url):
    processes = multiprocessing.get_context("fork")
    gate, answers = processes.Barrier(4), processes.Queue()
    openers = [processes.Process(target=opened, args=(empty_url, gate, answers)) for _ in range(4)]
    for each in openers:
        each.start()
    said = [answers.get(timeout=60) for _ in openers]
    for each in openers:
        each.join()
    assert said == ["0002"] * 4


def test_the_file_and_what_sqlite_puts_beside_it_are_their_owners_alone(tmp_path):
    file = tmp_path / "store" / "casebook" / "casebook.db"
    book = open_casebook(sqlite_url(file))
    with book.begin() as connection:
        connection.execute(text("insert into secrets values ('other', 'x')"))
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}
    assert modes == dict.fromkeys(("casebook.db", "casebook.db-wal", "casebook.db-shm"), 0o600)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    book.close()


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path):
    file = tmp_path / "casebook.db"
    file.touch(mode=0o644)
    open_casebook(sqlite_url(file)).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_looking_for_a_casebook_makes_none(empty_url):
    assert find_casebook(empty_url) is None
    if "sqlite" in empty_url:
        assert not Path(empty_url.removeprefix("sqlite:///")).parent.exists()
    open_casebook(empty_url).close()
    found = find_casebook(empty_url)
    assert found is not None
    found.close()


@pytest.mark.parametrize("url", ["mysql://host/db", "no url at all", "sqlite://", "sqlite:///:memory:"])
def test_a_url_of_no_database_that_keeps_anything_is_refused(url):
    with pytest.raises(CasebookUnreachableError, match=r"sqlite:///path/casebook\.db"):
        open_casebook(url)


def test_a_database_that_cannot_be_reached_is_told_without_its_password(tmp_path):
    with pytest.raises(CasebookUnreachableError) as refused:
        open_casebook(f"postgresql+psycopg://hearth:hunter2hunter2@/gone?host={tmp_path}")
    assert "cannot be opened" in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None
    with pytest.raises(CasebookUnreachableError):
        find_casebook(f"postgresql+psycopg://hearth:hunter2hunter2@/gone?host={tmp_path}")


def test_a_casebook_of_a_newer_version_is_left_alone_and_told_as_such(url):
    book = open_casebook(url)
    with book.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    book.close()
    with pytest.raises(CasebookUnreachableError, match="newer version of Hearth"):
        open_casebook(url)


def test_no_error_tells_what_was_written(book, users):
    # Lacks its day: PostgreSQL would quote the whole row.
    wrong = {"case_id": "K0", "aims": "Orlando at school", "decided_by": users["ash"].user_id}
    with pytest.raises(DBAPIError) as refused, book.begin() as connection:
        connection.execute(plans.insert().values(decided_at=datetime(2026, 1, 1, tzinfo=UTC), **wrong))
    told = "".join(traceback.format_exception(refused.value))
    assert "ck_plans_complete" in told
    assert "Orlando" not in told


def test_a_file_that_is_no_database_is_told_as_such(tmp_path):
    file = tmp_path / "casebook.db"
    file.write_bytes(b"not a database " * 100)
    with pytest.raises(CasebookUnreachableError, match=r"cannot be opened \(DatabaseError\)"):
        open_casebook(sqlite_url(file))


def test_a_reader_sees_one_state_while_somebody_writes(book):
    with book.reading() as reader:
        before = reader.scalar(text("select count(*) from secrets"))
        with book.begin() as writer:
            writer.execute(text("insert into secrets values ('other', 'x')"))
        assert reader.scalar(text("select count(*) from secrets")) == before
    with book.reading() as reader:
        assert reader.scalar(text("select count(*) from secrets")) == before + 1
