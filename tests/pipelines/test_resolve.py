"""`hearth resolve` tells what became of an id, and every step on the way with its cause."""

from typer.testing import CliRunner

from assets.store import Store
from pipelines.cli import app


def event(month, id_, what, other=None, cause="data"):
    return {"month": month, "kind": "person", "id": id_, "event": what, "other_id": other, "cause": cause}


STORY = {
    "2026-08": [event("2026-08", "p1", "new"), event("2026-08", "p2", "new")],
    "2026-09": [event("2026-09", "p1", "kept"), event("2026-09", "p2", "joined", "p1", "human")],
    "2026-10": [event("2026-10", "p1", "kept"), event("2026-10", "p2", "split", "p1", "human")],
    "2026-11": [event("2026-11", "p1", "gone"), event("2026-11", "p2", "kept")],
}


def told(folder, asked, month):
    result = CliRunner().invoke(app, ["resolve", asked, "--month", month, "--store", str(folder)])
    assert result.exit_code == 0, result.stderr
    return result.stdout.splitlines()


def test_what_became_of_an_id_is_told_month_by_month_with_its_cause(tmp_path, publish):
    store = Store(tmp_path)
    for month, events in STORY.items():
        publish(store, month, identity_events=events)
    first = "  2026-08  seen for the first time (new data)"
    joined = "  2026-09  became part of p1 (a person's decision)"
    assert told(tmp_path, "p2", "2026-09") == ["p2 has joined p1 since 2026-09", first, joined]
    split = "  2026-10  split from p1 (a person's decision)"
    assert told(tmp_path, "p2", "2026-11") == ["p2 stands in 2026-11 since 2026-10", first, joined, split]
    assert told(tmp_path, "p1", "2026-11") == [
        "p1 is gone since 2026-11",
        first,
        "  2026-09  p2 became part of it (a person's decision)",
        "  2026-10  p2 split from it (a person's decision)",
        "  2026-11  seen no more (new data)",
    ]
