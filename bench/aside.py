"""Households and families without the couples of abuse who are kept apart although they live together.

The rule that keeps them apart is deliberate (`docs/decisions/0010`); what the other rules do is seen without them.
"""

import pandas as pd

from assets.store import Store
from linkage.household_evaluation import compare_families, compare_households
from pipelines.commands.evaluation import found_families, found_homes, lived, true_families, true_records


def aside(store: Store, month: str, truth: dict[str, pd.DataFrame], couples: pd.DataFrame) -> dict[str, float]:
    """`x_f1_aside` and `exact_aside`: no record of such a couple, and no family with one of them, counts.

    `couples` as `bench.dangers.couples_of_abuse` gives them.
    """
    parted = couples[couples["truly"] & ~couples["shown"]]
    left_out = {*parted["true_left"], *parted["true_right"]}
    records = true_records(store, month, truth)
    others = records[~records["person"].isin(left_out)].reset_index(drop=True)
    homes = found_homes(store, month, others)
    pairs = compare_households(others.set_index("record")["person"], lived(truth["residence"], month), homes)
    families = true_families(truth, month)
    theirs = families.loc[families["person"].isin(left_out), "family"]
    found = found_families(store, month, records)
    exact = compare_families(families[~families["family"].isin(theirs)], found, set(records["person"])).exact_share
    return {"x_f1_aside": pairs.f1, "exact_aside": exact}
