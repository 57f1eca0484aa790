"""A casebook of each kind: SQLite always, and a real PostgreSQL of the machine's own where there is one."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from casebook import passwords, people
from casebook.ledgers import Saying
from casebook.opening import open_casebook, sqlite_url
from casebook.people import NewUser
from casebook.signature import Signature
from schemas.vocabulary import DeskRole

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NO_SERVER = (
    "This machine has no PostgreSQL, so what is tested here holds for SQLite only. Install its server "
    "(Debian: apt-get install postgresql; elsewhere: initdb and pg_ctl on the PATH) and run the tests again."
)


def server_programs() -> Path | None:
    """The folder of initdb and pg_ctl: the newest that Debian's packages have, else what is on the PATH."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    found = shutil.which("initdb")
    if packaged:
        return packaged[-1].parent
    return Path(found).resolve().parent if found else None


def has_account(name: str) -> bool:
    return any(account.pw_name == name for account in pwd.getpwall())


class Server:
    """A PostgreSQL of our own in a temporary folder, on a socket only."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder = programs, folder
        # PostgreSQL refuses to run as root.
        self.account = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        if self.account:
            shutil.chown(folder, "postgres", "postgres")

    def call(self, program, *words):
        command = [str(self.programs / program), *words]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, timeout=60, **self.account)

    @contextmanager
    def running(self) -> Iterator["Server"]:
        data = str(self.folder / "data")
        self.call("initdb", "-D", data, "-A", "trust", "-U", "hearth", "--no-sync", "-E", "UTF8", "--locale=C")
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
        self.call("pg_ctl", "-D", data, "-l", str(self.folder / "log"), "-o", options, "-w", "start")
        try:
            self.say("create database model template template0")
            open_casebook(self.url("model")).close()
            yield self
        finally:
            self.call("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")

    @contextmanager
    def database(self, template) -> Iterator[str]:
        """The URL of a new database, a copy of the template, that is dropped again: each weighs some megabytes."""
        name = f"casebook_{uuid.uuid4().hex}"
        self.say(f"create database {name} template {template}")
        try:
            yield self.url(name)
        finally:
            self.say(f"drop database {name} with (force)")

    def say(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://hearth@/{name}?host={self.folder}"


@pytest.fixture(scope="session")
def postgresql():
    programs = server_programs()
    if programs is None:
        pytest.skip(NO_SERVER)
    if os.geteuid() == 0 and not has_account("postgres"):
        pytest.skip("PostgreSQL does not run as root, and this machine has no account named postgres to run it as.")
    # Not below pytest's own folder: the path of a socket may be a hundred characters long, and no more.
    folder = Path(tempfile.mkdtemp(prefix=f"hearth-{getpass.getuser()[:8]}-"))
    try:
        with Server(programs, folder).running() as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The URL of a casebook that nobody has used yet."""
    yield from fresh(request, tmp_path, "model")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """The URL of a database in which there is no casebook."""
    yield from fresh(request, tmp_path, "template0")


def fresh(request, tmp_path, template):
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "casebook" / "casebook.db")
        return
    with request.getfixturevalue("postgresql").database(template) as url:
        yield url


@pytest.fixture
def book(url):
    opened = open_casebook(url)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch):
    """Hashing that takes no time; what it is made of is tested with the real parameters."""
    passwords._nobodys.cache_clear()
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def users(book):
    """Two coordinators, a manager and an auditor, by their user names."""
    roles = {
        "ash": DeskRole.COORDINATOR,
        "birch": DeskRole.COORDINATOR,
        "cedar": DeskRole.MANAGER,
        "damson": DeskRole.AUDITOR,
    }
    with book.begin() as connection:
        signed = Signature(None, NOW)
        return {name: people.add(connection, NewUser(name, name, role), signed) for name, role in roles.items()}


@pytest.fixture
def says(users):
    """`says("ash", "why")`: who says something, and why."""

    def said(name, reason="looked at both records", at=NOW):
        return Saying(Signature(users[name].user_id, at), reason)

    return said
