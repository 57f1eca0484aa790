"""One run of Splink 5 on a set, as its documentation recommends, at the threshold that serves it best on the truth."""

import time
from typing import Any

import pandas as pd

from bench.sets import Set
from bench.splink_settings import described
from linkage.evaluation import pairwise

MAX_PAIRS = 1e6
THRESHOLDS = [-6, -4, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 22, 24, 27, 30, 35]  # match weights


def run(chosen: Set) -> tuple[pd.DataFrame, float, float]:
    """Clusters by record id, seconds of work (the search for the threshold apart), seconds of imports."""
    begun = time.perf_counter()
    import splink.comparison_library as library  # noqa: PLC0415 - the imports are measured
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415

    imported = time.perf_counter()
    told = described(chosen, library)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=told.comparisons,
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in told.blocks],
    )
    database = DuckDBAPI()
    linker = Linker(database.register(told.table), settings, log_level=None)
    known: list[Any] = [block_on(*columns) for columns in told.sure]
    linker.training.estimate_probability_two_random_records_match(known, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=MAX_PAIRS, seed=1)
    for columns in told.training:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns), max_pairs=MAX_PAIRS)
    predictions = linker.inference.predict(threshold_match_weight=min(THRESHOLDS))
    predicted = time.perf_counter()
    best, seconds = _best(linker, predictions, chosen)
    return best, predicted - imported + seconds, imported - begun


def _best(linker: Any, predictions: Any, chosen: Set) -> tuple[pd.DataFrame, float]:
    """The clusters of the best threshold, and how long one clustering takes; the others are let go at once."""
    best, best_f1, best_seconds = pd.DataFrame(), -1.0, 0.0
    for threshold in THRESHOLDS:
        begun = time.perf_counter()
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predictions, threshold_match_weight=threshold
        )
        clusters = found.as_pandas_dataframe()[["id", "cluster_id"]].rename(columns={"cluster_id": "cluster"})
        seconds = time.perf_counter() - begun
        found.drop_table_from_database_and_remove_from_cache()
        truth = chosen.truth.reindex(clusters["id"]).reset_index(drop=True)
        f1 = pairwise(clusters["cluster"], truth).f1
        if f1 > best_f1:
            best, best_f1, best_seconds = clusters, f1, seconds
    return best, best_seconds
