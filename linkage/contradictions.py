"""Clusters that contradict themselves: two records of one cluster that no one person can have.

A record without a birth date can tie a father to his son, or two people of one name, who would never have been joined
directly. The pairs found here are apart in a second match of the same records.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.ranks import places_of

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
    place = places_of(clusters["id"], mentions["mention_id"])
    years = mentions["date_of_birth"].dt.year.to_numpy(float)[place]
    ages = pd.factorize(mentions["age_group"])[0].astype(float)[place]
    apart = (_span(cluster, years) > _FURTHEST_SLIP) | (_span(cluster, np.where(ages < 0, np.nan, ages)) > 0)
    apart[np.unique(cluster[clusters["basis"].eq("clerical").to_numpy(bool)])] = False
    return np.asarray(apart[cluster], bool)


def _span(cluster: npt.NDArray[np.intp], told: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How far what is told of each cluster's records lies apart; below 0 where nothing is."""
    low, high = np.full(cluster.max(initial=-1) + 1, np.inf), np.full(cluster.max(initial=-1) + 1, -np.inf)
    known = ~np.isnan(told)
    np.minimum.at(low, cluster[known], told[known])
    np.maximum.at(high, cluster[known], told[known])
    return high - low


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
