"""Tables written to a month and read back, those of an older month among them."""

import pandas as pd
import pytest

from assets.snapshots import OlderMonthError, read_published, write
from assets.store import Store
from schemas.frames import conform, empty
from schemas.published import Run

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


def test_a_month_that_other_software_published_is_said_to_be_so_and_how_to_make_it_anew(store):
    row = dict.fromkeys(empty(Run).columns, "x") | {"month": MONTH, "software_version": "0.0.9", "settings": "{}"}
    row |= dict.fromkeys(("started_at", "finished_at"), pd.Timestamp("2026-11-05"))
    write(store, store.work_file(MONTH), "run", conform(pd.DataFrame([row]), Run))
    with store.connect(store.work_file(MONTH)) as connection:
        connection.execute("CREATE TABLE claims (claim_id VARCHAR, family_id VARCHAR)")
        connection.execute("INSERT INTO claims VALUES ('c1', 'somebody')")
    store.publish(MONTH)
    with pytest.raises(OlderMonthError) as caught:
        read_published(store, MONTH, "claims")
    told = str(caught.value)
    assert told.startswith(
        f"{MONTH} was published by Hearth 0.0.9 on 2026-11-05, and its table claims lacks route, amount_gbp"
    )
    assert told.endswith(f"hearth run --month {MONTH}")
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert "somebody" not in told
