"""Opening the casebook: SQLite in the store or PostgreSQL by URL, brought to the form that this version needs."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from casebook.errors import CasebookUnreachableError
from casebook.tokens import provide_key

_WAIT_MS = 30_000
_POOL = 20
# Any number will do, so long as every version of Hearth takes the same: it names the writers' lock in PostgreSQL.
_WRITERS = 4_868_401
_READING = "hearth_reading"


class Casebook:
    """An open casebook: transactions that write, one at a time, and transactions that only read."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # SQLite lets writers try again at random; those of one process rather stand in line.
        self._line = Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that may write. Keep it short: nobody else can write meanwhile.

        Since writers wait for one another, what is checked within it still holds at its end.
        """
        with self._line, self.engine.connect() as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _WRITERS})
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads: it waits for nobody, and sees one state of the casebook throughout."""
        level = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with self.engine.connect().execution_options(**{_READING: True, **level}) as connection:
            yield connection

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def sqlite_url(file: Path) -> str:
    """The URL of a casebook in a file."""
    return URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)


def open_casebook(url: str) -> Casebook:
    """The casebook of the URL, made or migrated where that is due. Raises CasebookUnreachableError."""
    engine = _engine(url)
    with _telling(engine):
        if engine.dialect.name == "sqlite":
            _private_file(engine)
        casebook = Casebook(engine)
        _migrate(casebook)
    return casebook


def find_casebook(url: str) -> Casebook | None:
    """The casebook of the URL where there is one; never makes one. Raises CasebookUnreachableError."""
    engine = _engine(url)
    if engine.dialect.name == "sqlite" and not _file(engine).is_file():
        return None
    with _telling(engine):
        is_there = inspect(engine).has_table("alembic_version")
    engine.dispose()
    return open_casebook(url) if is_there else None


@contextmanager
def _telling(engine: Engine) -> Iterator[None]:
    """Let go of a database that fails, and say so in a sentence without what it said: that may hold a password."""
    try:
        yield
    except BaseException as error:
        engine.dispose()
        if not isinstance(error, SQLAlchemyError | OSError | CommandError):
            raise
        complaint = _told(engine, error)
    else:
        return
    raise CasebookUnreachableError(complaint)


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        dialect = parsed.get_backend_name()
    except ArgumentError:
        dialect = ""
    if dialect not in {"sqlite", "postgresql"}:
        raise CasebookUnreachableError(
            "The casebook's URL is not one of a database that Hearth knows. "
            "Expected sqlite:///path/casebook.db, postgresql+psycopg://user@host/database, or nothing for the store's."
        )
    if dialect == "sqlite":
        engine = create_engine(parsed, pool_size=_POOL, hide_parameters=True, connect_args={"timeout": _WAIT_MS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    server = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(server, pool_size=_POOL, pool_pre_ping=True, hide_parameters=True)
    event.listen(engine, "handle_error", _without_detail)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Without this the driver begins transactions on its own, too late for a writer to be alone.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_WAIT_MS}",
        "journal_mode = wal",
        "synchronous = full",
        "foreign_keys = on",
        # A row replaced is a row deleted: only so do the triggers see it.
        "recursive_triggers = on",
    ):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("begin" if reading else "begin immediate")


def _without_detail(context: ExceptionContext) -> None:
    """PostgreSQL's detail of a refusal quotes the whole row: what was refused is told without it."""
    diagnosis = getattr(context.original_exception, "diag", None)
    if diagnosis is None or not diagnosis.message_primary:
        return
    context.original_exception.args = (diagnosis.message_primary,)
    if context.sqlalchemy_exception:
        context.sqlalchemy_exception.args = (diagnosis.message_primary,)


def _file(engine: Engine) -> Path:
    if not engine.url.database or engine.url.database == ":memory:":
        raise CasebookUnreachableError("A casebook in memory keeps nothing. Name a file: sqlite:///path/casebook.db")
    return Path(engine.url.database)


def _private_file(engine: Engine) -> None:
    """The file exists before SQLite opens it, and is its owner's alone; so are those that SQLite puts beside it."""
    file = _file(engine)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    if file.stat().st_mode & 0o077:
        file.chmod(0o600)


def _migrate(casebook: Casebook) -> None:
    with casebook.begin() as connection:
        command.upgrade(migrations(connection), "head")
        provide_key(connection)


def migrations(connection: Connection) -> Config:
    """Alembic's settings for the migrations that come with the package, to run within the connection's transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _told(engine: Engine, error: Exception) -> str:
    if isinstance(error, CommandError):
        return (
            "The casebook was last opened by a newer version of Hearth, in a form that this one does not know. Open it "
            "with the newer version, or restore the casebook that was kept before that was installed."
        )
    place = engine.url.database if engine.dialect.name == "sqlite" else engine.url.render_as_string(hide_password=True)
    return (
        f"The casebook at {place} cannot be opened ({type(error).__name__}). See that the database is there, that this "
        "account may read and write it, and that nothing else holds it; then try again."
    )
