"""Every shipped profile through the real job: one borough matched once, then judged and published by each."""

import json
import shutil

import pandas as pd
import pytest

from programme.profile import load, shipped

pytestmark = pytest.mark.journey

MONTH = "2026-10"
# Whose programme it is does not change who is who: matching and homes are made once, and the rest by every profile.
JUDGED = (
    "deliveries",
    "rules",
    "needs",
    "attachments",
    "baselines",
    "cohort",
    "outcomes",
    "claims",
    "reviews",
    "changes",
    "run",
    "publication",
)


@pytest.fixture(scope="module")
def matched(tmp_path_factory, council_type):
    """A tiny borough whose month is made in whole, by the first profile, with some of its families taken on."""
    from borough.council import make  # noqa: PLC0415

    council = council_type(tmp_path_factory.mktemp("matched"))
    make(council.landing, people=1_500, months=1, until=MONTH, seed=11)
    result = council.run(MONTH, "--profile", shipped()[0])
    assert result.exit_code == 0, result.stderr
    families = council.published("families")["family_id"].sort_values().head(20)
    blank = dict.fromkeys(("agency", "closed_on", "close_reason"))
    taken_on = pd.DataFrame({"family_id": families, "attached_on": "2026-01-15", "consent": "given"})
    taken_on.assign(key_worker="W1", **blank).to_csv(council.store / "casebook" / "attachments.csv", index=False)
    return council


@pytest.fixture(scope="module")
def held(matched):
    """Every row that the feeds hold, as the evidence names it."""
    from assets.held import HeldTables  # noqa: PLC0415
    from assets.store import Store  # noqa: PLC0415

    tables = HeldTables(Store(matched.store), MONTH)
    return {(feed, table, key) for feed, table in tables for key in tables[feed, table]["source_id"]}


@pytest.fixture(scope="module", params=shipped())
def judged(request, matched, council_type, tmp_path_factory):
    """The month as this profile judges it, in a copy of the store."""
    import dagster as dg  # noqa: PLC0415

    from assets.settings import Settings  # noqa: PLC0415
    from pipelines.definitions import build  # noqa: PLC0415
    from pipelines.jobs import MONTHLY  # noqa: PLC0415

    council = council_type(tmp_path_factory.mktemp("judged"))
    shutil.copytree(matched.store, council.store, ignore=shutil.ignore_patterns("dagster", "published"))
    settings = Settings(landing=matched.landing, store=council.store, profile=request.param)
    job = build(settings).resolve_job_def(MONTHLY.name)
    with dg.DagsterInstance.ephemeral() as instance:
        keys = [dg.AssetKey(name) for name in JUDGED]
        result = job.execute_in_process(instance=instance, partition_key=MONTH, asset_selection=keys)
    assert result.success
    yield load(request.param), council
    shutil.rmtree(council.store)


def test_the_month_is_judged_by_this_profile_and_says_so(judged):
    profile, council = judged
    run = council.published("run").iloc[0]
    assert (run["programme"], run["programme_sha256"]) == (profile.name, profile.sha256)
    rules = council.published("rules")
    asked = {kind: set(rules.loc[rules["kind"].eq(kind), "rule_id"]) for kind in ("criterion", "headline", "outcome")}
    assert asked["criterion"] == set(profile.criteria)
    assert asked["headline"] == set(profile.headlines)
    assert asked["outcome"] == set(profile.outcomes)


def test_every_family_is_asked_every_criterion_once(judged):
    profile, council = judged
    needs, families = council.published("needs"), set(council.published("families")["family_id"])
    assert len(families) > 100
    assert not needs.duplicated(["family_id", "criterion_id"]).any()
    asked = set(zip(needs["family_id"], needs["criterion_id"], strict=True))
    assert asked == {(family, criterion) for family in families for criterion in profile.criteria}
    assert needs["state"].isin(["met", "not_met", "unknown"]).all()


def test_what_is_met_rests_on_rows_that_were_delivered(judged, held):
    _, council = judged
    needs = council.published("needs")
    met = needs.loc[needs["state"].eq("met"), "evidence"].map(json.loads)
    assert len(met) > 10
    assert met.map(len).min() > 0
    named = {(row["feed"], row["table"], row["source_id"]) for rows in met for row in rows}
    assert named <= held


def test_every_family_is_on_the_list_or_off_it_in_one_order(judged):
    profile, council = judged
    cohort = council.published("cohort")
    assert cohort["family_id"].is_unique
    assert set(cohort["family_id"]) == set(council.published("families")["family_id"])
    assert set(cohort["programme"]) == {profile.name}
    identified = cohort[cohort["is_identified"]]
    assert len(identified) > 0
    assert sorted(identified["rank"]) == list(range(1, len(identified) + 1))
    assert cohort.loc[~cohort["is_identified"], "rank"].isna().all()


def test_families_taken_on_have_every_result_judged_and_one_claim_at_most(judged):
    profile, council = judged
    taken_on, outcomes = set(council.published("attachments")["family_id"]), council.published("outcomes")
    assert len(taken_on) == 20
    assert not outcomes.duplicated(["family_id", "outcome_id"]).any()
    asked = set(zip(outcomes["family_id"], outcomes["outcome_id"], strict=True))
    assert asked >= {(family, outcome) for family in taken_on for outcome in profile.outcomes}
    # Where a result is made of needs, each of them is told too.
    assert set(outcomes["outcome_id"]) <= {*profile.outcomes, *profile.criteria}
    claims = council.published("claims")
    assert claims["family_id"].is_unique
    assert set(claims["family_id"]) <= taken_on
    assert claims["route"].str.split("+").explode().isin(list(profile.routes)).all()


def test_its_casework_and_its_money_can_be_printed(judged):
    profile, council = judged
    casework = council.hearth("casework", "--profile", profile.name)
    assert (casework.exit_code, casework.stderr) == (0, "")
    assert casework.stdout.startswith(f"{MONTH}  by the figures of {profile.name}\n")
    money = council.hearth("claims", "forecast", "--profile", profile.name)
    assert (money.exit_code, money.stderr) == (0, "")
    assert " 20 " in money.stdout
