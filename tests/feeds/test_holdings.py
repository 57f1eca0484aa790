"""Holdings: rosters replaced, events kept, attendance in its newest form, in whatever order months come."""

import random
from collections.abc import Callable
from itertools import permutations
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.holdings import held, held_table, hold, past, status, table_status
from schemas.frames import empty
from schemas.registry import FEED_TABLES

M1, M2, M3 = "2026-09", "2026-10", "2026-11"
HEADINGS = (
    "pupil_id,academic_year,term,attendance_code,sessions,possible_sessions,authorised_sessions,unauthorised_sessions\n"
)


def roster(*ids: str) -> str:
    return "pupil_id,school_urn\n" + "".join(f"{pupil_id},1\n" for pupil_id in ids)


def exclusions(**categories: str) -> str:
    rows = "".join(f"{key},P1,{category},2026-09-01\n" for key, category in categories.items())
    return "exclusion_id,pupil_id,category,started_on\n" + rows


def codes(**sessions: int) -> str:
    return "".join(f"P1,2025/26,autumn,{code},{count},,,\n" for code, count in sessions.items())


def totals(possible: int) -> str:
    return f"P1,2025/26,autumn,,,{possible},1,1\n"


def attendance_as_of(council: Any, month: str) -> dict[str, int]:
    frame = held_table(council.con, month, "school", "attendance")
    counted = frame["sessions"].fillna(frame["possible_sessions"])
    return dict(zip(frame["attendance_code"].fillna("totals"), counted.astype(int), strict=True))


def test_every_contract_table_is_held_even_where_nothing_was_ever_delivered(council: Any) -> None:
    for held_now in (held(council.con, M1), held(council.con, M1)):
        assert held_now.keys() == FEED_TABLES.keys()
        assert all(frame.dtypes.equals(empty(FEED_TABLES[key]).dtypes) for key, frame in held_now.items())
        council.run(M1, "school")


def test_what_is_held_is_what_was_accepted(council: Any) -> None:
    text = "pupil_id,school_urn,date_of_birth,protected_address,surname\nP1,1,2015-02-03,Y,\nP2,1,,,Ō'Ñeil\n"
    council.deliver(M1, "school", "pupils.csv", text)
    received = council.run(M1, "school")
    pd.testing.assert_frame_equal(held_table(council.con, M1, "school", "pupils"), received.tables["pupils"])


def test_a_roster_replaces_the_one_before_and_a_late_month_keeps_it(council: Any) -> None:
    for month, ids in {M1: ("P1", "P2"), M2: ("P2", "P3")}.items():
        council.deliver(month, "school", "pupils.csv", roster(*ids))
    for month in (M1, M2, M3):
        council.run(month, "school")
    known = {month: held_table(council.con, month, "school", "pupils")["pupil_id"].tolist() for month in (M1, M2, M3)}
    assert known == {M1: ["P1", "P2"], M2: ["P2", "P3"], M3: ["P2", "P3"]}


def test_a_refused_roster_leaves_the_last_good_one(council: Any) -> None:
    council.deliver(M1, "school", "pupils.csv", roster("P1"))
    council.deliver(M2, "school", "pupils.csv", "pupil_id\nP2\n")
    for month in (M1, M2):
        council.run(month, "school")
    assert held_table(council.con, M2, "school", "pupils")["pupil_id"].tolist() == ["P1"]


def test_events_accumulate_and_a_key_sent_again_replaces(council: Any) -> None:
    council.deliver(M1, "school", "exclusions.csv", exclusions(X1="SUSP", X2="SUSP"))
    council.deliver(M2, "school", "exclusions.csv", exclusions(X2="PERM", X3="SUSP"))
    for month in (M1, M2):
        council.run(month, "school")
    frame = held_table(council.con, M2, "school", "exclusions")
    assert dict(zip(frame["exclusion_id"], frame["category"], strict=True)) == {
        "X1": "SUSP",
        "X2": "PERM",
        "X3": "SUSP",
    }
    assert held_table(council.con, M1, "school", "exclusions")["category"].tolist() == ["SUSP", "SUSP"]


