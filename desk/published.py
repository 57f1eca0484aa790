"""The published month, read-only: the desk's one way to DuckDB.

Each month's file is attached to a database in memory of its own. A file that is replaced is therefore opened anew
beside the old one, which lives on until the last page that reads it is done.
"""

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from desk import family_history
from desk.errors import NoMonthError
from desk.scope import EVERYTHING_MASKED, Scope, statements
from schemas.frames import Model, sql_types
from schemas.registry import PUBLISHED_TABLES

_log = logging.getLogger("hearth.desk")
_MONTHS = "[0-9][0-9][0-9][0-9]-[0-9][0-9].duckdb"


@dataclass(frozen=True)
class _Edition:
    """One publication of one month: a month that is run again, or an earlier one, is another edition."""

    month: str
    file: Path
    stamp: tuple[tuple[int, int, int], ...]
    earlier: tuple[Path, ...] = ()


class Reader:
    """One request's view of a month: what the visitor may see of it, and nothing else."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, scope: Scope) -> None:
        self._cursor = cursor
        for sql, parameters in statements(scope):
            cursor.execute(sql, parameters)

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """The rows of a query, each by its columns' names; days are dates, nothing is None."""
        self._cursor.execute(sql, parameters or None)
        names = [column[0] for column in self._cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in self._cursor.fetchall()]

    def one(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        return next(iter(self.rows(sql, parameters)), None)

    def frame(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> pd.DataFrame:
        """The rows of a query as a frame in the house's types."""
        self._cursor.execute(sql, parameters or None)
        mapper = {pa.string(): pd.StringDtype("pyarrow"), pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
        table = self._cursor.to_arrow_table()
        return pd.DataFrame(table.to_pandas(types_mapper=mapper.get, date_as_object=False))

    def lay_beside(self, name: str, frame: pd.DataFrame | pa.Table) -> None:
        """Let this request's queries read a frame, such as the casebook's, under a name."""
        table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
        self._cursor.register(name, table)

    def close(self) -> None:
        """Give the cursor back."""
        self._cursor.close()


class Snapshot:
    """One edition, attached read-only; every table of the contract is there, empty where the edition lacks it."""

    def __init__(self, edition: _Edition, *, threads: int, memory_limit: str, preparations: Sequence[str]) -> None:
        self.edition = edition
        self.month = edition.month
        self.kept: dict[str, Any] = {}
        self._root = duckdb.connect(config={"threads": threads, "memory_limit": memory_limit})
        self._attach(edition.file, "month")
        self._root.execute("create schema whole")
        for name, model in PUBLISHED_TABLES.items():
            self._root.execute(_view(name, model, self._columns(name)))
        self._lay_history(edition.earlier)
        for sql in (*EVERYTHING_MASKED, *preparations):
            self._root.execute(sql)
        self._root.execute("set enable_external_access = false")
        self._root.execute("set lock_configuration = true")

    def _attach(self, file: Path, name: str) -> None:
        # ATTACH takes no parameter for its path, so quotes in a folder's name are doubled.
        quoted = str(file).replace("'", "''")
        self._root.execute(f"attach '{quoted}' as {name} (read_only)")

    def _lay_history(self, earlier: Sequence[Path]) -> None:
        """Make `family_events` and `family_became` of this month and the earlier months' files."""
        self._root.execute(family_history.TABLE.format(schema="whole"))
        self._root.execute(family_history.ADD.format(schema="whole", source="whole"))
        for file in earlier:
            try:
                self._attach(file, "earlier")
                self._root.execute(family_history.ADD.format(schema="whole", source="earlier"))
                self._root.execute("detach earlier")
            except duckdb.Error as error:
                # The newest month is worth showing without an older one that was damaged.
                _log.warning("timelines lack %s, which cannot be read: %s", file.stem, type(error).__name__)
                self._root.execute("detach database if exists earlier")
        self._root.execute(family_history.BECAME.format(schema="whole"))

    def reader(self, scope: Scope) -> Reader:
        """A reader of its own for one request; close it."""
        return Reader(self._root.cursor(), scope)

    def _columns(self, name: str) -> set[str]:
        found = self._root.execute(
            "select column_name from duckdb_columns() where database_name = 'month' and table_name = ?", [name]
        )
        return {row[0] for row in found.fetchall()}


class Published:
    """The newest month of a store's published folder, whichever that is when it is asked for."""

    def __init__(
        self, folder: Path, *, threads: int = 2, memory_limit: str = "1GB", preparations: Sequence[str] = ()
    ) -> None:
        self._folder = folder
        self._threads = threads
        self._memory_limit = memory_limit
        self._preparations = preparations
        self._newest: Snapshot | None = None
        self._opening = threading.Lock()

    def newest(self) -> Snapshot:
        """The newest month as it now stands. Raises NoMonthError where none is published."""
        edition, held = self._edition(), self._newest
        if held is not None and held.edition == edition:
            return held
        # While one request opens the new edition, others go on with the old one.
        if self._opening.acquire(blocking=held is None):
            try:
                return self._open(edition)
            finally:
                self._opening.release()
        return held or self.newest()

    def earlier(self, month: str) -> Snapshot | None:
        """A month by its name as it was last published, without preparations; None where it is no longer kept."""
        try:
            edition = self._edition_of(month, ())
            return Snapshot(edition, threads=1, memory_limit=self._memory_limit, preparations=())
        except (FileNotFoundError, duckdb.Error):
            return None

    def _open(self, edition: _Edition) -> Snapshot:
        if self._newest is not None and self._newest.edition == edition:
            return self._newest
        try:
            self._newest = Snapshot(
                edition, threads=self._threads, memory_limit=self._memory_limit, preparations=self._preparations
            )
        except duckdb.Error as error:
            _log.warning("edition of %s cannot be opened: %s", edition.month, type(error).__name__)
            if self._newest is None:
                message = f"The published month {edition.month} cannot be opened. Run it again."
                raise NoMonthError(message) from None
        return self._newest

    def _edition(self) -> _Edition:
        try:
            month = (self._folder / "current").read_text("utf-8").strip()
            return self._edition_of(month, (file for file in sorted(self._folder.glob(_MONTHS)) if file.stem < month))
        except FileNotFoundError:
            message = "No month has been published yet. Make one with: hearth run --month 2026-10"
            raise NoMonthError(message) from None

    def _edition_of(self, month: str, earlier: Iterable[Path]) -> _Edition:
        file, before = self._folder / f"{month}.duckdb", tuple(earlier)
        return _Edition(month, file, tuple(_stamp(each) for each in (file, *before)), before)


def _stamp(file: Path) -> tuple[int, int, int]:
    status = file.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def _view(name: str, model: Model, there: set[str]) -> str:
    types = sql_types(model)
    chosen = ", ".join(
        f'"{column}"' if column in there else f'cast(null as {kind}) as "{column}"' for column, kind in types.items()
    )
    source = f'from month.main."{name}"' if there else "where false"
    return f'create view whole."{name}" as select {chosen} {source}'
