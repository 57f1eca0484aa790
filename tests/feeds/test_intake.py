"""Intake: what becomes of a feed's delivery, and what its report says."""

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from feeds.incoming import IntakeSettings
from schemas.frames import conform
from schemas.published import Delivery, RejectedRecord

MONTH = "2026-10"
PUPILS = "pupil_id,school_urn,surname\nP1,1,Ay\nP2,1,Bee\n"
EXCLUSIONS = "exclusion_id,pupil_id,category,started_on\nX1,P1,SUSP,2026-09-01\n"


def reasons(received: Any) -> dict[str, str]:
    deliveries = received.deliveries
    return dict(zip(deliveries["table_name"].fillna(""), deliveries["reason"].fillna(""), strict=True))


def statuses(received: Any) -> dict[str, str]:
    deliveries = received.deliveries
    return dict(zip(deliveries["table_name"].fillna(""), deliveries["status"], strict=True))


def test_a_delivery_is_reported_table_by_table(council: Any) -> None:
    council.deliver(MONTH, "school", "pupils.csv", PUPILS + "P2,1,Sea\nP3,,Dee\n" + "P4,1,Eh\n" * 1)
    council.settings = IntakeSettings(max_rejected_share=0.5)
    row = council.receive(MONTH, "school").deliveries.iloc[0]
    assert row[["feed", "table_name", "file_name", "status"]].tolist() == ["school", "pupils", "pupils.csv", "used"]
    assert row[["rows", "accepted", "rejected", "repaired"]].tolist() == [5, 3, 2, 0]
    assert row["extract_on"] == pd.Timestamp(2026, 10, 31)
    assert row["reason"] == "rejected: 1 duplicate_key (pupil_id), 1 required (school_urn)"


def test_reports_conform_to_the_published_tables(council: Any) -> None:
    council.deliver(MONTH, "school", "pupils.csv", PUPILS + "P3\n")
    for month in (MONTH, "2026-11"):
        received = council.run(month, "school")
        assert conform(received.deliveries, Delivery).equals(received.deliveries)
        assert conform(received.rejected, RejectedRecord).equals(received.rejected)


def test_every_delivered_file_is_kept_under_its_hash_refused_ones_and_the_note_too(council: Any) -> None:
    files = {"pupils.csv": PUPILS, "contacts.XLSX": "no workbook", "delivery.toml": 'supplier = "A"\n'}
    for name, text in files.items():
        council.deliver(MONTH, "school", name, text)
    council.receive(MONTH, "school")
    expected = {
        hashlib.sha256(text.encode()).hexdigest() + Path(name).suffix: text.encode() for name, text in files.items()
    }
    assert council.kept == expected


def test_a_feed_without_a_folder_or_without_a_table_is_late_and_names_the_month_last_delivered(council: Any) -> None:
    late = council.run(MONTH, "school")
    assert statuses(late) == {"": "late"}
    assert reasons(late) == {"": "no table of this feed was delivered; it has never delivered"}
    council.deliver(MONTH, "school", "pupils.csv", PUPILS)
    council.run(MONTH, "school")
    council.deliver("2026-12", "school", "pupil.csv", PUPILS)
    later = council.run("2026-12", "school")
    assert reasons(later) == {
        "": f"no table of this feed was delivered; used is what it delivered for {MONTH}; files ignored: pupil.csv"
    }
    assert later.deliveries[["file_name", "sha256", "rows"]].isna().all(axis=None)


def test_a_note_that_agrees_gives_the_day_of_the_extract(council: Any) -> None:
    sha256 = hashlib.sha256(PUPILS.encode()).hexdigest().upper()
    council.deliver(MONTH, "school", "pupils.csv", PUPILS)
    note = f'extract_on = 2026-10-24\n[tables.pupils]\nrows = 2\nsha256 = "{sha256}"\n'
    council.deliver(MONTH, "school", "delivery.toml", note)
    received = council.receive(MONTH, "school")
    assert received.deliveries["extract_on"].tolist() == [pd.Timestamp(2026, 10, 24)]
    assert received.tables["pupils"]["extract_on"].unique().tolist() == [pd.Timestamp(2026, 10, 24)]


@pytest.mark.parametrize(
    ("stated", "values"),
    [("rows = 3", ("3", "2")), ('sha256 = "9f2c"', ("9f2c", hashlib.sha256(PUPILS.encode()).hexdigest()))],
    ids=["count", "hash"],
)
def test_a_note_that_disagrees_refuses_the_whole_delivery_with_both_values(
    council: Any, stated: str, values: tuple[str, str]
) -> None:
    council.deliver(MONTH, "school", "pupils.csv", PUPILS)
    council.deliver(MONTH, "school", "exclusions.csv", EXCLUSIONS)
    council.deliver(MONTH, "school", "delivery.toml", f"[tables.pupils]\n{stated}\n")
    received = council.receive(MONTH, "school")
    assert statuses(received) == {"pupils": "refused", "exclusions": "refused"}
    assert all(value in reason for value in values for reason in reasons(received).values())
    assert received.tables == {}
    assert received.deliveries["rows"].tolist() == [2, 1]


def test_a_stated_table_that_was_not_delivered_refuses_the_delivery(council: Any) -> None:
    council.deliver(MONTH, "school", "pupils.csv", PUPILS)
    council.deliver(MONTH, "school", "delivery.toml", "[tables.contacts]\nrows = 3\n")
    received = council.receive(MONTH, "school")
    assert statuses(received) == {"pupils": "refused", "contacts": "refused"}
    assert "states a table contacts" in reasons(received)["pupils"]


