"""What single rows said as of a month: told by a hash, so that one can see whether they came, went or changed."""

import duckdb
import pandas as pd
import pytest

from feeds.contents import contents
from feeds.tables import insert, prepare
from schemas import published
from schemas.frames import empty
from schemas.registry import FEED_TABLES

EVENT = ("police", "occurrences")
ROSTER = ("mash", "people")


class Held:
    def __init__(self):
        self.con = duckdb.connect()
        prepare(self.con)

    def row(self, key, month, source_id, **said):
        blank = empty(FEED_TABLES[key])
        held = {"source_id": source_id, "received_for": month, "file_sha256": month * 8, "line": 2, **said}
        insert(self.con, "_".join(key), pd.DataFrame([held], columns=blank.columns).astype(blank.dtypes.to_dict()))

    def used(self, key, month):
        blank = empty(published.Delivery)
        row = {"feed": key[0], "table_name": key[1], "received_for": month, "status": "used"}
        insert(self.con, "deliveries", pd.DataFrame([row], columns=blank.columns).astype(blank.dtypes.to_dict()))

    def of(self, month, *rows):
        wanted = pd.DataFrame(rows, columns=["feed", "table_name", "source_id"])
        return contents(self.con, month, wanted).set_index("source_id")["content"].to_dict()


@pytest.fixture
def held():
    return Held()


def test_an_event_sent_again_unchanged_says_the_same(held):
    for month in ("2026-09", "2026-10"):
        held.row(EVENT, month, "O1|N1", occurrence_id="O1", kind="asb")
    assert held.of("2026-09", (*EVENT, "O1|N1")) == held.of("2026-10", (*EVENT, "O1|N1"))


def test_an_event_corrected_says_something_else_from_that_month_on(held):
    held.row(EVENT, "2026-08", "O1|N1", occurrence_id="O1", kind="asb")
    held.row(EVENT, "2026-10", "O1|N1", occurrence_id="O1", kind="crime")
    first, second, third = (held.of(month, (*EVENT, "O1|N1")) for month in ("2026-08", "2026-09", "2026-10"))
    assert first == second != third


def test_an_event_is_not_held_before_it_came_and_for_good_after(held):
    held.row(EVENT, "2026-09", "O1|N1", occurrence_id="O1", kind="asb")
    assert held.of("2026-08", (*EVENT, "O1|N1")) == {}
    assert len(held.of("2026-12", (*EVENT, "O1|N1"))) == 1


def test_of_a_roster_only_the_newest_used_delivery_is_held(held):
    for month in ("2026-08", "2026-09"):
        held.used(ROSTER, month)
    held.row(ROSTER, "2026-08", "M1", mash_id="M1", forename="Ann")
    held.row(ROSTER, "2026-09", "M2", mash_id="M2", forename="Ben")
    assert set(held.of("2026-08", (*ROSTER, "M1"), (*ROSTER, "M2"))) == {"M1"}
    assert set(held.of("2026-10", (*ROSTER, "M1"), (*ROSTER, "M2"))) == {"M2"}


def test_no_value_stands_in_what_is_told(held):
    held.row(EVENT, "2026-09", "O1|N1", occurrence_id="O1", kind="asb", address_line_1="1 Mock Street")
    (told,) = held.of("2026-10", (*EVENT, "O1|N1")).values()
    assert len(told) == 32
    assert "Mock" not in told


def test_nothing_wanted_and_nothing_held_are_nothing():
    wanted = pd.DataFrame([], columns=["feed", "table_name", "source_id"])
    assert contents(duckdb.connect(), "2026-10", wanted).empty
    asked = pd.DataFrame([(*EVENT, "O1|N1")], columns=wanted.columns)
    assert contents(duckdb.connect(), "2026-10", asked).empty
