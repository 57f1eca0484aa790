"""Tables written to a month and read back, those of an older month among them."""

import pandas as pd
import pytest

from assets.snapshots import read_published, write
from assets.store import Store

MONTH = "2026-09"


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "store")
    homes = pd.DataFrame(
        {"household_id": ["h1"], "uprn": ["1"], "ward": ["Dock"], "members": [2], "protected": [False]}
    )
    write(opened, opened.work_file(MONTH), "households", homes.assign(postcode="ZZ1 1ZZ", lsoa="E01"))
    return opened


def test_a_table_is_read_as_it_was_written(store):
    store.publish(MONTH)
    assert read_published(store, MONTH, "households")["lsoa"].tolist() == ["E01"]


def test_a_column_added_since_a_month_was_published_is_missing_there(store):
    with store.connect(store.work_file(MONTH)) as connection:
        connection.execute("alter table households drop column lsoa")
    store.publish(MONTH)
    homes = read_published(store, MONTH, "households")
    assert homes["lsoa"].isna().all()
    assert homes["ward"].tolist() == ["Dock"]


@pytest.mark.parametrize(("month", "name"), [("2026-01", "households"), (MONTH, "reviews")])
def test_a_month_or_table_that_was_never_published_has_no_rows(store, month, name):
    store.publish(MONTH)
    assert read_published(store, month, name).empty