def test_a_count_covers_rejected_and_ragged_rows_but_no_empty_ones(council: Any) -> None:
    council.deliver(MONTH, "school", "pupils.csv", PUPILS + "P3\nP4,,x\n,,\n\n")
    council.deliver(MONTH, "school", "delivery.toml", "[tables.pupils]\nrows = 4\n")
    council.settings = IntakeSettings(max_rejected_share=0.5)
    assert statuses(council.receive(MONTH, "school")) == {"pupils": "used"}


@pytest.mark.parametrize(
    "note",
    [
        "rows = ",
        "extract_on = 'soon'",
        "[tables.pupils]\nrows = 'two'",
        "[tables.pupils]\nsha256 = 2",
        "tables = 1",
        "\x00",
    ],
)
def test_a_note_that_cannot_be_read_refuses_the_whole_delivery(council: Any, note: str) -> None:
    council.deliver(MONTH, "school", "pupils.csv", PUPILS)
    council.deliver(MONTH, "school", "delivery.toml", note)
    received = council.receive(MONTH, "school")
    assert statuses(received) == {"pupils": "refused"}
    assert reasons(received)["pupils"].startswith("delivery.toml")


def test_a_table_in_two_forms_is_refused_naming_both_and_the_others_are_used(council: Any) -> None:
    council.deliver(MONTH, "school", "pupils.csv", PUPILS)
    council.deliver(MONTH, "school", "Pupils.XLSX", b"x")
    council.deliver(MONTH, "school", "exclusions.csv", EXCLUSIONS)
    received = council.receive(MONTH, "school")
    assert statuses(received) == {"pupils": "refused", "exclusions": "used"}
    assert "Pupils.XLSX, pupils.csv" in reasons(received)["pupils"]


def test_more_than_the_stated_share_of_bad_rows_refuses_the_table_and_keeps_them(council: Any) -> None:
    good = "".join(f"P{n},1,x\n" for n in range(8))
    council.deliver(MONTH, "school", "pupils.csv", "pupil_id,school_urn,surname\n" + good + "P8,,x\nP9,,x\n")
    assert statuses(council.receive(MONTH, "school")) == {"pupils": "used"}
    council.deliver(MONTH, "school", "pupils.csv", "pupil_id,school_urn,surname\n" + good + "P8,,x\n" * 2 + "P9\n")
    refused = council.receive(MONTH, "school")
    assert statuses(refused) == {"pupils": "refused"}
    assert reasons(refused)["pupils"].startswith("3 of 11 rows rejected, more than 20%")
    assert refused.tables == {}
    assert refused.rejected["line"].tolist() == [10, 11, 12]
    assert refused.deliveries[["rows", "accepted", "rejected"]].iloc[0].tolist() == [11, 0, 3]


def test_a_table_of_no_rows_is_used_where_nothing_is_lost_by_it(council: Any) -> None:
    council.deliver(MONTH, "school", "pupils.csv", "pupil_id,school_urn\n")
    council.deliver(MONTH, "school", "exclusions.csv", EXCLUSIONS.splitlines()[0])
    assert statuses(council.receive(MONTH, "school")) == {"pupils": "used", "exclusions": "used"}


def test_a_roster_of_no_rows_is_refused_where_the_one_before_had_some(council: Any) -> None:
    council.deliver("2026-09", "school", "pupils.csv", "pupil_id,school_urn\nP1,100001\n")
    council.run("2026-09", "school")
    council.deliver(MONTH, "school", "pupils.csv", "pupil_id,school_urn\n")
    received = council.receive(MONTH, "school")
    assert statuses(received) == {"pupils": "refused"}
    assert "roster of no rows" in reasons(received)["pupils"]


def test_rejected_rows_name_feed_table_file_line_rule_and_column(council: Any) -> None:
    council.settings = IntakeSettings(max_rejected_share=1)
    council.deliver(MONTH, "school", "pupils.csv", "pupil_id,school_urn\nP1,1\nP2,\n")
    row = council.receive(MONTH, "school").rejected.iloc[0]
    assert row.drop("record").tolist() == ["school", "pupils", "pupils.csv", MONTH, 3, "required", "school_urn"]


def test_an_event_of_a_person_whom_no_roster_knows_is_kept_and_counted(council: Any) -> None:
    council.deliver(MONTH, "school", "pupils.csv", PUPILS)
    council.deliver(MONTH, "school", "exclusions.csv", EXCLUSIONS + "X2,P9,SUSP,2026-09-02\n")
    received = council.run(MONTH, "school")
    assert len(received.tables["exclusions"]) == 2
    assert "1 unknown_person (pupil_id)" in reasons(received)["exclusions"]
    council.deliver("2026-11", "school", "exclusions.csv", EXCLUSIONS)
    assert "unknown_person" not in reasons(council.run("2026-11", "school"))["exclusions"]


def test_extra_columns_and_ignored_files_are_named(council: Any) -> None:
    council.deliver(MONTH, "school", "pupils.csv", "pupil_id,school_urn,House\nP1,1,Red\n")
    council.deliver(MONTH, "school", "readme.txt", "x")
    reason = reasons(council.receive(MONTH, "school"))["pupils"]
    assert reason == "extra columns ignored: House; files ignored: readme.txt"
