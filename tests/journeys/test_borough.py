"""The real job on a small borough, held against its sealed truth."""

import pandas as pd
import pytest

from programme.claims import assess
from programme.cohort import identify
from programme.needs import judge
from programme.outcomes import judge as judge_outcomes
from programme.profile import load, shipped
from schemas.frames import empty
from schemas.published import Attachment

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


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_profile_judges_the_borough_from_needs_to_claims(borough, name):
    from assets.facts import facts_of  # noqa: PLC0415
    from assets.settings import Settings  # noqa: PLC0415
    from assets.store import Store  # noqa: PLC0415

    store = Store(borough.store)
    month = facts_of(store, Settings(landing=borough.landing), "2026-10", file=store.published_file("2026-10"))
    profile = load(name)
    needs = judge(profile, month)
    assert set(needs["criterion_id"]) == set(profile.criteria)
    assert set(needs["state"]) <= {"met", "not_met", "unknown"}
    assert needs["state"].eq("met").any()
    listed = identify(profile, needs, month.families, month="2026-10")
    assert set(listed["family_id"]) == set(month.families["family_id"])
    taken_on = attached(listed["family_id"].head(20), pd.Timestamp("2026-01-15"))
    results = judge_outcomes(profile, taken_on, month)
    assert set(results["family_id"]) == set(taken_on["family_id"])
    claims = assess(profile, results, taken_on, as_of=month.as_of)
    assert claims["family_id"].is_unique


def attached(families, day):
    blank = empty(Attachment)
    rows = {"family_id": families, "attached_on": day, "consent": "given"}
    return pd.DataFrame(rows, columns=blank.columns).astype(blank.dtypes.to_dict())
