import numpy as np
import pytest

from linkage.tallies import Tallies


@pytest.mark.parametrize("levels", [[3], [3, 2], [3, 2, 4, 5, 2, 3, 4]])
def test_sums_over_patterns_are_those_of_every_field_by_itself(levels: list[int]) -> None:
    chooser = np.random.default_rng(1)
    patterns = np.unique(chooser.integers(0, levels, (60, len(levels))).astype(np.uint8), axis=0)
    rows = patterns + np.cumsum([0, *levels[:-1]])
    tallies = Tallies(patterns, levels)

    said = chooser.random((sum(levels), 2))
    assert np.allclose(tallies.of_patterns(said), said[rows].sum(axis=1).T)

    held = chooser.random((2, len(patterns)))
    on_level = (rows[:, :, None] == np.arange(sum(levels))).any(axis=1)
    assert np.allclose(tallies.of_levels(held), (held @ on_level).T)
