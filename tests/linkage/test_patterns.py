import numpy as np
import pytest

from linkage.patterns import distinct_patterns, packed, together

FEW, MANY = [3, 2, 4], [11] * 40  # more fields than one whole number holds


@pytest.mark.parametrize("radices", [FEW, MANY])
@pytest.mark.parametrize("parts", [1, 2, 7])
def test_patterns_found_part_by_part_are_those_found_at_once(radices: list[int], parts: int) -> None:
    chooser = np.random.default_rng(1)
    some = chooser.integers(0, radices, (25, len(radices))).astype(np.uint8)
    levels = some[chooser.integers(0, len(some), 200)]
    index, patterns = together(
        [distinct_patterns(packed(part, radices), radices) for part in np.array_split(levels, parts)], radices
    )
    at_once = distinct_patterns(packed(levels, radices), radices)
    assert np.array_equal(patterns[index], levels)
    assert np.array_equal(index, at_once[0])
    assert np.array_equal(patterns, at_once[1])


def test_no_rows_have_no_patterns() -> None:
    index, patterns = together([distinct_patterns(packed(np.empty((0, 3), np.uint8), FEW), FEW)], FEW)
    assert (len(index), patterns.shape) == (0, (0, 3))
