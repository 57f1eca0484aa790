"""Which models may make a month, and what is said where it is another than before."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from assets.checks import another_model
from assets.matching import DRIFTED
from assets.models import adopt, in_use, keep, misfit, models_for
from assets.snapshots import write
from assets.store import Store
from linkage.errors import ModelError
from linkage.shipped import borrowed_model
from schemas.frames import conform, empty
from schemas.published import Run

FIRST = borrowed_model()
SECOND, THIRD = (replace(FIRST, records=FIRST.records + more) for more in (1, 2))


@pytest.fixture
def store(tmp_path):
    """September made by the first model, October by the second, both kept."""
    made = Store(tmp_path)
    for month, model in (("2026-09", FIRST), ("2026-10", SECOND)):
        keep(made, model)
        row = dict.fromkeys(empty(Run).columns, "x") | {"month": month, "model_sha256": model.sha256, "settings": "{}"}
        row |= dict.fromkeys(("started_at", "finished_at"), pd.Timestamp("2026-11-05"))
        write(made, made.work_file(month), "run", conform(pd.DataFrame([row]), Run))
        made.publish(month)
    return made


def makers(store, month):
    return [model.sha256 for model in models_for(store, month)]


def test_a_month_is_made_by_its_own_model_and_where_the_data_drift_from_it_by_the_month_befores(store):
    assert makers(store, "2026-10") == [SECOND.sha256, FIRST.sha256]
    assert makers(store, "2026-11") == [SECOND.sha256]


def test_an_adopted_model_comes_first_and_what_made_the_months_stands_behind_it(store):
    adopt(store, THIRD)
    assert makers(store, "2026-10") == [THIRD.sha256, SECOND.sha256, FIRST.sha256]
    assert in_use(store) == THIRD


def test_a_model_of_another_table_is_not_adopted(store):
    strange = replace(FIRST, fields=FIRST.fields[:3])
    with pytest.raises(ModelError, match="knows the fields forename, middle names, surname; this version of"):
        adopt(store, strange)
    assert in_use(store) == SECOND


def test_a_model_of_the_fields_that_this_version_compares_fits():
    assert misfit(FIRST) is None


@pytest.mark.parametrize(
    ("drifted", "before", "said"),
    [
        ([], THIRD.sha256, ": one was adopted"),
        ([], FIRST.sha256, ": the month before had too few records to learn one from"),
        (["the data have drifted (address 0.31)"], THIRD.sha256, ": the data have drifted (address 0.31)"),
    ],
)
def test_a_month_says_why_another_model_made_it(drifted, before, said):
    matching = pd.DataFrame({"model_sha256": ["x"], "counts": [json.dumps({DRIFTED: drifted})]})
    assert said in another_model(matching, before)
