import subprocess
import sys
from contextlib import contextmanager

import duckdb
import pytest

from assets import store as stores
from assets.store import Store, StoreBusyError


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def make_month(store, month, rows):
    with store.connect(store.work_file(month)) as connection:
        connection.execute("create or replace table cohort as select range as family from range(?)", [rows])


def rows_of(file):
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute("select count(*) from cohort").fetchone()[0]


def test_a_published_month_is_named_as_current_and_holds_the_tables(store):
    make_month(store, "2026-09", 3)
    file = store.publish("2026-09")
    assert (store.current(), store.months(), rows_of(file)) == ("2026-09", ["2026-09"], 3)


def test_publishing_an_older_month_again_leaves_the_newest_current(store):
    for month in ("2026-09", "2026-10", "2026-09"):
        make_month(store, month, 1)
        store.publish(month)
    assert store.current() == "2026-10"
    assert (store.month_before("2026-10"), store.month_after("2026-09")) == ("2026-09", "2026-10")


def test_a_reader_keeps_the_snapshot_that_it_has_open(store):
    make_month(store, "2026-10", 1)
    with duckdb.connect(str(store.publish("2026-10")), read_only=True) as reader:
        make_month(store, "2026-10", 5)
        store.publish("2026-10")
        assert reader.execute("select count(*) from cohort").fetchone() == (1,)
    assert rows_of(store.published_file("2026-10")) == 5


def test_a_run_that_died_while_publishing_leaves_the_month_as_it_was(store):
    make_month(store, "2026-10", 1)
    published = store.publish("2026-10")
    published.with_suffix(".new").write_bytes(b"half a file")
    assert rows_of(published) == 1
    make_month(store, "2026-10", 2)
    assert rows_of(store.publish("2026-10")) == 2


def test_a_failure_to_copy_changes_nothing_that_is_published(store):
    make_month(store, "2026-10", 1)
    published = store.publish("2026-10")
    store.work_file("2026-10").write_bytes(b"not a database")
    with pytest.raises(duckdb.Error):
        store.publish("2026-10")
    assert (rows_of(published), store.current()) == (1, "2026-10")


def test_a_second_writer_is_told_to_wait(store):
    with store.writing(), pytest.raises(StoreBusyError, match=r"Another run is writing"), Store(store.root).writing():
        pass


@contextmanager
def opened_elsewhere(file, seconds):
    said = f"import duckdb, time; c = duckdb.connect({str(file)!r}); print('open', flush=True); time.sleep({seconds})"
    with subprocess.Popen([sys.executable, "-c", said], stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        try:
            yield
        finally:
            other.kill()


@pytest.mark.parametrize("read_only", [True, False])
def test_a_database_that_another_process_has_open_is_waited_for(store, read_only):
    make_month(store, "2026-09", 3)
    file = store.work_file("2026-09")
    with opened_elsewhere(file, 1), store.connect(file, read_only=read_only) as connection:
        assert connection.execute("select count(*) from cohort").fetchone() == (3,)


def test_one_that_stays_open_elsewhere_is_told_by_its_file(store, monkeypatch):
    monkeypatch.setattr(stores, "_PATIENCE", 0.3)
    make_month(store, "2026-09", 3)
    file = store.work_file("2026-09")
    with (
        opened_elsewhere(file, 30),
        pytest.raises(StoreBusyError, match=r"Another process has .*2026-09\.duckdb open"),
        store.connect(file),
    ):
        pass


def test_the_store_is_open_to_its_owner_only(store):
    assert store.received.stat().st_mode & 0o077 == 0


def test_a_folder_with_quotes_and_spaces_can_be_a_store(tmp_path):
    store = Store(tmp_path / 'o\'hara "council"')
    make_month(store, "2026-10", 4)
    assert rows_of(store.publish("2026-10")) == 4
