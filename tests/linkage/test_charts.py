import re

import pandas as pd
import pytest

from linkage.blocking_rules import in_words
from linkage.charts import bars, level_frequencies, match_weights, page, sizes
from linkage.engine import Linked, link
from linkage.spec import LinkSpec


@pytest.fixture(scope="module")
def linked(town: pd.DataFrame, people_spec: LinkSpec) -> Linked:
    return link(town, people_spec)


def test_a_run_is_one_page_that_needs_no_network(linked: Linked, people_spec: LinkSpec) -> None:
    html = page(linked, people_spec.settings)
    assert html.count("<svg") == 4 + 2 * len(linked.model.fields)
    assert "src=" not in html
    assert "href=" not in html


def test_no_name_is_on_the_page(linked: Linked, town: pd.DataFrame, people_spec: LinkSpec) -> None:
    html = page(linked, people_spec.settings).upper()
    assert not any(name.upper() in html for name in town["surname"].unique())


def test_agreeing_counts_for_a_match_and_differing_against(linked: Linked) -> None:
    weights = {name: dict(bars) for name, bars in match_weights(linked.model)}
    assert weights["surname"]["exact"] > 0 > weights["surname"]["different"]


def test_every_pair_kept_stands_on_one_level_of_each_field(linked: Linked) -> None:
    for name, rows in level_frequencies(linked.links, linked.model.fields):
        assert sum(count for _, count in rows) == len(linked.links), name


def test_pairs_joined_are_told_from_those_that_are_not(linked: Linked) -> None:
    surname = dict(dict(level_frequencies(linked.links, linked.model.fields))["surname"])
    assert surname["exact, joined"] > surname["exact, not joined"]


def test_thresholds_are_drawn_into_the_scores(linked: Linked, people_spec: LinkSpec) -> None:
    html = page(linked, people_spec.settings)
    assert html.count("<line") == 2
    assert f"joined from {people_spec.settings.same:+.1f} bits" in html


@pytest.mark.parametrize("values", [(3.0, 1.0), (3.0, -4.0), (-1.0, -4.0)])
def test_no_bar_is_drawn_over_a_label_or_a_figure(values: tuple[float, float]) -> None:
    label = "surname_start + forename_start + birth_year"
    drawn = bars([(label, values[0]), ("dob", values[1])])
    spans = [
        (float(x), float(x) + float(w)) for x, w in re.findall(r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn)
    ]
    assert len(spans) == 2
    assert all(7 * len(label) <= left and right <= 710 for left, right in spans)


def test_a_blocking_rule_names_columns_as_the_table_does() -> None:
    called = {"identifier_0": "nat_ins", "identifier_1": "old_ref"}
    assert in_words("identifier_0", called) == "nat_ins"
    assert in_words("shuffled_1", called) == "old_ref, characters in any order"
    assert in_words("forename + surname_initial", called) == "forename + surname initial"
    assert in_words("dob + any_name", called) == "date of birth + any name"


def test_clusters_are_counted_by_size() -> None:
    assert dict(sizes(["a", "b", "b", *"c" * 12])) == {"1": 1, "2": 1, **dict.fromkeys("3456789", 0), "10 or more": 1}
