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
    suspects = clusters[_may_contradict(mentions, clusters)]
    columns = ["mention_id", "date_of_birth", "age_group", *_IDENTIFIERS]
    mine = mentions.loc[mentions["mention_id"].isin(suspects["id"]), columns]
    told = suspects.merge(mine, left_on="id", right_on="mention_id")
    both = told.merge(told, on="cluster_id", suffixes=("", "_other"))
    both = both[both["id"] < both["id_other"]]
    found = both[_ages_apart(both) | _births_apart(both)]
    found = found[~_share_an_identifier(found)]
    return found[["id", "id_other"]].set_axis(["left_id", "right_id"], axis=1).reset_index(drop=True)


def _may_contradict(mentions: pd.DataFrame, clusters: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """The records of clusters within which ages or years of birth differ, but of none that a coordinator made."""
    cluster = pd.factorize(clusters["cluster_id"])[0]
    place = pd.Index(mentions["mention_id"]).get_indexer(pd.Index(clusters["id"]))
    told = pd.DataFrame(
        {
            "year": mentions["date_of_birth"].dt.year.to_numpy(float)[place],
            "age": pd.factorize(mentions["age_group"])[0].astype(float)[place],
        }
    )
    told = told.mask(told < 0).groupby(cluster).agg(["min", "max"])
    apart = told["year", "max"] - told["year", "min"] > _FURTHEST_SLIP
    apart |= told["age", "max"] > told["age", "min"]
    apart[np.unique(cluster[clusters["basis"].eq("clerical").to_numpy(bool)])] = False
    return np.asarray(apart.to_numpy(bool)[cluster], bool)


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
