"""Frames and their models: empty ones, typed ones, and errors that hold no value."""

import traceback

import pandas as pd
import pytest

from schemas.feeds import Exclusions
from schemas.frames import TableContractError, column_names, conform, empty, sql_types
from schemas.published import RejectedRecord
from schemas.registry import FEED_TABLES, PUBLISHED_TABLES

CANARY = "Zzyzxcanary"


@pytest.mark.parametrize("model", [*FEED_TABLES.values(), *PUBLISHED_TABLES.values()], ids=lambda model: model.__name__)
def test_an_empty_frame_conforms_to_its_model(model: type) -> None:
    assert conform(empty(model), model).dtypes.equals(empty(model).dtypes)


def one_rejected(**changes: object) -> pd.DataFrame:
    row = {"feed": "school", "table_name": "pupils", "file_name": "pupils.csv", "received_for": "2026-10", "line": 2}
    return pd.DataFrame([row | {"rule": "required", "column_name": None, "record": "{}"} | changes])


def test_a_frame_is_typed_ordered_and_cut_to_its_model() -> None:
    frame = conform(one_rejected(more=1)[::-1], RejectedRecord)
    assert list(frame.columns) == column_names(RejectedRecord)
    assert frame["line"].dtype == "Int64"
    assert frame["column_name"].isna().all()


@pytest.mark.parametrize("changes", [{"line": CANARY}, {"feed": CANARY}, {"received_for": CANARY}, {"line": 0}])
def test_an_error_names_the_column_and_never_the_value(changes: dict[str, object]) -> None:
    with pytest.raises(TableContractError) as caught:
        conform(one_rejected(**changes), RejectedRecord)
    told = "".join(traceback.format_exception(caught.value))
    assert next(iter(changes)) in told
    assert CANARY not in told


def test_a_missing_column_is_an_error() -> None:
    with pytest.raises(TableContractError, match="record"):
        conform(one_rejected().drop(columns="record"), RejectedRecord)


def test_days_are_held_as_days_and_instants_as_timestamps() -> None:
    assert sql_types(Exclusions)["started_on"] == "DATE"
    assert sql_types(PUBLISHED_TABLES["run"])["started_at"] == "TIMESTAMP"
