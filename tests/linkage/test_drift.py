import numpy as np
import pandas as pd
import pytest

from linkage.drift import drift, refuse_drift
from linkage.engine import link
from linkage.errors import DriftError
from linkage.model import Model
from linkage.spec import LinkSpec


@pytest.fixture(scope="module")
def model(town: pd.DataFrame, people_spec: LinkSpec) -> Model:
    return link(town, people_spec).model


def as_trained(model: Model) -> dict[str, list[float]]:
    return {field: list(np.array(shares) * 1_000_000) for field, shares in model.profile.items()}


def test_the_training_table_has_not_drifted(model: Model) -> None:
    assert max(drift(model, as_trained(model)).values()) < 0.01
    refuse_drift(model, as_trained(model), 0.25)


def test_a_column_that_empties_is_refused_by_name(model: Model) -> None:
    counts = as_trained(model)
    counts["date of birth"] = [1_000_000.0] + [0.0] * (len(counts["date of birth"]) - 1)
    with pytest.raises(DriftError, match=r"date of birth \d.*train a new model"):
        refuse_drift(model, counts, 0.25)


def test_a_handful_of_pairs_proves_no_drift(model: Model) -> None:
    counts = {field: [50.0] + [0.0] * (len(shares) - 1) for field, shares in model.profile.items()}
    refuse_drift(model, counts, 0.25)
