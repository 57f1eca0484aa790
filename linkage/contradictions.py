"""Clusters that contradict themselves: two records of one cluster that no one person can have.

A record without a birth date can tie a father to his son, or two people of one name, who would never have been joined
directly. The pairs found here are apart in a second match of the same records.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

_IDENTIFIERS = ("upn", "nino", "nhs_number")
_FURTHEST_SLIP = 3  # years; a clerk's slip further off than this changes no other part of the date as well


def contradictions(mentions: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """left_id and right_id of records in one cluster: one of a child and one of an adult, or births that are far apart.

    `mentions` as `linkage.mentions.mentions` makes them; `clusters`: id, cluster_id, basis. Records that share a UPN,
    NINO or NHS number, and clusters that a coordinator made, are left as they are.
    """
    crowded = clusters[clusters["cluster_id"].duplicated(keep=False)]
    clerical = crowded.loc[crowded["basis"].eq("clerical"), "cluster_id"]
    crowded = crowded[~crowded["cluster_id"].isin(clerical)]
    columns = ["mention_id", "date_of_birth", "age_group", *_IDENTIFIERS]
    told = crowded.merge(mentions[columns], left_on="id", right_on="mention_id")
    both = told.merge(told, on="cluster_id", suffixes=("", "_other"))
    both = both[both["id"] < both["id_other"]]
    found = both[_ages_apart(both) | _births_apart(both)]
    found = found[~_share_an_identifier(found)]
    return found[["id", "id_other"]].set_axis(["left_id", "right_id"], axis=1).reset_index(drop=True)


def _ages_apart(both: pd.DataFrame) -> npt.NDArray[np.bool_]:
    left, right = both["age_group"], both["age_group_other"]
    return (left.notna() & right.notna() & left.ne(right)).to_numpy(bool, na_value=False)


def _births_apart(both: pd.DataFrame) -> npt.NDArray[np.bool_]:
    left, right = both["date_of_birth"].dt, both["date_of_birth_other"].dt
    years = (left.year - right.year).abs()
    same_parts = left.day.eq(right.day).astype(int) + left.month.eq(right.month).astype(int)
    return np.asarray(years.gt(_FURTHEST_SLIP) & same_parts.lt(2), bool)


def _share_an_identifier(both: pd.DataFrame) -> npt.NDArray[np.bool_]:
    shared = [both[name].eq(both[f"{name}_other"]).fillna(value=False) for name in _IDENTIFIERS]
    return np.asarray(np.column_stack([each.to_numpy(bool) for each in shared]).any(axis=1), bool)
