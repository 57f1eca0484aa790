"""The real job on a small borough, held against its sealed truth."""

import json
import shutil

import pandas as pd
import pytest

pytestmark = pytest.mark.journey

MONTHS = ("2026-09", "2026-10")


@pytest.fixture(scope="module")
def borough(tmp_path_factory, council_type):
    from borough.council import make  # noqa: PLC0415

    council = council_type(tmp_path_factory.mktemp("borough"))
    make(council.landing, people=4_000, months=2, until="2026-10", seed=11)
    for month in MONTHS:
        result = council.run(month)
        assert result.exit_code == 0, result.stderr
    return council


@pytest.fixture(scope="module")
def figures(borough):
    from assets.store import Store  # noqa: PLC0415
    from pipelines.commands.evaluation import _read_truth, figures  # noqa: PLC0415

    return figures(Store(borough.store), "2026-10", _read_truth(borough.landing / "truth"))


def test_people_are_who_they_are(figures):
    assert figures["people, pairs of records: F1"] >= 0.96
    assert figures["people, pairs of records: precision"] >= 0.97


def test_people_live_with_those_whom_they_live_with(figures):
    assert figures["households, pairs of different people: F1"] >= 0.93


def test_families_keep_their_ids(figures):
    assert figures["of those, share that keep their id"] >= 0.995
    assert figures["ids changed though the family did not"] == 0


def test_families_are_identified_and_each_says_why(borough):
    cohort = borough.published("cohort")
    identified = cohort[cohort["is_identified"]]
    assert 0.01 <= len(identified) / len(cohort) <= 0.15
    assert identified["reason"].str.len().min() > 20
    assert identified["rank"].tolist() == list(range(1, len(identified) + 1))


def test_no_refuge_hostel_or_shared_house_is_one_family(borough):
    dwellings = pd.read_parquet(borough.landing / "truth" / "dwellings.parquet")
    shared = dwellings[dwellings["kind"].isin(["hmo", "hostel", "care_home"])]["uprn"].astype(str)
    households = borough.published("households")
    families = borough.published("families").merge(households, on="household_id")
    crowds = families[families["uprn"].isin(shared) & (families["adults"] > 4)]
    assert len(crowds) == 0


def test_every_protected_address_is_hidden(borough):
    households = borough.published("households")
    persons = borough.published("persons")
    members = borough.published("household_members")
    homes = members[members["to_on"].isna()].merge(persons[persons["protected"]], on="person_id")
    shown = households[households["household_id"].isin(homes["household_id"]) & ~households["protected"]]
    assert len(homes) > 0
    assert len(shown) == 0


def test_the_desks_of_agencies_reject_rows_and_the_month_goes_on(borough):
    deliveries = borough.published("deliveries")
    assert deliveries["rejected"].sum() > 0
    assert deliveries["rejected"].sum() == len(borough.published("rejected_records"))


def test_a_month_matched_by_what_changed_in_it_is_the_month_matched_whole(borough):
    from schemas.registry import PUBLISHED_TABLES  # noqa: PLC0415

    tables = [name for name in PUBLISHED_TABLES if name != "run"]
    by_change = {name: borough.published(name) for name in tables}
    looked_at = json.loads(borough.published("matching")["counts"].iloc[0])["looked_at"]
    assert 0 < looked_at < len(by_change["person_records"]) / 2
    shutil.rmtree(borough.store / "matching")
    result = borough.run(MONTHS[1])
    assert result.exit_code == 0, result.stderr
    for name in tables:
        pd.testing.assert_frame_equal(borough.published(name), by_change[name], obj=name)
