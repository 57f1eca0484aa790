"""A decision moved two where they stand together in one state and not in the other; one that confirms moves nobody."""

import pandas as pd
import pytest

from linkage.by_people import moved, placed


def state(**homes):
    """`a="h1 h2"`: a stands under both."""
    return pd.DataFrame([(key, home) for key, ids in homes.items() for home in ids.split()], columns=["key", "id"])


def pairs(*rows):
    return pd.DataFrame(rows, columns=["left", "right"])


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (state(a="h1", b="h1"), state(a="h1", b="h2"), {"a", "b"}),
        (state(a="h1", b="h2"), state(a="h7", b="h7"), {"a", "b"}),
        (state(a="h1", b="h1"), state(a="h9", b="h9"), set()),
        (state(a="h1", b="h2"), state(a="h1", b="h3"), set()),
        (state(a="h1", b="h2 h1"), state(a="h1", b="h2"), {"a", "b"}),
        (state(a="h1", c="h2"), state(a="h1", b="h1"), {"a", "b"}),
        (state(a="h1", b="h1"), state(c="h1"), {"a", "b"}),
        (state(), state(a="h1", b="h1"), set()),
    ],
    ids=["parted", "joined", "together", "apart", "one of two homes", "came", "both gone", "nothing before"],
)
def test_whom_a_decision_moved(before, now, found):
    assert moved(pairs(("a", "b"), ("c", "d")), before, now) == found


def test_without_a_decision_nobody_is_moved_by_one():
    assert moved(pairs(), state(a="h1", b="h1"), state(a="h1", b="h2")) == set()


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (state(a="f1"), state(a="f1"), set()),
        (state(a="f2"), state(a="f1"), {"a"}),
        (state(a="f1"), state(), {"a"}),
        (state(), state(a="f1"), {"a"}),
        (state(a="f2"), state(a="f3"), set()),
        (state(a="f1 f2"), state(a="f1"), set()),
    ],
    ids=["was there", "came", "is nowhere", "was nowhere", "of others", "left another"],
)
def test_whom_a_confirmation_moved(before, now, found):
    assert placed(pd.DataFrame({"key": ["a"], "id": ["f1"]}), before, now) == found
