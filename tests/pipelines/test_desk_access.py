"""`hearth users` and `hearth audit`: who may use the desk, from the machine that holds the store."""

import json

import pandas as pd
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from assets.snapshots import write
from assets.store import Store
from casebook.opening import open_casebook, sqlite_url
from pipelines.cli import app
from schemas.frames import conform, empty
from schemas.published import Run

RUN = CliRunner()
PASSWORD = "plum orchard gate seven"


@pytest.fixture(autouse=True)
def an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HEARTH_SETTINGS", raising=False)


def hearth(*words, typed=None):
    return RUN.invoke(app, [*words], input=typed)


def added(name="kim", role="manager"):
    return hearth("users", "add", name, "--role", role, typed=f"{PASSWORD}\n")


def test_nobody_yet_says_how_the_first_user_is_added(tmp_path):
    for words in (("users", "list"), ("audit", "verify"), ("users", "disable", "kim")):
        result = hearth(*words)
        assert result.exit_code == 1
        assert "hearth users add NAME --role administrator" in result.stderr
    assert not (tmp_path / "store" / "casebook").exists()


def test_a_user_is_added_listed_changed_and_disabled():
    assert added().exit_code == 0
    assert "manager" in hearth("users", "list").stdout
    assert "must change the password" in hearth("users", "list").stdout
    assert hearth("users", "role", "kim", "auditor").exit_code == 0
    assert hearth("users", "protected", "kim", "--allow").exit_code == 0
    assert hearth("users", "disable", "kim").exit_code == 0
    assert "auditor        disabled, sees protected addresses" in hearth("users", "list").stdout
    assert hearth("users", "enable", "kim").exit_code == 0
    assert hearth("users", "protected", "kim", "--forbid").exit_code == 0
    assert "disabled" not in hearth("users", "list").stdout


def test_a_password_is_read_from_standard_input_and_never_printed():
    result = added()
    assert PASSWORD not in result.output
    changed = hearth("users", "password", "kim", typed="another long password\n")
    assert (changed.exit_code, changed.output) == (0, "")
    refused = hearth("users", "password", "kim", typed="short\n")
    assert refused.exit_code == 1
    assert "12 to 1000 characters" in refused.stderr


def test_a_password_is_no_argument():
    assert hearth("users", "password", "kim", PASSWORD).exit_code == 2


def test_an_account_of_the_councils_service_needs_no_password():
    words = ("users", "add", "kim", "--role", "coordinator", "--issuer", "https://login.example", "--subject", "s1")
    assert hearth(*words).exit_code == 0
    assert "signs in by the council's service" in hearth("users", "list").stdout
    assert hearth(*words[:5], "--issuer", "https://login.example").exit_code == 1


@pytest.mark.parametrize("words", [("disable",), ("enable",), ("role", "auditor"), ("protected", "--allow")])
def test_somebody_unknown_is_told_as_such(words):
    added()
    result = hearth("users", words[0], "nobody", *words[1:])
    assert result.exit_code == 1
    assert "hearth users list" in result.stderr


def test_a_trail_is_verified_with_its_head_and_a_cut_is_told(tmp_path):
    added()
    whole = hearth("audit", "verify")
    assert whole.exit_code == 0
    head = whole.stdout.split()[-1]
    hearth("users", "role", "kim", "auditor")
    assert hearth("audit", "verify", "--head", head).exit_code == 0
    newest = hearth("audit", "verify").stdout.split()[-1]
    book = open_casebook(sqlite_url(tmp_path / "store" / "casebook" / "casebook.db"))
    with book.begin() as connection:
        connection.execute(text("drop trigger audit_nobody_deletes"))
        connection.execute(text("delete from audit where sequence = 2"))
    book.close()
    assert hearth("audit", "verify", "--head", head).exit_code == 0
    cut = hearth("audit", "verify", "--head", newest)
    assert cut.exit_code == 1
    assert "broken at row 2" in cut.stderr


def test_a_trail_is_held_against_the_heads_that_published_months_noted(tmp_path):
    added()
    head = hearth("audit", "verify").stdout.split()[-1]
    publish_with(tmp_path / "store", "2026-09", head)
    assert "held against 1 heads" in hearth("audit", "verify").stdout
    publish_with(tmp_path / "store", "2026-10", "f" * 64)
    cut = hearth("audit", "verify")
    assert cut.exit_code == 1
    assert "1 of the heads noted earlier" in cut.stderr


def publish_with(root, month, head):
    store = Store(root)
    row = dict.fromkeys(empty(Run).columns, "x") | {
        "month": month,
        "started_at": pd.Timestamp("2026-11-01"),
        "finished_at": pd.Timestamp("2026-11-01"),
        "settings": json.dumps({"casebook_head": head}),
    }
    write(store, store.work_file(month), "run", conform(pd.DataFrame([row]), Run))
    store.publish(month)
