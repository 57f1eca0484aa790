import pandas as pd
import pytest

from linkage.evaluation import b_cubed, by_group, pairwise, within_household

CLUSTER = pd.Series(["a", "a", "a", "b", "c"])
TRUTH = pd.Series(["x", "x", "y", "y", "z"])


def test_pairs_found_right_and_true_are_counted() -> None:
    found = pairwise(CLUSTER, TRUTH)
    assert (found.right, found.found, found.true) == (1, 3, 2)
    assert found.precision == pytest.approx(1 / 3)
    assert found.recall == pytest.approx(1 / 2)


def test_b_cubed_is_an_average_over_records() -> None:
    found = b_cubed(CLUSTER, TRUTH)
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
    assert found.recall == pytest.approx((1 + 1 + 1 / 2 + 1 / 2 + 1) / 5)


def test_false_links_inside_a_household_are_counted_per_thousand_true_pairs() -> None:
    home = pd.Series(["h", "h", "h", "k", None])
    assert within_household(CLUSTER, TRUTH, home) == pytest.approx(1000 * 2 / 2)


def test_a_group_that_is_served_worse_shows() -> None:
    rates = by_group(CLUSTER, TRUTH, pd.Series(["p", "p", "q", "q", "p"])).set_index("group")
    assert rates.loc["q", "missed"] == 1.0
    assert rates.loc["p", "missed"] == 0.0
    assert rates.loc["all", "records"] == 5


def test_nothing_found_is_precise_and_not_complete() -> None:
    found = pairwise(pd.Series(["a", "b"]), pd.Series(["x", "x"]))
    assert (found.precision, found.recall, found.f1) == (1.0, 0.0, 0.0)
