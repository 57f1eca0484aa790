"""The whole graph as Dagster's pages show it."""

import datetime as dt

import dagster as dg
import pytest
from dagster._core.remote_representation.external_data import RepositorySnap
from dagster_shared.serdes import serialize_value

from assets.settings import Settings
from pipelines.definitions import build
from pipelines.instance import _PRIVATE
from schemas.registry import INTERNAL_TABLES, PUBLISHED_TABLES
from schemas.vocabulary import Feed


@pytest.fixture(scope="module")
def graph():
    return build(Settings(schedule_day=7, schedule_hour=3)).get_repository_def().asset_graph


@pytest.mark.filterwarnings("ignore:Property `ScheduleDefinition.environment_vars`:DeprecationWarning")
def test_dagsters_pages_can_be_told_of_the_whole_graph():
    repository = build(Settings()).get_repository_def()
    told = serialize_value(RepositorySnap.from_def(repository))
    assert '"person_records"' in told


def test_there_is_one_asset_for_each_table_feed_and_the_publication(graph):
    names = {key.to_user_string() for key in graph.get_all_asset_keys()}
    assert names == {*PUBLISHED_TABLES, *INTERNAL_TABLES, *Feed, "publication"}


def test_every_asset_is_monthly_grouped_and_described_in_a_sentence(graph):
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert isinstance(node.partitions_def, dg.MonthlyPartitionsDefinition), key
        assert node.group_name in {"deliveries", "people", "programme", "publication"}, key
        assert node.description.endswith("."), key
        assert len(node.description) > 20, key


def test_the_checks_that_guard_publication_block_it(graph):
    blocking = {key.name for key in graph.asset_check_keys if graph.get_check_spec(key).blocking}
    assert blocking >= {
        "some_feed_delivered",
        "volumes_plausible",
        "columns_filled",
        "nobody_is_two_people",
        "every_record_has_one_person",
        "families_are_whole",
        "protected_addresses_are_hidden",
        "no_record_tells_where_the_protected_are",
        "cohort_not_emptied",
    }


def test_nothing_is_published_before_every_table_is_there(graph):
    above = {key.to_user_string() for key in graph.get(dg.AssetKey("publication")).parent_keys}
    assert above == {*PUBLISHED_TABLES, *INTERNAL_TABLES}


def test_the_schedule_runs_the_month_before_on_the_day_of_the_settings():
    definitions = build(Settings(schedule_day=7, schedule_hour=3))
    schedule = definitions.resolve_schedule_def("monthly_schedule")
    assert schedule.cron_schedule == "0 3 7 * *"
    context = dg.build_schedule_context(
        scheduled_execution_time=dt.datetime(2026, 11, 7, 3, tzinfo=dt.UTC),
        repository_def=definitions.get_repository_def(),
    )
    request = schedule.evaluate_tick(context).run_requests[0]
    assert (request.partition_key, request.run_key) == ("2026-10", "2026-10")


def test_an_instance_of_our_own_is_as_private_as_the_checkouts():
    for line in ("enabled: false", "class: NoOpComputeLogManager", "max_concurrent_runs: 1"):
        assert line in _PRIVATE
