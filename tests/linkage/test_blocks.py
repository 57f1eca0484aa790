import numpy as np
import pandas as pd

from linkage.blocks import Blocked
from linkage.hashing import of_numbers
from linkage.pairs import unpack

HALF = 1 << 32


def blocked(*stands: tuple[int, int]) -> Blocked:
    rows, hashes = zip(*stands, strict=True)
    return Blocked.of(np.array(rows, np.int32), np.array(hashes, np.uint64))


def test_records_of_one_hash_are_a_block_in_the_order_of_the_table() -> None:
    found = blocked((7, 3 * HALF), (2, 5 * HALF), (9, 3 * HALF), (1, 3 * HALF))
    assert found.rows.tolist() == [1, 7, 9, 2]
    assert found.sizes.tolist() == [3, 1]
    assert found.names.tolist() == [3 * HALF, 5 * HALF]


def test_of_a_hash_its_upper_half_counts() -> None:
    found = blocked((4, 3 * HALF + 1), (0, 3 * HALF + 2), (5, 4 * HALF + 1))
    assert [side.tolist() for side in unpack(found.pairs())] == [[0], [4]]


def test_pairs_can_be_had_of_some_blocks_alone() -> None:
    found = blocked((7, 3 * HALF), (2, 5 * HALF), (9, 3 * HALF), (4, 5 * HALF), (1, 3 * HALF))
    assert sorted(zip(*(side.tolist() for side in unpack(found.pairs())), strict=True)) == [
        (1, 7),
        (1, 9),
        (2, 4),
        (7, 9),
    ]
    second = np.array([False, True])
    assert [side.tolist() for side in unpack(found.pairs(second))] == [[2], [4]]
    assert found.only(second).rows.tolist() == [2, 4]


def test_a_row_that_stands_in_a_block_twice_is_no_pair_with_itself() -> None:
    found = blocked((7, 3 * HALF), (7, 3 * HALF), (9, 3 * HALF))
    assert [side.tolist() for side in unpack(found.pairs())] == [[7, 7], [9, 9]]


def test_a_row_of_the_largest_number_keeps_its_place() -> None:
    last = np.iinfo(np.int32).max
    assert blocked((last, 2**64 - 1), (0, 2**64 - 1)).rows.tolist() == [0, last]


def test_every_date_and_every_year_has_a_name_of_its_own() -> None:
    days = pd.date_range("1850-01-01", "2049-12-31")
    dates = (days.year * 10_000 + days.month * 100 + days.day).to_numpy()
    for numbers in (
        dates,
        np.unique(dates // 100),
        np.unique(dates // 10_000),
        np.unique(dates % 10_000),
        np.arange(10),
    ):
        names = of_numbers(numbers) >> np.uint64(32)
        assert names.all()
        assert len(np.unique(names)) == len(numbers)
