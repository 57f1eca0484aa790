"""`hearth charts` on a small published month."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from assets.models import keep, made_by
from assets.snapshots import MODELS, write
from assets.store import Store
from linkage.shipped import borrowed_model
from pipelines.cli import app
from schemas.frames import conform, empty

RUN = CliRunner()
MONTH = "2026-10"


def put(store, name, *rows):
    model = MODELS[name]
    write(store, store.work_file(MONTH), name, conform(pd.DataFrame(rows).reindex(columns=empty(model).columns), model))


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = Store(tmp_path / "store")
    places = ({"feed": "school", "table_name": "pupils", "source_id": "A1"},)
    places += ({"feed": "mash", "table_name": "people", "source_id": "M1"},)
    put(made, "person_records", *({**place, "person_id": "p1", "basis": "model"} for place in places))
    sides = zip(("left", "right"), places, strict=True)
    pair = {
        f"{side}_{part}": place[name]
        for side, place in sides
        for part, name in (("feed", "feed"), ("table", "table_name"), ("id", "source_id"))
    }
    put(made, "links", {**pair, "weight": 12.0, "decision": "same", "decided_by": "model", "levels": "{}"})
    said = {"settings": "{}", "run_id": "r", "software_version": "0", "programme": "p", "programme_sha256": "s"}
    times = {"month": MONTH, "started_at": "2026-11-05", "finished_at": "2026-11-05"}
    put(made, "run", {**said, **times, "model_sha256": borrowed_model().sha256})
    put(made, "matching", {"model_sha256": borrowed_model().sha256, "counts": '{"blocking": {"both_names": 7}}'})
    made.publish(MONTH)
    return made


def test_a_month_is_drawn_without_particulars(store, tmp_path):
    result = RUN.invoke(app, ["charts", "--month", MONTH, "--out", "page.html", "--store", str(store.root)])
    assert result.exit_code == 0, result.output
    html = (tmp_path / "page.html").read_text("utf-8")
    assert f"Matching of {MONTH}" in html
    assert "both_names" in html
    assert "Weights: surname" in html
    assert "A1" not in html.replace(borrowed_model().sha256[:12], "")


def test_a_model_is_found_by_the_hash_that_the_month_names(store):
    found = made_by(store, MONTH)
    assert found is not None
    assert found.sha256 == borrowed_model().sha256
    keep(store, borrowed_model())
    kept = made_by(store, MONTH)
    assert kept is not None
    assert kept.sha256 == borrowed_model().sha256
    assert made_by(store, "2026-09") is None


def test_a_month_that_is_not_published_is_refused(store):
    result = RUN.invoke(app, ["charts", "--month", "2026-01", "--out", "page.html", "--store", str(store.root)])
    assert result.exit_code == 1
    assert "no published month 2026-01" in result.stderr
