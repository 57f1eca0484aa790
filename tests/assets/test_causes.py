"""What is put down to people: only what they decided since the month before was begun."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from assets.identity import made_before, moved_by_people
from assets.snapshots import write
from assets.store import Store
from schemas.frames import conform, empty
from schemas.published import IdentityEvent, Run


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def publish(store, month, started_at):
    row = dict.fromkeys(empty(Run).columns, "x") | {
        "month": month,
        "started_at": pd.Timestamp(started_at),
        "finished_at": pd.Timestamp(started_at) + pd.Timedelta(minutes=5),
        "settings": "{}",
    }
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
