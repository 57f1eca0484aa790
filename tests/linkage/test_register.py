import numpy as np
import pytest

from linkage.register import Register


def hashes(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.uint64)


@pytest.mark.parametrize("step", [1, 1 << 8, 1 << 40], ids=["apart", "some on one shelf", "all on one shelf"])
def test_each_hash_is_found_where_it_stands_and_no_other(step: int) -> None:
    known = hashes(*(step * number for number in (7, 3, 900, 12, 5)))
    wanted = hashes(*(step * number for number in (5, 12, 900, 3, 7, 5, 6, 901)))
    assert Register(known).places(wanted).tolist() == [4, 3, 2, 1, 0, 4, -1, -1]
    assert Register(known).is_distinct


def test_a_million_are_found() -> None:
    known = np.random.default_rng(1).integers(1, 2**64 - 1, 1_000_000, np.uint64, endpoint=True)
    order = np.random.default_rng(2).permutation(len(known))
    assert (Register(known).places(known[order]) == order).all()


def test_nothing_is_found_among_none() -> None:
    assert Register(hashes()).places(hashes(1, 2)).tolist() == [-1, -1]
    assert Register(hashes(1)).places(hashes()).tolist() == []


@pytest.mark.parametrize("known", [(5, 5), (1 << 40, 5, 1 << 40), (0, 1 << 40, 2 << 40, 1 << 40)])
def test_a_hash_that_stands_twice_is_told(known: tuple[int, ...]) -> None:
    assert not Register(hashes(*known)).is_distinct
