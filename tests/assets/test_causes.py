"""What is put down to people: only what they decided since the month before was begun."""

from datetime import UTC, datetime
from importlib.metadata import version

import pandas as pd
import pytest

from assets.id_causes import caused
from assets.identity import made_before, moved_by_people
from assets.snapshots import MODELS, write
from assets.store import Store
from schemas.frames import conform, empty
from schemas.published import IdentityEvent, Run


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def publish(store, month, started_at, **said):
    row = (
        dict.fromkeys(empty(Run).columns, "x")
        | said
        | {
            "month": month,
            "started_at": pd.Timestamp(started_at),
            "finished_at": pd.Timestamp(started_at) + pd.Timedelta(minutes=5),
            "settings": "{}",
        }
    )
    write(store, store.work_file(month), "run", conform(pd.DataFrame([row]), Run))
    store.publish(month)


def test_a_first_month_counts_whatever_was_decided(store):
    assert made_before(store, "2026-10") is None


def test_what_counts_begins_where_the_nearest_month_before_was_begun(store):
    publish(store, "2026-08", "2026-09-05 06:00")
    publish(store, "2026-09", "2026-10-05 06:00")
    publish(store, "2026-11", "2026-12-05 06:00")
    assert made_before(store, "2026-10") == datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
    assert made_before(store, "2026-08") is None


def test_people_whom_a_decision_moved_are_both_who_joined_and_whom_they_joined():
    rows = [
        ("p1", "joined", "p2", "human"),
        ("p3", "split", "p4", "data"),
        ("p5", "gone", None, "human"),
        ("p6", "kept", None, "data"),
    ]
    events = pd.DataFrame(rows, columns=["id", "event", "other_id", "cause"]).assign(month="2026-10", kind="person")
    assert moved_by_people(conform(events, IdentityEvent)) == {"p1", "p2", "p5"}


FIRST, SECOND = ("school", "pupils", "A1"), ("mash", "people", "M1")
KNOWN = ("person_records", "persons", "record_details", "household_members", "family_members")


def known(store, month, records):
    """Tables of a month in the making: records by person, and the family of the first."""
    place = ("feed", "table_name", "source_id")
    rows = [dict(zip(place, key, strict=True)) | {"person_id": person} for key, person in records.items()]
    of = {
        "person_records": [row | {"basis": "model"} for row in rows],
        "record_details": [row | {"fingerprint": "x", "address_withheld": False} for row in rows],
        "family_members": [{"family_id": "f1", "person_id": "p1", "role": "child", "basis": "x"}],
    }
    for name in KNOWN:
        frame = pd.DataFrame(of.get(name, [])).reindex(columns=empty(MODELS[name]).columns)
        write(store, store.work_file(month), name, conform(frame, MODELS[name]))


@pytest.mark.parametrize(
    ("model", "now", "cause"),
    [
        ("x", {FIRST: "p1", SECOND: "p2"}, "data"),
        ("y", {FIRST: "p1", SECOND: "p2"}, "model"),
        ("y", {FIRST: "p1", SECOND: "p1", ("police", "nominals", "N1"): "p2"}, "data"),
    ],
    ids=["the same model", "matched anew by another", "a new record beside another model"],
)
def test_a_change_is_the_models_only_where_it_was_all_that_changed(store, model, now, cause):
    known(store, "2026-09", {FIRST: "p1", SECOND: "p1"})
    publish(store, "2026-09", "2026-10-05 06:00", software_version=version("hearth"))
    known(store, "2026-10", now)
    rows = [("p2", "split", "p1", "data"), ("p1", "kept", None, "data")]
    events = pd.DataFrame(rows, columns=["id", "event", "other_id", "cause"]).assign(month="2026-10", kind="person")
    told = caused(store, "2026-10", conform(events, IdentityEvent), model_sha256=model)
    assert told["cause"].tolist() == [cause, "data"]