def test_the_same_file_twice_changes_nothing_but_the_month_it_was_last_received(council: Any) -> None:
    for month in (M1, M2):
        council.deliver(month, "school", "exclusions.csv", exclusions(X1="SUSP", X2="PERM"))
        council.run(month, "school")
    evidence = ["received_for", "extract_on"]
    before, after = (
        held_table(council.con, month, "school", "exclusions").drop(columns=evidence) for month in (M1, M2)
    )
    pd.testing.assert_frame_equal(before, after)


def test_receiving_a_month_again_changes_nothing(council: Any) -> None:
    council.deliver(M1, "school", "pupils.csv", roster("P1"))
    council.deliver(M1, "school", "attendance.csv", HEADINGS + codes(L=3))
    council.run(M1, "school")
    before = held(council.con, M1)
    council.run(M1, "school")
    for key, frame in held(council.con, M1).items():
        pd.testing.assert_frame_equal(frame, before[key])


def test_a_month_run_again_with_fewer_tables_holds_only_those(council: Any) -> None:
    council.deliver(M1, "school", "pupils.csv", roster("P1"))
    council.deliver(M1, "school", "exclusions.csv", exclusions(X1="SUSP"))
    council.run(M1, "school")
    (council.landing / M1 / "school" / "exclusions.csv").unlink()
    council.run(M1, "school")
    assert held_table(council.con, M1, "school", "exclusions").empty
    (council.landing / M1 / "school" / "pupils.csv").unlink()
    council.run(M1, "school")
    assert held_table(council.con, M1, "school", "pupils").empty


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([codes(L=10, N=3)], {"L": 10, "N": 3}),
        ([codes(L=10, N=3), codes(N=1)], {"L": 10, "N": 1}),
        ([codes(L=10, N=3), codes(N=0)], {"L": 10}),
        ([codes(L=10, N=3), codes(N=0), codes(N=2)], {"L": 10, "N": 2}),
        ([codes(L=10), totals(100)], {"totals": 100}),
        ([totals(100), codes(L=10)], {"L": 10}),
        ([totals(100), totals(90)], {"totals": 90}),
        ([codes(L=10, N=3), totals(100), codes(L=11)], {"L": 11}),
        ([totals(100), codes(L=10), totals(99)], {"totals": 99}),
        ([totals(100), codes(L=0)], {"totals": 100}),
        ([totals(100), codes(L=10), codes(L=0)], {}),
        ([codes(L=10) + totals(100)], {"totals": 100}),
        ([codes(L=10) + totals(100), codes(N=4)], {"N": 4}),
    ],
)
def test_the_newest_form_of_a_term_stands_and_a_code_of_no_sessions_is_withdrawn(
    council: Any, months: list[str], expected: dict[str, int]
) -> None:
    for number, text in enumerate(months, start=1):
        month = f"2026-{number:02d}"
        council.deliver(month, "school", "attendance.csv", HEADINGS + text)
        council.run(month, "school")
    assert attendance_as_of(council, "2026-12") == expected


def test_one_terms_form_leaves_other_terms_and_pupils_alone(council: Any) -> None:
    council.deliver(M1, "school", "attendance.csv", HEADINGS + codes(L=1) + "P2,2025/26,autumn,L,5,,,\n")
    council.deliver(M2, "school", "attendance.csv", HEADINGS + totals(100) + "P1,2025/26,spring,N,2,,,\n")
    for month in (M1, M2):
        council.run(month, "school")
    frame = held_table(council.con, M2, "school", "attendance")
    assert frame["source_id"].tolist() == ["P2|2025/26|autumn|L", "P1|2025/26|autumn|", "P1|2025/26|spring|N"]


