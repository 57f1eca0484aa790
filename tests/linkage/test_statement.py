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
    doubtful = links["weight"].between(-2, 3).mean()
    assert drawn["band"].isin([1, 2]).mean() > 2 * doubtful
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


def a_month(chooser: np.random.Generator) -> pd.DataFrame:
    """Nine in ten of the joined for certain, as in a month, and some joined or parted by what others say."""
    weight = np.concatenate([chooser.uniform(8, 25, 7_000), chooser.uniform(-4, 8, 2_500)])
    is_joined = np.where(chooser.random(len(weight)) < 0.1, weight >= 4, weight >= 0)
    is_same = chooser.random(len(weight)) < 1 / (1 + 2.0 ** -(0.8 * weight))
    ids = [f"{n:05d}" for n in range(len(weight))]
    links = pd.DataFrame({"left_id": ids, "right_id": ids, "weight": weight, "is_joined": is_joined})
    return links.assign(is_same=np.where(is_same, "same", "different"))


def test_of_a_hundred_intervals_ninety_five_hold_the_truth_and_are_narrow() -> None:
    links = a_month(np.random.default_rng(5))
    same = links["is_same"].eq("same")
    truths = {"precision": same[links["is_joined"]].mean(), "recall": links["is_joined"][same].mean()}
    held, wide = dict.fromkeys(truths, 0), dict.fromkeys(truths, 0.0)
    for number in range(60):
        drawn = draw(links, 400, np.random.default_rng(number))
        read = drawn.merge(links, on=["left_id", "right_id"])["is_same"]
        found = state(drawn, read, read)
        for name, truth in truths.items():
            share = getattr(found, name)
            held[name] += share.low <= truth <= share.high
            wide[name] += (share.high - share.low) / 60
    assert min(held.values()) >= 0.92 * 60
    # Read in equal bands and weighed by what unequal pairs are worth together, both were .08 and more.
    assert max(wide.values()) < 0.05


def test_a_stratum_of_which_the_model_is_sure_is_read_all_the_same() -> None:
    certain = pd.DataFrame({"left_id": range(500), "right_id": range(500), "weight": 30.0, "is_joined": True})
    doubtful = certain.head(20).assign(weight=0.0, is_joined=False)
    drawn = draw(pd.concat([certain, doubtful], ignore_index=True), 60, np.random.default_rng(1))
    assert drawn["is_joined"].sum() >= 30


def test_a_month_in_which_nothing_is_joined_says_nothing_of_precision() -> None:
    drawn = pd.DataFrame({"is_joined": [False] * 4, "band": [0] * 4, "stands_for": [2.0] * 4})
    read = pd.Series(["same", "different", "different", "different"])
    found = state(drawn, read, read)
    assert (found.precision.pairs, found.recall.value, found.recall.pairs) == (0, 0.0, 1)


def test_readers_who_agree_by_chance_have_no_kappa() -> None:
    first = pd.Series(["same", "same", "different", "different"])
    second = pd.Series(["same", "different", "same", "different"])
    assert kappa(first, second) == pytest.approx(0.0)


def test_what_a_reader_cannot_tell_and_what_two_dispute_is_counted_and_left_out() -> None:
    drawn = pd.DataFrame({"is_joined": [True, True, True, False, False], "band": 2, "stands_for": [1.0] * 5})
    first = pd.Series(["same", "same", "cannot tell", "different", "same"])
    second = pd.Series(["same", "different", "cannot tell", "different", "cannot tell"])
    found = state(drawn, first, second)
    assert (found.settled, found.disputed, found.unsure) == (2, 1, 2)
    assert (found.precision.value, found.precision.pairs) == (1.0, 1)
    assert found.recall.value == 1.0


@pytest.mark.parametrize("size", [5, 23, 101, 5_000])
def test_a_sample_has_the_size_asked_for_or_all_there_is(links: pd.DataFrame, size: int) -> None:
    assert len(draw(links, size, np.random.default_rng(1))) == min(size, len(links))


def test_two_who_cannot_tell_agree() -> None:
    both = pd.Series(["same", "different", "cannot tell", "cannot tell"])
    assert kappa(both, both) == pytest.approx(1.0)
