"""The store: where everything that Hearth keeps lies, who may write to it, and how a month is published.

received/<sha256>.<form>     each delivered file as it came
feeds.duckdb                 accepted rows of every month
work/<month>.duckdb          the tables of a month while it is made
published/<month>.duckdb     the finished month; published/current names the newest
casebook/                    what people decide: casebook.db, and attachments.csv, decisions.csv, claims.csv
models/                      the matching models that have made a month, and how each one's tables are blocked
matching/                    the newest matching, from which the next one begins
samples/                     pairs drawn to be read by people, with names: delete the sheets once they are read
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from assets.settings import Settings
from casebook.opening import sqlite_url

_MONTH_FILE = re.compile(r"^\d{4}-\d{2}\.duckdb$")
# How DuckDB says that another process has a database open, on Linux and macOS and on Windows.
_TAKEN = re.compile(r"Could not set lock|used by another process")
_PATIENCE = 60.0  # seconds that a step of a run, or a command that reads, waits for the other to end
_PAUSE = 0.1


class StoreBusyError(RuntimeError):
    """Another run is writing to the store, or another process has one of its databases open."""


class Store:
    """Paths below one root, made as they are needed."""

    def __init__(
        self, root: Path, *, threads: int = 2, memory_limit: str = "4GB", casebook_url: str | None = None
    ) -> None:
        self.root = root
        self.casebook_url = casebook_url or sqlite_url(root / "casebook" / "casebook.db")
        self.threads = threads
        self.memory_limit = memory_limit

    @property
    def received(self) -> Path:
        """Where delivered files are kept as received."""
        return self._folder("received")

    @property
    def casebook(self) -> Path:
        """Where people's decisions are read from."""
        return self._folder("casebook")

    @property
    def models(self) -> Path:
        """The matching models that have made a month."""
        return self._folder("models")

    @property
    def matching(self) -> Path:
        """The newest matching, there or not."""
        return self._folder(".") / "matching"

    @property
    def samples(self) -> Path:
        """Pairs of records drawn to be read by people."""
        return self._folder("samples")

    @property
    def scratch(self) -> Path:
        """Where databases in memory may spill; personal data stays below the store."""
        return self._folder("scratch")

    @property
    def feeds_file(self) -> Path:
        """The database of accepted rows."""
        return self._folder(".") / "feeds.duckdb"

    @property
    def engine_settings(self) -> dict[str, str]:
        """How a database in memory is to behave: the settings' threads and memory, spilling below the store."""
        limits = {"threads": str(self.threads), "memory_limit": self.memory_limit}
        return {**limits, "temp_directory": str(self.scratch)}

    def work_file(self, month: str) -> Path:
        """The database of a month in the making."""
        return self._folder("work") / f"{month}.duckdb"

    def published_file(self, month: str) -> Path:
        """The snapshot of a finished month, there or not."""
        return self.root / "published" / f"{month}.duckdb"

    def months(self) -> list[str]:
        """The published months, oldest first."""
        files = (self.root / "published").glob("*.duckdb")
        return sorted(file.stem for file in files if _MONTH_FILE.match(file.name))

    def current(self) -> str | None:
        """The newest published month, as `published/current` names it."""
        pointer = self.root / "published" / "current"
        return pointer.read_text("utf-8").strip() if pointer.is_file() else None

    def month_before(self, month: str) -> str | None:
        """The nearest published month before this one."""
        return max((other for other in self.months() if other < month), default=None)

    def month_after(self, month: str) -> str | None:
        """The nearest published month after this one."""
        return min((other for other in self.months() if other > month), default=None)

    @contextmanager
    def connect(self, file: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open one of the store's databases, within the settings' threads and memory.

        Where another process has it open, a while is waited; then StoreBusyError is raised.
        """
        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": self.threads,
            "memory_limit": self.memory_limit,
            "temp_directory": str(self.scratch if not read_only else self.root / "scratch"),
        }
        connection = _opened(file, config, read_only=read_only)
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def writing(self) -> Iterator["Store"]:
        """Hold the store for one writer; raises StoreBusyError where another holds it."""
        lock = FileLock(self._folder(".") / "writing.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            message = f"Another run is writing to {self.root}. Wait until it has ended, then run the month again."
            raise StoreBusyError(message) from None
        try:
            yield self
        finally:
            lock.release()

    def publish(self, month: str) -> Path:
        """Copy the month's tables into its snapshot and swap it in; `current` moves last and never backwards."""
        target = self.published_file(month)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(".new")
        _remove(fresh)
        self._copy(self.work_file(month), fresh)
        flush(fresh)
        fresh.replace(target)
        if month >= (self.current() or ""):
            self._point_to(month)
        return target

    def _copy(self, source: Path, target: Path) -> None:
        # ATTACH takes no parameter for its path, so quotes in a folder's name are doubled.
        with self.connect(target) as connection:
            quoted = str(source).replace("'", "''")
            connection.execute(f"attach '{quoted}' as work (read_only)")
            connection.execute(f'copy from database work to "{_catalog(connection)}"')
            connection.execute("detach work")
            connection.execute("checkpoint")

    def _point_to(self, month: str) -> None:
        pointer = self.root / "published" / "current"
        fresh = pointer.with_name("current.new")
        fresh.write_text(f"{month}\n", "utf-8")
        flush(fresh)
        fresh.replace(pointer)

    def _folder(self, name: str) -> Path:
        folder = self.root / name
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder


def _opened(
    file: Path, config: dict[str, str | bool | int | float | list[str]], *, read_only: bool
) -> duckdb.DuckDBPyConnection:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return duckdb.connect(str(file), read_only=read_only, config=config)
        except duckdb.IOException as error:
            if not _TAKEN.search(str(error)):
                raise
            if time.monotonic() >= until:
                message = f"Another process has {file} open. Wait until it has ended, then try again."
                raise StoreBusyError(message) from None
        time.sleep(_PAUSE)


def open_store(settings: Settings) -> Store:
    """The store that the settings name."""
    return Store(
        settings.store,
        threads=settings.threads,
        memory_limit=settings.memory_limit,
        casebook_url=settings.casebook.get_secret_value(),
    )


def _catalog(connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute("select current_database()").fetchone()
    if row is None:
        raise RuntimeError("the database did not name itself")
    return str(row[0]).replace('"', '""')


def flush(file: Path) -> None:
    """Wait until what was written to a file is on the disk."""
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(file: Path) -> None:
    for leftover in (file, file.with_name(f"{file.name}.wal")):
        leftover.unlink(missing_ok=True)
