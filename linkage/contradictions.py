"""Clusters that contradict themselves: two records of one cluster that no one person can have.

A record without a birth date can tie a father to his son, or two people of one name, who would never have been joined
directly; or it is of a mother, and joins a woman who was born too early or too late to be it. The pairs found here are
apart in a second match of the same records.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.ranks import places_of

_IDENTIFIERS = ("upn", "nino", "nhs_number")
_FURTHEST_SLIP = 3  # years; a clerk's slip further off than this changes no other part of the date as well


def contradictions(mentions: pd.DataFrame, clusters: pd.DataFrame, bounds: pd.DataFrame) -> pd.DataFrame:
    """left_id and right_id of records in one cluster that are two people.

    One is of a child and one of an adult, their births are far apart, or one is of a parent or grandparent and the
    other of somebody who cannot have been it. `mentions` as `linkage.mentions.mentions` makes them; `clusters`: id,
    cluster_id, basis; `bounds` as `linkage.generations.birth_bounds` makes them. Records that share a UPN, NINO or NHS
    number, and clusters that a coordinator made, are left as they are.
    """
    place = places_of(clusters["id"], mentions["mention_id"])
    days = _days_of_birth(mentions, bounds).iloc[place].reset_index(drop=True)
    suspects = _may_contradict(clusters, days, mentions["age_group"].iloc[place])
    columns = ["date_of_birth", "age_group", *_IDENTIFIERS]
    mine = mentions[columns].iloc[place[suspects]].reset_index(drop=True)
    told = pd.concat([clusters[suspects].reset_index(drop=True), days[suspects].reset_index(drop=True), mine], axis=1)
    both = told.merge(told, on="cluster_id", suffixes=("", "_other"))
    both = both[(both["id"] < both["id_other"]).to_numpy(bool)]
    found = both[_ages_apart(both) | _births_apart(both) | _out_of_bounds(both)]
    found = found[~_share_an_identifier(found)]
    return found[["id", "id_other"]].set_axis(["left_id", "right_id"], axis=1).reset_index(drop=True)


def _days_of_birth(mentions: pd.DataFrame, bounds: pd.DataFrame) -> pd.DataFrame:
    """The `first` and the `last` day on which the person of each mention may be born: the birth date, else by kin."""
    born = mentions["date_of_birth"].to_numpy("datetime64[us]")
    bounded = places_of(bounds["id"], mentions["mention_id"])
    known = bounded >= 0
    days = {"first": "born_from", "last": "born_until"}
    by_kin = {name: np.full(len(born), np.datetime64("NaT"), "datetime64[us]") for name in days}
    for name, bound in days.items():
        by_kin[name][bounded[known]] = bounds[bound].to_numpy("datetime64[us]")[known]
    return pd.DataFrame({name: np.where(np.isnat(born), day, born) for name, day in by_kin.items()})


def _may_contradict(clusters: pd.DataFrame, days: pd.DataFrame, age_group: pd.Series) -> npt.NDArray[np.bool_]:
    """The records of clusters within which ages or births differ, but of none that a coordinator made."""
    cluster = pd.factorize(clusters["cluster_id"])[0]
    ages = pd.factorize(age_group)[0].astype(float)
    ages[ages < 0] = np.nan
    first, last = (_in_days(days[name]) for name in ("first", "last"))
    apart = _apart(cluster, first, last) | _apart(cluster, ages, ages)
    apart[np.unique(cluster[clusters["basis"].eq("clerical").to_numpy(bool)])] = False
    return np.asarray(apart[cluster], bool)


def _in_days(days: pd.Series) -> npt.NDArray[np.float64]:
    """Numbers of days, missing ones as such."""
    numbers = days.to_numpy("datetime64[D]").astype(np.float64)
    return np.where(days.isna().to_numpy(), np.nan, numbers)


def _apart(
    cluster: npt.NDArray[np.intp], first: npt.NDArray[np.float64], last: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Of each cluster, whether one record's first comes after another's last; what is missing tells nothing."""
    low, high = np.full(cluster.max(initial=-1) + 1, np.inf), np.full(cluster.max(initial=-1) + 1, -np.inf)
    np.fmin.at(low, cluster, last)
    np.fmax.at(high, cluster, first)
    return np.asarray(high > low, bool)


def _ages_apart(both: pd.DataFrame) -> npt.NDArray[np.bool_]:
    left, right = both["age_group"], both["age_group_other"]
    return (left.notna() & right.notna() & left.ne(right)).to_numpy(bool, na_value=False)


def _births_apart(both: pd.DataFrame) -> npt.NDArray[np.bool_]:
    left, right = both["date_of_birth"].dt, both["date_of_birth_other"].dt
    years = (left.year - right.year).abs()
    same_parts = left.day.eq(right.day).astype(int) + left.month.eq(right.month).astype(int)
    return np.asarray(years.gt(_FURTHEST_SLIP) & same_parts.lt(2), bool)


def _out_of_bounds(both: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Births that kin make impossible; of two that are dated, how far apart they may be is told by the dates."""
    dated = both["date_of_birth"].notna() & both["date_of_birth_other"].notna()
    apart = both["first"].gt(both["last_other"]) | both["first_other"].gt(both["last"])
    return np.asarray(apart & ~dated, bool)


def _share_an_identifier(both: pd.DataFrame) -> npt.NDArray[np.bool_]:
    shared = [both[name].eq(both[f"{name}_other"]).fillna(value=False) for name in _IDENTIFIERS]
    return np.asarray(np.column_stack([each.to_numpy(bool) for each in shared]).any(axis=1), bool)
