import numpy as np

from linkage.runs import Runs


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
