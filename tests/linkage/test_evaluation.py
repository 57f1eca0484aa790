import pandas as pd
import pytest

from linkage.evaluation import b_cubed, kept_apart, pairwise, within_household, wrong_records

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


def test_a_record_is_missed_by_its_own_and_falsely_joined_to_others() -> None:
    wrong = wrong_records(CLUSTER, TRUTH)
    assert wrong["missed"].tolist() == [False, False, True, True, False]
    assert wrong["false"].tolist() == [True, True, True, False, False]


def test_nothing_found_is_precise_and_not_complete() -> None:
    found = pairwise(pd.Series(["a", "b"]), pd.Series(["x", "x"]))
    assert (found.precision, found.recall, found.f1) == (1.0, 0.0, 0.0)


def test_one_record_among_anothers_is_enough_not_to_be_kept_apart() -> None:
    pairs = pd.DataFrame({"left": ["x", "x", "y"], "right": ["y", "z", "unseen"]})
    assert kept_apart(CLUSTER, TRUTH, pairs) == (1, 2)
    assert kept_apart(TRUTH, TRUTH, pairs) == (2, 2)
