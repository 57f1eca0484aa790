"""The accounts of a demonstration, and how far `hearth desk` may be reached."""

import datetime as dt
import stat

import pytest

from assets.settings import load
from assets.store import Store
from casebook import people, signing_in
from casebook.case_files import all_cases
from casebook.opening import open_casebook
from desk.errors import SettingsMissingError
from pipelines.commands.demo_accounts import demo_accounts, username
from pipelines.commands.desk import desk_settings
from schemas.vocabulary import DeskRole

FAMILIES = [f"f{number:011d}" for number in range(20)]
ON = dt.date(2026, 10, 15)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def test_a_demonstration_has_one_account_of_each_role_and_a_password_of_its_own(store, tmp_path):
    file = demo_accounts(store, tmp_path, FAMILIES, on=ON)
    password = file.read_text("utf-8").split("Password of all: ")[1].splitlines()[0]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    casebook = open_casebook(store.casebook_url)
    at = dt.datetime.now(dt.UTC)
    for role in DeskRole:
        assert signing_in.verify(casebook, username(role), password, at=at).role is role
    with casebook.reading() as connection:
        assert {case.key_worker for case in all_cases(connection)} == {username(DeskRole.KEY_WORKER)}
    casebook.close()


def test_a_second_demonstration_changes_nothing(store, tmp_path):
    before = demo_accounts(store, tmp_path, FAMILIES, on=ON).read_text("utf-8")
    assert demo_accounts(store, tmp_path, FAMILIES, on=ON).read_text("utf-8") == before
    casebook = open_casebook(store.casebook_url)
    with casebook.reading() as connection:
        assert len(people.everyone(connection)) == len(DeskRole)
    casebook.close()


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HEARTH_SETTINGS", raising=False)
    return lambda **desk: load({"store": tmp_path / "store", "desk": desk})


def test_beyond_this_machine_the_desk_needs_https(settings):
    with pytest.raises(SettingsMissingError, match="--behind-proxy"):
        desk_settings(settings(), host="0.0.0.0", behind_proxy=False)  # noqa: S104
    with pytest.raises(SettingsMissingError, match=r"hosts = "):
        desk_settings(settings(), host="127.0.0.1", behind_proxy=True)
    told = desk_settings(settings(hosts=("hearth.example",)), host="127.0.0.1", behind_proxy=True)
    assert told.secure
    assert "hearth.example" in told.hosts


def test_the_councils_sign_in_needs_its_secret(settings):
    with pytest.raises(SettingsMissingError, match="sign_in_client_secret"):
        desk_settings(settings(sign_in_issuer="https://login.example"), host="127.0.0.1", behind_proxy=False)
