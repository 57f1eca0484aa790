import numpy as np
import pandas as pd
import pytest

from linkage.engine import link
from linkage.errors import ModelTextError
from linkage.model import Model
from linkage.spec import LinkSpec


@pytest.fixture(scope="module")
def model(town: pd.DataFrame, people_spec: LinkSpec) -> Model:
    return link(town, people_spec).model


def test_a_saved_model_is_the_model(model: Model) -> None:
    read = Model.from_text(model.to_text())
    assert read == model
    assert read.sha256 == model.sha256


def test_a_saved_model_scores_as_it_did_when_it_was_learnt(
    model: Model, town: pd.DataFrame, people_spec: LinkSpec
) -> None:
    fresh = link(town, people_spec)
    read = link(town, people_spec, model=Model.from_text(model.to_text()))
    pd.testing.assert_frame_equal(fresh.clusters, read.clusters)
    pd.testing.assert_frame_equal(fresh.links, read.links)


def test_an_altered_model_is_refused(model: Model) -> None:
    with pytest.raises(ModelTextError, match="altered"):
        Model.from_text(model.to_text().replace("matches = ", "matches = 1"))


def test_a_text_that_is_no_model_is_refused() -> None:
    with pytest.raises(ModelTextError, match="no model file"):
        Model.from_text("fields = []")


def test_no_value_that_few_records_share_is_in_the_model(model: Model, town: pd.DataFrame) -> None:
    surnames = town["surname"].str.upper().value_counts()
    named = set(model.frequencies["surname"])
    assert named
    assert all(surnames[name] >= 10 for name in named)


def test_shares_of_a_field_add_up_to_one(model: Model) -> None:
    for field in model.fields:
        if field.name != "date of birth":
            assert np.isclose(sum(field.match[1:]), 1.0, atol=1e-4)
            assert np.isclose(sum(field.chance[1:]), 1.0, atol=1e-4)


def test_matches_agree_far_more_often_than_strangers(model: Model) -> None:
    for field in model.fields:
        assert field.match[1] > field.chance[1]
