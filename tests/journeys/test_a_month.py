"""The real job on deliveries in the contract's layout."""

import signal
import subprocess
import sys

import duckdb
import pytest

from assets.store import Store
from schemas.frames import sql_types
from schemas.registry import PUBLISHED_TABLES

pytestmark = pytest.mark.journey


def identified(council, month="2026-10"):
    cohort = council.published("cohort", month)
    return cohort[cohort["is_identified"]]


def test_a_month_publishes_every_table_and_column_of_the_contract(settled_council):
    with duckdb.connect(str(settled_council.store / "published" / "2026-10.duckdb"), read_only=True) as snapshot:
        for name, model in PUBLISHED_TABLES.items():
            columns = {row[0] for row in snapshot.execute(f'describe main."{name}"').fetchall()}
            assert columns >= set(sql_types(model)), name
    assert (settled_council.store / "published" / "current").read_text().strip() == "2026-10"


def test_six_people_in_fourteen_records_are_found_in_three_families(settled_council):
    records, persons = settled_council.published("person_records"), settled_council.published("persons")
    assert (len(records), len(persons), len(settled_council.published("families"))) == (11, 6, 3)
    known = records.groupby("person_id")["feed"].nunique().max()
    assert known == 5


def test_the_family_in_need_is_the_only_one_identified_and_its_needs_are_those_delivered(settled_council):
    assert len(identified(settled_council)) == 1
    family = identified(settled_council)["family_id"].iloc[0]
    needs = settled_council.published("needs")
    met = set(needs.loc[needs["family_id"].eq(family) & needs["state"].eq("met"), "criterion_id"])
    assert met >= {"SF1.1", "SF8.1", "SF10.1", "SF9.2"}


def test_a_family_with_good_attendance_and_no_incident_has_needs_not_met(settled_council):
    needs = settled_council.published("needs")
    others = needs[~needs["family_id"].isin(identified(settled_council)["family_id"])]
    attendance = others[others["criterion_id"].eq("SF1.1")]
    assert attendance["state"].tolist() == ["not_met", "not_met"]


def test_a_month_run_twice_publishes_the_same_rows_and_ids(council):
    council.deliver()
    council.run()
    before = {name: council.published(name) for name in PUBLISHED_TABLES if name != "run"}
    assert council.run().exit_code == 0
    for name, frame in before.items():
        assert council.published(name).equals(frame), name


def test_the_next_month_keeps_every_id_and_says_so(council):
    council.deliver("2026-09")
    council.deliver("2026-10")
    council.run("2026-09")
    council.run("2026-10")
    for table, key in (("persons", "person_id"), ("households", "household_id"), ("families", "family_id")):
        assert set(council.published(table, "2026-09")[key]) == set(council.published(table, "2026-10")[key])
    assert set(council.published("identity_events", "2026-10")["event"]) == {"kept"}
    assert identified(council)["change"].tolist() == ["same"]
    assert identified(council)["first_identified"].tolist() == ["2026-09"]


def test_an_absent_feed_is_late_and_its_criteria_are_unknown_or_still_proven(council):
    council.deliver("2026-10", feeds=("school", "mash", "jobcentre", "nominations"))
    assert council.run().exit_code == 0
    deliveries = council.published("deliveries")
    late = deliveries[deliveries["status"].eq("late")]
    assert (late["feed"].tolist(), late["file_name"].isna().all()) == (["police"], True)
    needs = council.published("needs")
    rests_on_police = needs[needs["feed"].str.contains("police")]
    assert len(rests_on_police)
    assert "not_met" not in set(rests_on_police["state"])


def test_a_late_feed_leaves_its_last_roster_standing(council):
    council.deliver("2026-09")
    council.deliver("2026-10", feeds=("school", "mash", "jobcentre", "nominations"))
    council.run("2026-09")
    council.run("2026-10")
    records = council.published("person_records", "2026-10")
    assert "police" in set(records["feed"])
    late = council.published("deliveries", "2026-10").query("status == 'late'")
    assert late["reason"].str.contains("2026-09").all()


