import hashlib
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from borough.contract import COLUMNS, KEYS
from borough.council import BoroughSummary, make
from borough.errors import BoroughSettingError

Frames = Mapping[tuple[str, str, str], pd.DataFrame]
MONTHS = ("2026-08", "2026-09", "2026-10")


def test_every_table_of_every_feed_arrives_with_every_column(delivered: Frames) -> None:
    for feed, table in COLUMNS:
        found = [month for month in MONTHS if (month, feed, table) in delivered]
        assert found, (feed, table)
        for month in found:
            assert set(COLUMNS[feed, table]) <= set(delivered[month, feed, table].columns), (month, feed, table)


def test_the_job_centre_is_late_in_the_second_month_and_nobody_else_is(delivered: Frames) -> None:
    missing = {(month, feed) for month in MONTHS for feed, table in COLUMNS if (month, feed, table) not in delivered}
    assert missing == {("2026-09", "jobcentre")}


def test_a_late_feed_brings_what_it_owed(delivered: Frames) -> None:
    actions = pd.to_datetime(delivered["2026-10", "jobcentre", "progress"]["action_on"], errors="coerce")
    assert (actions.dt.month == 9).any()
    assert (actions.dt.month == 10).any()


def test_keys_repeat_only_in_the_few_rows_meant_to_be_broken(delivered: Frames) -> None:
    for (month, feed, table), frame in delivered.items():
        keys = frame[list(KEYS[feed, table])].fillna("").agg("|".join, axis=1)
        assert keys.duplicated().sum() <= 3 + 0.003 * len(frame), (month, feed, table)


def test_some_rows_cannot_be_used_but_very_few(delivered: Frames) -> None:
    pupils = pd.concat([delivered[month, "school", "pupils"] for month in MONTHS])
    attendance = delivered["2026-08", "school", "attendance"]
    known = attendance["term"].isin(["autumn", "spring", "summer"]) & attendance["academic_year"].notna()
    assert 0 < (~known).sum() < 0.01 * len(attendance)
    assert pupils["school_urn"].isna().sum() < 0.01 * len(pupils)


def test_files_come_in_several_forms(council: tuple[Path, BoroughSummary]) -> None:
    files = [path for path in council[0].glob("????-??/*/*") if path.suffix != ".toml"]
    headers = [path.read_bytes()[:400] for path in files if path.suffix == ".csv"]
    assert {path.suffix for path in files} == {".csv", ".parquet", ".xlsx"}
    assert any(header.startswith(b"\xef\xbb\xbf") for header in headers)
    assert any(b";" in header for header in headers)
    assert any(b"\t" in header for header in headers)


def test_a_delivery_note_states_what_was_sent(
    council: tuple[Path, BoroughSummary], read_file: Callable[[Path], pd.DataFrame]
) -> None:
    notes = sorted(council[0].glob("????-??/*/delivery.toml"))
    assert notes
    for note in notes:
        stated = tomllib.loads(note.read_text(encoding="utf-8"))
        for table, said in stated["tables"].items():
            path = next(note.parent.glob(f"{table}.*"))
            assert hashlib.sha256(path.read_bytes()).hexdigest() == said["sha256"]
            assert len(read_file(path)) == said["rows"]


def test_an_attendance_row_carries_a_code_or_three_sums_never_both(delivered: Frames) -> None:
    rows = delivered["2026-08", "school", "attendance"]
    coded, summed = rows["attendance_code"].notna(), rows["possible_sessions"].notna()
    assert coded.any()
    assert summed.any()
    assert not (coded & summed).any()


def test_counts_of_the_running_term_only_grow_as_a_whole(delivered: Frames) -> None:
    def total(month: str) -> pd.Series:
        rows = delivered[month, "school", "attendance"]
        rows = rows[(rows["academic_year"] == "2026/27") & (rows["term"] == "autumn") & rows["attendance_code"].notna()]
        rows = rows.drop_duplicates(["pupil_id", "attendance_code"], keep="last")
        return rows.assign(sessions=rows["sessions"].astype(int)).groupby("pupil_id")["sessions"].sum()

    september, october = total("2026-09"), total("2026-10")
    both = september.index.intersection(october.index)
    assert len(both) > 100
    assert (october[both] >= september[both]).all()


def test_a_code_that_has_no_sessions_any_more_is_sent_with_none(delivered: Frames) -> None:
    rows = delivered["2026-10", "school", "attendance"]
    assert (rows["sessions"] == "0").any()


def test_events_that_changed_are_sent_again_under_their_key(delivered: Frames) -> None:
    first, later = (delivered[month, "jobcentre", "claims"] for month in ("2026-08", "2026-10"))
    keys = ["claimant_id", "benefit_code", "started_on"]
    ended = first.merge(later, on=keys, suffixes=("", "_then"))
    assert (ended["ended_on"].isna() & ended["ended_on_then"].notna()).any()


def test_the_postcode_lookup_knows_every_postcode_of_the_town(
    council: tuple[Path, BoroughSummary], truth: Mapping[str, pd.DataFrame]
) -> None:
    lookup = pd.read_csv(council[0] / "postcodes.csv", dtype=str)
    homes = truth["dwellings"]
    town = homes.loc[homes["kind"] != "elsewhere", "postcode"]
    assert set(town) <= set(lookup["pcds"])
    assert list(lookup.columns) == ["pcds", "oslaua", "osward", "lsoa21", "lat", "long", "ward_name"]


def test_the_calendar_covers_three_whole_school_years(council: tuple[Path, BoroughSummary]) -> None:
    calendar = pd.read_csv(council[0] / "calendar.csv", parse_dates=["starts_on", "ends_on"])
    assert (calendar["starts_on"] < calendar["ends_on"]).all()
    assert calendar.groupby("academic_year")["term"].nunique().eq(3).all()
    assert len(calendar) >= 12


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make(tmp_path / name, people=600, months=2, seed=3)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def test_another_seed_gives_another_borough(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 4)):
        make(tmp_path / name, people=400, months=1, seed=seed)
    one, two = _bytes(tmp_path / "one"), _bytes(tmp_path / "two")
    assert one["truth/people.parquet"] != two["truth/people.parquet"]


def test_a_borough_is_replaced_but_a_strange_folder_is_not(tmp_path: Path) -> None:
    make(tmp_path / "landing", people=400, months=2, seed=3)
    make(tmp_path / "landing", people=400, months=1, seed=3)
    assert [path.name for path in sorted((tmp_path / "landing").glob("????-??"))] == ["2026-10"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep")
    with pytest.raises(BoroughSettingError, match="holds no borough"):
        make(tmp_path / "mine", people=400, months=1)
    assert (tmp_path / "mine" / "letter.txt").exists()


@pytest.mark.parametrize(
    "wrong", [{"people": 10}, {"months": 0}, {"until": "2026-13"}, {"until": "October"}, {"mistakes": 9.0}]
)
def test_a_wrong_setting_is_one_clear_sentence(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(BoroughSettingError, match=f"{next(iter(wrong))} must be"):
        make(tmp_path / "landing", **wrong)  # type: ignore[arg-type]


def _bytes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
