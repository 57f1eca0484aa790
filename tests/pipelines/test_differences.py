"""`hearth diff` over published months: what is put down to a person's decision, and who is said to have moved house."""

import json
from datetime import UTC, datetime

import pandas as pd
import pytest
from typer.testing import CliRunner

from assets.store import Store
from casebook import homes, people
from casebook.homes import Membership
from casebook.ledgers import Saying
from casebook.opening import open_casebook
from casebook.people import NewUser
from casebook.signature import Signature
from feeds.holdings import held
from pipelines.cli import app
from schemas.vocabulary import DeskRole

A1, M1, N1 = ("school", "pupils", "A1"), ("mash", "people", "M1"), ("police", "nominals", "N1")


def record(key, person):
    return dict(zip(("feed", "table_name", "source_id"), key, strict=True)) | {"person_id": person, "basis": "alone"}


def link(left, right, decision):
    sides = {
        f"{side}_{part}": value
        for side, key in (("left", left), ("right", right))
        for part, value in zip(("feed", "table", "id"), key, strict=True)
    }
    return sides | {"decision": decision, "decided_by": "clerical", "levels": "{}"}


def run(month):
    texts = dict.fromkeys(("run_id", "software_version", "programme", "programme_sha256", "model_sha256"), "x")
    moments = dict.fromkeys(("started_at", "finished_at"), pd.Timestamp(f"{month}-05"))
    return [{"month": month, "settings": "{}", **texts, **moments}]


def family(*people):
    return {
        "families": [{"family_id": "f1", "household_id": "h1", "adults": 1, "children": 1, "protected": False}],
        "family_members": [
            {"family_id": "f1", "person_id": person, "role": "child", "basis": "x"} for person in people
        ],
    }


def stored(folder):
    store = Store(folder)
    with store.connect(store.feeds_file) as feeds:
        held(feeds, "2026-10")
    return store


def told(folder):
    """What `hearth diff` tells of families."""
    file = folder / "told.json"
    words = ["diff", "2026-09", "2026-10", "--store", str(folder), "--json", str(file)]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return [row for row in json.loads(file.read_text()) if row["kind"] == "family"]


@pytest.mark.parametrize(
    ("decision", "person_before", "person_after", "cause"),
    [("different", "p9", "p9", "data"), ("different", "p1", "p9", "human"), ("same", "p9", "p1", "human")],
    ids=["confirmed", "parted", "joined"],
)
def test_a_decision_is_a_cause_only_where_it_changed_something(
    tmp_path, publish, decision, person_before, person_after, cause
):
    store = stored(tmp_path)
    before = [record(A1, "p1"), record(N1, person_before)]
    after = [record(A1, "p1"), record(N1, person_after), record(M1, "p2")]
    publish(store, "2026-09", run=run("2026-09"), person_records=before)
    decided = link(A1, N1, decision)
    publish(
        store, "2026-10", run=run("2026-10"), person_records=after, links=[decided], **family("p1", "p2", person_after)
    )
    came = told(tmp_path)
    assert [(row["family_id"], row["change"], row["cause"]) for row in came] == [("f1", "came", cause)]
    assert ("a coordinator decided on police/nominals N1, school/pupils A1" in came[0]["because"]) == (cause == "human")


@pytest.mark.parametrize(
    ("person", "cause"), [("p1", "data"), ("p3", "human")], ids=["one who was of it already", "one who came by it"]
)
def test_that_somebody_belongs_to_a_family_is_a_cause_only_where_they_did_not_before(tmp_path, publish, person, cause):
    store = stored(tmp_path)
    signature = Signature(None, datetime(2026, 9, 20, tzinfo=UTC))
    book = open_casebook(store.casebook_url)
    with book.begin() as connection:
        kim = people.add(connection, NewUser("kim", "kim", DeskRole.MANAGER), signature)
        saying = Saying(Signature(kim.user_id, signature.at), "asked them")
        homes.confirm(connection, Membership("f1", person, is_member=True), saying)
    book.close()
    records = [record(A1, "p1"), record(M1, "p3")]
    apart, together = family("p1"), family("p1", "p3")
    other = {"family_id": "f2", "household_id": "h2", "adults": 0, "children": 1, "protected": False}
    apart["families"].append(other)
    apart["family_members"].append({"family_id": "f2", "person_id": "p3", "role": "child", "basis": "x"})
    publish(store, "2026-09", run=run("2026-09"), person_records=records, **apart)
    publish(store, "2026-10", run=run("2026-10"), person_records=records, **together)
    assert [(row["change"], row["cause"]) for row in told(tmp_path)] == [("joined", cause), ("members", cause)]


@pytest.mark.parametrize(
    ("protected", "uprn", "found"),
    [(False, "900000000002", [("f1", "moved")]), (False, "900000000001", []), (True, "900000000002", [])],
    ids=["at another address", "where it was", "in hiding"],
)
def test_a_family_that_moves_house_keeps_its_id_and_is_said_to_have_moved_unless_it_hides(
    tmp_path, publish, protected, uprn, found
):
    store = stored(tmp_path)
    for month, where in (("2026-09", "900000000001"), ("2026-10", uprn)):
        home = {"household_id": "h1", "uprn": where, "postcode": "HB1 1AA", "members": 2, "protected": protected}
        publish(store, month, run=run(month), households=[home], **family("p1", "p2"))
    assert [(row["family_id"], row["change"]) for row in told(tmp_path)] == found
