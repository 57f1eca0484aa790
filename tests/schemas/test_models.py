"""The models of feed and published tables: what holds for each of them."""

import pytest

from schemas.columns import Kind
from schemas.frames import column_names, contract_columns, empty, sql_types
from schemas.registry import FEED_TABLES, PERSON_TABLES, PUBLISHED_TABLES, ROSTER_OF, ROSTERS

FEED_NAMES = sorted(FEED_TABLES)
KINDS_OF_TYPE = {
    "DATE": {Kind.DATE},
    "BIGINT": {Kind.WHOLE},
    "BOOLEAN": {Kind.FLAG},
    "VARCHAR": set(Kind) - {Kind.DATE, Kind.WHOLE, Kind.FLAG},
}


@pytest.mark.parametrize("name", FEED_NAMES, ids="/".join)
def test_a_feed_table_has_a_key(name: tuple[str, str]) -> None:
    assert any(column.key for column in contract_columns(FEED_TABLES[name]).values())


@pytest.mark.parametrize("name", FEED_NAMES, ids="/".join)
def test_a_column_is_held_as_its_kind_is_read(name: tuple[str, str]) -> None:
    types = sql_types(FEED_TABLES[name])
    assert all(c.kind in KINDS_OF_TYPE[types[column]] for column, c in contract_columns(FEED_TABLES[name]).items())


@pytest.mark.parametrize("name", FEED_NAMES, ids="/".join)
def test_only_coded_columns_have_codes_and_each_repair_is_of_the_set(name: tuple[str, str]) -> None:
    for column in contract_columns(FEED_TABLES[name]).values():
        assert bool(column.codes) == (column.kind is Kind.CODE)
        assert set(column.repairs.values()) <= {str(code) for code in column.codes}


@pytest.mark.parametrize("name", FEED_NAMES, ids="/".join)
def test_every_contract_column_carries_its_metadata_and_the_evidence_carries_none(name: tuple[str, str]) -> None:
    evidence = {"source_id", "received_for", "extract_on", "file_sha256", "line"}
    assert set(column_names(FEED_TABLES[name])) - set(contract_columns(FEED_TABLES[name])) == evidence


def test_rosters_person_tables_and_the_rosters_of_events_are_feed_tables() -> None:
    assert FEED_TABLES.keys() >= ROSTERS
    assert set(PERSON_TABLES) <= FEED_TABLES.keys()
    for (feed, event), (roster, column) in ROSTER_OF.items():
        assert (feed, roster) in ROSTERS
        assert (feed, event) not in ROSTERS
        assert column in contract_columns(FEED_TABLES[feed, event])
        assert contract_columns(FEED_TABLES[feed, roster])[column].key


@pytest.mark.parametrize("name", sorted(PUBLISHED_TABLES))
def test_a_published_table_can_be_empty_and_has_an_sql_type_for_every_column(name: str) -> None:
    model = PUBLISHED_TABLES[name]
    assert list(empty(model).columns) == column_names(model) == list(sql_types(model))
