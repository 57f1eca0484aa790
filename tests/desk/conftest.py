"""The desk in one process: a small published month, a casebook with one person of each role, a client for each."""

import datetime as dt
import importlib.util
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from casebook import cases, people, sessions
from casebook.ledgers import Saying
from casebook.opening import Casebook, open_casebook, sqlite_url
from casebook.signature import Signature
from desk.app import make_app
from desk.settings import DeskSettings
from schemas.casebook import Consent
from schemas.vocabulary import DeskRole

ROOT = Path(__file__).parents[2]
PASSWORD = "three calm herons wait"
TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]{64})"')


def _builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hearth_desk_month", Path(__file__).with_name("a_month.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


MONTHS = _builder()


@dataclass
class DeskUnderTest:
    """An app, the casebook behind it, and browsers signed in to it."""

    app: Starlette
    casebook: Casebook
    settings: DeskSettings
    months: ModuleType

    def client(self, role: DeskRole | None = DeskRole.COORDINATOR, *, username: str | None = None) -> TestClient:
        """A browser, signed in as the person of that role, or as nobody."""
        client = TestClient(self.app, base_url="http://127.0.0.1", follow_redirects=False)
        if role is not None:
            with self.casebook.begin() as connection:
                user = people.named(connection, username or role.value)
                assert user is not None
                token = sessions.begin(connection, user.user_id, at=dt.datetime.now(dt.UTC))
            client.cookies.set("hearth", token)
        return client

    def user_id(self, username: str) -> str:
        """The id of the user of a name."""
        with self.casebook.reading() as connection:
            user = people.named(connection, username)
        assert user is not None
        return user.user_id

    def attach(self, number: int, worker: str = "key_worker", on: dt.date = dt.date(2026, 9, 1)) -> str:
        """Take on the family of a number; gives the case's id."""
        family = self.months.family_id(number)
        attaching = cases.Attaching(family, on, Consent.GIVEN, cases.Worker(worker, "council"))
        saying = Saying(Signature.now(self.user_id("coordinator")), "agreed at the panel")
        with self.casebook.begin() as connection:
            return cases.attach(connection, attaching, saying)

    def events(self, kind: str) -> list[dict[str, object]]:
        """What the audit trail says of one kind of event, newest first."""
        from casebook import audit  # noqa: PLC0415

        with self.casebook.reading() as connection:
            return [entry.said for entry in audit.search(connection, audit.Wanted(event=kind))]


def token(client: TestClient, page: str = "/sign-in") -> str:
    """The form token that a page carries."""
    found = TOKEN.search(client.get(page).text)
    assert found is not None
    return found.group(1)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "published"
    MONTHS.publish(MONTHS.a_month(), folder)
    return folder


@pytest.fixture(scope="session")
def users_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("users") / "casebook.db"
    casebook = open_casebook(sqlite_url(file))
    signature = Signature.now(None)
    with casebook.begin() as connection:
        for role in DeskRole:
            person = people.NewUser(role.value, f"A. {role.value.replace('_', ' ').title()}", role)
            people.add(connection, person, signature, must_change=False)
        second = people.NewUser("second_worker", "B. Worker", DeskRole.KEY_WORKER)
        people.add(connection, second, signature, must_change=False)
        cleared = people.NewUser("cleared", "C. Leared", DeskRole.COORDINATOR, sees_protected_addresses=True)
        people.add(connection, cleared, signature, must_change=False)
        typed = people.NewUser("typed", "D. Yped", DeskRole.COORDINATOR)
        people.add(connection, typed, signature, password=PASSWORD, must_change=False)
        fresh = people.NewUser("fresh", "E. Resh", DeskRole.COORDINATOR)
        people.add(connection, fresh, signature, password=PASSWORD)
    casebook.close()
    return file


def _making(published: Path, users_file: Path, tmp_path: Path) -> Iterator[Callable[..., DeskUnderTest]]:
    made: list[DeskUnderTest] = []

    def make(**given: object) -> DeskUnderTest:
        file = tmp_path / f"casebook-{len(made)}.db"
        shutil.copy(users_file, file)
        told = {"published": published, "casebook": sqlite_url(file), "styles": ROOT / "node_modules"}
        settings = DeskSettings(**{**told, **given})  # type: ignore[arg-type]
        app = make_app(settings)
        made.append(DeskUnderTest(app, app.state.desk.casebook, settings, MONTHS))
        return made[-1]

    yield make
    for desk in made:
        desk.casebook.close()


@pytest.fixture
def make_desk(published: Path, users_file: Path, tmp_path: Path) -> Iterator[Callable[..., DeskUnderTest]]:
    """Makes a desk over the small month and a casebook of its own; settings may be given."""
    yield from _making(published, users_file, tmp_path)


@pytest.fixture(scope="module")
def module_desk(published: Path, users_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskUnderTest]:
    """One desk for a whole module, for tests that change nothing."""
    for make in _making(published, users_file, tmp_path_factory.mktemp("desk")):
        yield make(requests_a_minute=100_000)


@pytest.fixture
def desk(make_desk: Callable[..., DeskUnderTest]) -> DeskUnderTest:
    """A desk over the small month."""
    return make_desk()


@pytest.fixture(scope="session")
def form_token() -> Callable[..., str]:
    """Reads the form token of a page."""
    return token