def test_a_delivery_that_is_not_what_was_sent_is_refused_whole(council):
    council.deliver()
    council.promise("police", "nominals", rows=99)
    assert council.run().exit_code == 0
    deliveries = council.published("deliveries")
    police = deliveries[deliveries["feed"].eq("police")]
    assert set(police["status"]) == {"refused"}
    assert police["reason"].str.contains("99").any()
    assert "police" not in set(council.published("person_records")["feed"])


def test_a_broken_row_is_kept_whole_and_the_rest_is_used(council):
    council.deliver()
    file = council.landing / "2026-10" / "police" / "occurrences.csv"
    lines = file.read_text().splitlines()
    good = [line.replace("O1", f"O{n}") for n in range(2, 9) for line in lines[1:]]
    file.write_text("\n".join([*lines, *good, lines[1].replace("2026-08-15", "sometime").replace("O1", "O99")]) + "\n")
    assert council.run().exit_code == 0
    rejected = council.published("rejected_records")
    assert rejected[["feed", "table_name", "line", "rule", "column_name"]].to_numpy().tolist() == [
        ["police", "occurrences", 10, "date", "occurred_on"]
    ]
    assert "sometime" in rejected["record"].iloc[0]


def test_each_delivered_file_is_kept_as_received(settled_council):
    kept = {file.stem for file in (settled_council.store / "received").iterdir()}
    deliveries = settled_council.published("deliveries")
    assert set(deliveries["sha256"].dropna()) <= kept


def test_a_month_for_which_nobody_delivered_is_not_published(council):
    council.deliver("2026-09")
    result = council.run("2026-10")
    assert result.exit_code == 1
    assert "nothing has been published" in result.stderr
    assert "2026-10" in result.stderr
    assert not (council.store / "published").exists()


def test_a_landing_folder_that_does_not_exist_is_named(council):
    result = council.run()
    assert result.exit_code == 1
    assert "landing" in result.stderr


def test_a_second_writer_is_told_that_another_run_holds_the_store(council):
    council.deliver()
    with Store(council.store).writing():
        result = council.run()
    assert result.exit_code == 1
    assert "Another run is writing" in result.stderr


def test_a_month_that_no_calendar_of_ours_has_is_one_sentence(council):
    council.deliver()
    result = council.run("2099-01")
    assert result.exit_code == 1
    assert result.stderr.startswith("Making") or result.stderr.startswith("hearth:")
    assert "2099-01" in result.stderr
    assert "Traceback" not in result.output


def test_a_run_killed_half_way_leaves_what_was_published_and_can_be_run_again(council):
    council.deliver("2026-09")
    council.deliver("2026-10")
    council.run("2026-09")
    before = {name: council.published(name, "2026-09") for name in PUBLISHED_TABLES}
    command = [sys.executable, "-m", "pipelines.cli", "run", "--month", "2026-10"]
    with subprocess.Popen(command, env=council.environment, stderr=subprocess.PIPE, text=True) as run:
        for line in run.stderr:
            if "persons:" in line:
                run.kill()
                break
    assert run.returncode == -signal.SIGKILL
    assert (council.store / "published" / "current").read_text().strip() == "2026-09"
    assert all(council.published(name, "2026-09").equals(frame) for name, frame in before.items())
    assert council.run("2026-10").exit_code == 0
    assert set(council.published("persons", "2026-10")["person_id"]) == set(before["persons"]["person_id"])


def test_the_list_is_shown_and_written(settled_council, tmp_path):
    shown = settled_council.hearth("list")
    assert shown.exit_code == 0
    assert "Identified families, 2026-10" in shown.stdout
    written = settled_council.hearth("list", "--csv", str(tmp_path / "l.csv"), "--xlsx", str(tmp_path / "l.xlsx"))
    assert written.exit_code == 0
    assert (tmp_path / "l.csv").read_text("utf-8-sig").count("\n") == 2
    assert (tmp_path / "l.xlsx").stat().st_size > 5000


def test_a_list_of_a_month_that_is_not_published_says_what_is(settled_council):
    result = settled_council.hearth("list", "--month", "2020-01")
    assert result.exit_code == 1
    assert "2020-01" in result.stderr
    assert "published: 2026-10" in result.stderr
