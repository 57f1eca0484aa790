import numpy as np
import pandas as pd
import pytest

from linkage.statement import draw, kappa, state


@pytest.fixture
def links() -> pd.DataFrame:
    weight = np.linspace(-4, 20, 4_000)
    return pd.DataFrame(
        {
            "left_id": [f"a{n}" for n in range(4_000)],
            "right_id": [f"b{n}" for n in range(4_000)],
            "weight": weight,
            "is_joined": weight >= 0,
        }
    )


def test_a_sample_leans_to_where_doubt_is_and_stands_for_all(links: pd.DataFrame) -> None:
    drawn = draw(links, 200, np.random.default_rng(1))
    assert drawn["band"].isin([1, 2]).mean() > 0.5
    assert drawn["stands_for"].sum() == pytest.approx(len(links))


def test_the_same_chooser_draws_the_same_sample(links: pd.DataFrame) -> None:
    one, other = (draw(links, 50, np.random.default_rng(4)) for _ in range(2))
    pd.testing.assert_frame_equal(one, other)


def test_right_decisions_read_as_right_are_precise_and_complete(links: pd.DataFrame) -> None:
    drawn = draw(links, 200, np.random.default_rng(2))
    read = pd.Series(np.where(drawn["is_joined"], "same", "different"))
    found = state(drawn, read, read)
    assert (found.precision.value, found.recall.value, found.kappa) == (1.0, 1.0, 1.0)
    assert found.precision.low > 0.9


def test_wrong_joins_lower_precision_by_their_true_share(links: pd.DataFrame) -> None:
    drawn = draw(links, 800, np.random.default_rng(2))
    weight = drawn.merge(links, on=["left_id", "right_id"])["weight"]
    read = pd.Series(np.where(weight >= 3, "same", "different"))
    found = state(drawn, read, read)
    assert found.precision.value == pytest.approx(17 / 20, abs=0.01)
    assert found.precision.low < 17 / 20 < found.precision.high


def test_readers_who_agree_by_chance_have_no_kappa() -> None:
    first = pd.Series(["same", "same", "different", "different"])
    second = pd.Series(["same", "different", "same", "different"])
    assert kappa(first, second) == pytest.approx(0.0)


def test_what_a_reader_cannot_tell_and_what_two_dispute_is_counted_and_left_out() -> None:
    drawn = pd.DataFrame({"is_joined": [True, True, True, False, False], "stands_for": [1.0] * 5})
    first = pd.Series(["same", "same", "cannot tell", "different", "same"])
    second = pd.Series(["same", "different", "cannot tell", "different", "cannot tell"])
    found = state(drawn, first, second)
    assert (found.settled, found.disputed, found.unsure) == (2, 1, 2)
    assert (found.precision.value, found.precision.pairs) == (1.0, 1)
    assert found.recall.value == 1.0


def test_every_pair_of_the_size_asked_for_is_drawn_where_there_are_enough(links: pd.DataFrame) -> None:
    assert len(draw(links, 101, np.random.default_rng(1))) == 101


def test_two_who_cannot_tell_agree() -> None:
    both = pd.Series(["same", "different", "cannot tell", "cannot tell"])
    assert kappa(both, both) == pytest.approx(1.0)
