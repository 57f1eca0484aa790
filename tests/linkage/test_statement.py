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
            "decision": np.where(weight >= 0, "same", "different"),
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
    read = drawn.merge(links, on=["left_id", "right_id"])["decision"]
    found = state(drawn, links, read, read)
    assert (found.precision.value, found.recall.value, found.kappa) == (1.0, 1.0, 1.0)
    assert found.precision.low > 0.9


def test_wrong_joins_lower_precision_by_their_true_share(links: pd.DataFrame) -> None:
    drawn = draw(links, 800, np.random.default_rng(2))
    weight = drawn.merge(links, on=["left_id", "right_id"])["weight"]
    read = pd.Series(np.where(weight >= 3, "same", "different"))
    found = state(drawn, links, read, read)
    assert found.precision.value == pytest.approx(17 / 20, abs=0.01)
    assert found.precision.low < 17 / 20 < found.precision.high


def test_readers_who_agree_by_chance_have_no_kappa() -> None:
    first = pd.Series(["same", "same", "different", "different"])
    second = pd.Series(["same", "different", "same", "different"])
    assert kappa(first, second) == pytest.approx(0.0)
