"""`hearth diff` puts down to a person's decision what the decision moved, and nothing that only happened beside it."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from assets.store import Store
from feeds.holdings import held
from pipelines.cli import app

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


@pytest.mark.parametrize(
    ("decision", "person_before", "person_after", "cause"),
    [("different", "p9", "p9", "data"), ("different", "p1", "p9", "human"), ("same", "p9", "p1", "human")],
    ids=["confirmed", "parted", "joined"],
)
def test_a_decision_is_a_cause_only_where_it_changed_something(
    tmp_path, publish, decision, person_before, person_after, cause
):
    store = Store(tmp_path)
    before = [record(A1, "p1"), record(N1, person_before)]
    after = [record(A1, "p1"), record(N1, person_after), record(M1, "p2")]
    with store.connect(store.feeds_file) as feeds:
        held(feeds, "2026-10")
    publish(store, "2026-09", run=run("2026-09"), person_records=before)
    decided = link(A1, N1, decision)
    publish(
        store, "2026-10", run=run("2026-10"), person_records=after, links=[decided], **family("p1", "p2", person_after)
    )
    told = tmp_path / "told.json"
    words = ["diff", "2026-09", "2026-10", "--store", str(tmp_path), "--json", str(told)]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    came = [row for row in json.loads(told.read_text()) if row["kind"] == "family"]
    assert [(row["family_id"], row["change"], row["cause"]) for row in came] == [("f1", "came", cause)]
    assert ("a coordinator decided on police/nominals N1, school/pupils A1" in came[0]["because"]) == (cause == "human")