MONTHS = st.lists(
    st.fixed_dictionaries(
        {
            "pupils": st.none() | st.lists(st.sampled_from("ABC"), min_size=1, unique=True),
            "exclusions": st.none() | st.dictionaries(st.sampled_from(["X1", "X2"]), st.sampled_from(["SUSP", "PERM"])),
            "codes": st.none() | st.dictionaries(st.sampled_from("LN"), st.integers(0, 2), min_size=1),
            "totals": st.none() | st.integers(1, 3),
        }
    ),
    min_size=2,
    max_size=3,
)


@settings(max_examples=8, deadline=None)
@given(months=MONTHS, seed=st.integers(0, 1000))
def test_months_may_come_in_any_order_and_again(
    receive_texts: Callable[..., object], months: list[dict], seed: int
) -> None:
    received = []
    for number, told in enumerate(months, start=1):
        attendance = (codes(**told["codes"]) if told["codes"] else "") + (
            totals(told["totals"]) if told["totals"] else ""
        )
        texts = {
            "pupils": roster(*told["pupils"]) if told["pupils"] else None,
            "exclusions": exclusions(**told["exclusions"]) if told["exclusions"] is not None else None,
            "attendance": HEADINGS + attendance if attendance else None,
        }
        received.append(receive_texts(f"2026-{number:02d}", "school", texts))
    orders = list(permutations(received))
    shuffled = random.Random(seed).choice(orders)
    in_order, out_of_order = duckdb.connect(), duckdb.connect()
    for month in received:
        hold(in_order, month)
    for month in (*shuffled, *shuffled[:1]):
        hold(out_of_order, month)
    for month in received:
        for table in month.tables.keys() | {"pupils", "exclusions", "attendance"}:
            expected, found = (held_table(con, month.month, "school", table) for con in (in_order, out_of_order))
            pd.testing.assert_frame_equal(expected, found)


def test_the_status_of_feeds_says_what_was_last_used_and_who_is_late(council: Any) -> None:
    council.deliver(M1, "school", "pupils.csv", roster("P1"))
    council.deliver(M1, "school", "delivery.toml", "extract_on = 2026-09-24\n")
    for month in (M1, M2):
        council.run(month, "school")
    for month, is_late in {M1: False, M2: True}.items():
        row = status(council.con, month).set_index("feed").loc["school"]
        assert row["last_used"] == M1
        assert row["extract_on"] == pd.Timestamp(2026, 9, 24)
        assert bool(row["is_late"]) is is_late
    others = status(council.con, M2).set_index("feed").drop("school")
    assert others["last_used"].isna().all()
    assert others["is_late"].all()


def test_the_status_of_tables_names_the_month_that_each_speaks_of(council: Any) -> None:
    council.deliver(M1, "school", "exclusions.csv", exclusions(X1="SUSP"))
    council.deliver(M2, "school", "pupils.csv", roster("P1"))
    for month in (M1, M2):
        council.run(month, "school")
    last = table_status(council.con, M2).set_index(["feed", "table_name"])["last_used"]
    assert last["school", "exclusions"] == M1
    assert last["school", "pupils"] == M2
    assert last.isna().sum() == len(FEED_TABLES) - 2


def test_the_past_of_a_feed_is_what_came_before_the_month(council: Any) -> None:
    council.deliver(M1, "school", "pupils.csv", roster("P1", "P2"))
    council.run(M1, "school")
    assert past(council.con, M1, "school").last_delivered is None
    assert past(council.con, M2, "school").last_delivered == M1
    assert past(council.con, M2, "school").roster_keys["pupils"].tolist() == ["P1", "P2"]
    assert past(council.con, M2, "school").filled_rosters == {"pupils"}
    assert past(council.con, M1, "school").filled_rosters == frozenset()


def test_a_month_that_cannot_be_held_leaves_what_was_held(council: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    council.deliver(M1, "school", "pupils.csv", roster("P1"))
    received = council.run(M1, "school")
    broken = received.deliveries.assign(unheard_of=1)
    with pytest.raises(duckdb.Error):
        hold(council.con, type(received)(received.feed, received.month, {}, broken, received.rejected))
    assert held_table(council.con, M1, "school", "pupils")["pupil_id"].tolist() == ["P1"]
