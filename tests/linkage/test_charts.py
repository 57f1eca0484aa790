import pandas as pd
import pytest

from linkage.charts import match_weights, page
from linkage.engine import Linked, link
from linkage.spec import LinkSpec


@pytest.fixture(scope="module")
def linked(town: pd.DataFrame, people_spec: LinkSpec) -> Linked:
    return link(town, people_spec)


def test_a_run_is_one_page_that_needs_no_network(linked: Linked, people_spec: LinkSpec) -> None:
    html = page(linked, people_spec.settings)
    assert html.count("<svg") == 4 + len(linked.model.fields)
    assert "src=" not in html
    assert "href=" not in html


def test_no_name_is_on_the_page(linked: Linked, town: pd.DataFrame, people_spec: LinkSpec) -> None:
    html = page(linked, people_spec.settings).upper()
    assert not any(name.upper() in html for name in town["surname"].unique())


def test_agreeing_counts_for_a_match_and_differing_against(linked: Linked) -> None:
    weights = {name: dict(bars) for name, bars in match_weights(linked.model)}
    assert weights["surname"]["exact"] > 0 > weights["surname"]["different"]
