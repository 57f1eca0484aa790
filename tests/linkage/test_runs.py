import numpy as np
import pytest

from linkage.runs import Runs, falling, in_order, packed


def test_rows_of_the_same_numbers_are_one_run_in_order_of_the_numbers():
    one, other = np.array([2, 1, 2, 1, 2]), np.array([0, 5, 0, 4, 1])
    runs = Runs.of(one, other)
    assert len(runs) == 4
    assert runs.first(one).tolist() == [1, 1, 2, 2]
    assert runs.first(other).tolist() == [4, 5, 0, 1]
    assert runs.firsts.tolist() == [3, 1, 0, 4]


def test_of_each_run_the_first_the_sum_the_least_and_the_most():
    runs, values = Runs.of(np.array([1, 0, 1, 1])), np.array([5, 9, 3, 4])
    assert runs.first(values).tolist() == [9, 5]
    assert runs.total(values).tolist() == [9, 12]
    assert runs.least(values).tolist() == [9, 3]
    assert runs.most(values).tolist() == [9, 5]
    assert runs.most(values == 4).tolist() == [False, True]


def test_no_rows_have_no_runs():
    runs = Runs.of(np.zeros(0, np.int64))
    assert len(runs) == 0
    assert runs.total(np.zeros(0)).tolist() == runs.firsts.tolist() == []


@pytest.mark.parametrize("large", [1, 2**20, 2**40, 2**60])
def test_however_large_the_numbers_rows_are_sorted_by_them_in_turn(large):
    rows = [(-large, large, 5), (large, 0, -large), (-large, large, 5), (-large, 0, large), (-large, large, -1)]
    runs = Runs.of(*np.array(rows).T)
    assert runs.order.tolist() == sorted(range(len(rows)), key=lambda row: (rows[row], row))
    assert runs.of_each.tolist() == [2, 3, 2, 0, 1]


def test_rows_are_sorted_by_fractions_and_days_too_and_the_other_way_round():
    share = np.array([0.5, np.nan, 0.5, 1.5])
    day = np.array(["2026-10-02", "2026-10-01", "NaT", "2026-10-01"], "datetime64[ns]")
    assert in_order(share, day).tolist() == [0, 2, 3, 1]
    assert in_order(day, share).tolist() == [3, 1, 0, 2]
    assert in_order(falling(share), falling(day)).tolist() == [3, 0, 2, 1]
    assert in_order(falling(day)).tolist() == [0, 1, 3, 2]
    assert in_order(falling(share > 1), falling(np.array([1, 2, 3, 4]))).tolist() == [3, 2, 1, 0]


def test_the_one_number_of_a_row_takes_no_more_bits_than_told():
    key, bits = packed(np.array([0, 3, 1]), np.array([True, False, True]))
    assert (key.tolist(), bits) == ([1, 6, 3], 3)
