import numpy as np

from linkage.clusters import Clustering, Evidence, cluster
from linkage.pairs import Pairs, pack
from linkage.rules import Rules

NONE = np.empty(0, np.int64)


def pairs_of(*rows: tuple[int, int]) -> Pairs:
    return pack(*np.array(rows, np.int64).reshape(-1, 2).T)


def clusters(size: int, weights: dict[tuple[int, int], float], unknown: float = -6.0, apart: Pairs = NONE) -> list[int]:
    pairs = pairs_of(*weights)
    order = np.argsort(pairs)
    evidence = Evidence(
        pairs[order],
        np.array(list(weights.values()), np.float32)[order],
        lambda asked: np.full(len(asked), unknown, np.float32),
    )
    return cluster(size, evidence, Rules(apart, NONE, NONE, ()), Clustering(same=0.0)).cluster.tolist()


def test_pairs_that_all_agree_are_one_cluster() -> None:
    assert clusters(3, {(0, 1): 5.0, (0, 2): 4.0, (1, 2): 6.0}) == [0, 0, 0]


def test_one_wrong_pair_does_not_chain_two_families() -> None:
    first = {(a, b): 9.0 for a in range(4) for b in range(a + 1, 4)}
    second = {(a, b): 9.0 for a in range(4, 8) for b in range(a + 1, 8)}
    assert clusters(8, {**first, **second, (3, 4): 3.0}) == [0, 0, 0, 0, 4, 4, 4, 4]


def test_a_pair_never_compared_is_compared_before_it_splits_a_cluster() -> None:
    assert clusters(3, {(0, 1): 5.0, (1, 2): 5.0}, unknown=2.0) == [0, 0, 0]


def test_those_kept_apart_share_no_cluster_however_strong_the_rest() -> None:
    weights = {(a, b): 20.0 for a in range(5) for b in range(a + 1, 5)}
    found = clusters(5, weights, apart=pairs_of((0, 4)))
    assert found[0] != found[4]


def test_a_giant_chain_is_cut() -> None:
    size = 900
    chain = {(at, at + 1): 1.0 for at in range(size - 1)}
    found = clusters(size, chain)
    assert np.bincount(found).max() <= 150


def test_alone_stays_alone() -> None:
    assert clusters(3, {(0, 1): -3.0}) == [0, 1, 2]
