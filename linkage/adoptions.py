"""Children who were adopted: the record from before is of nobody who lives anywhere now.

By law the child is a new person, whose records must never meet the old ones. The old record stays with the safeguarding
hub among the birth family, where the child must not be shown any more.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.among import among
from linkage.care import spells
from linkage.mentions import never_links
from linkage.person_rows import TRUST, PersonRows, Tables

_WAYS = ["before", "after"]
# A school may hear of it some weeks later.
_HEARS_LATE = pd.DateOffset(months=1)


@dataclass(frozen=True)
class Told:
    """What is told of people: stated `ties`, `births` by person, and the day that last `confirmed` each record."""

    ties: pd.DataFrame
    births: pd.Series
    confirmed: pd.Series


def adopted(people: PersonRows, tables: Tables, told: Told, as_of: pd.Timestamp) -> npt.NDArray[np.bool_]:
    """Of each person, whether they are a child as it was known before an adoption.

    The hub's `never_link` names them beside somebody born on the same day; all their spells of being looked after have
    ended, and the other's have not begun before that; the two are no kin and have no parent in common, as twins would;
    and nothing but the hub's own record has confirmed them a month later. Which of the two a row names first does not
    count.
    """
    pairs = _never_linked(people, tables)
    care = _care(people, tables, as_of)
    pairs = pairs.assign(
        ended=pairs["before"].map(care["ended"]), begun=pairs["after"].map(care["begun"]),
        seen=pairs["before"].map(_seen(people, told.confirmed)),
        born=told.births.iloc[pairs["before"]].to_numpy(), born_after=told.births.iloc[pairs["after"]].to_numpy(),
    )  # fmt: skip
    same_birth = pairs["born"].notna() & (pairs["born"] == pairs["born_after"])
    over = pairs["ended"].notna() & ~(pairs["begun"] < pairs["ended"]) & ~(pairs["seen"] > pairs["ended"] + _HEARS_LATE)
    pairs = pairs.loc[(same_birth & over).to_numpy(bool), _WAYS]
    found = np.zeros(len(people.ids), bool)
    found[pairs.loc[~_related(pairs, told.ties), "before"].to_numpy(np.int64)] = True
    return found


def _never_linked(people: PersonRows, tables: Tables) -> pd.DataFrame:
    """Persons who must never be joined, both ways round: `before`, `after`."""
    pairs = never_links(tables)
    named = [_persons(people, pairs[name]) for name in ("left_id", "right_id")]
    ways = np.concatenate([np.column_stack(named), np.column_stack(named[::-1])])
    return pd.DataFrame(ways[(ways >= 0).all(axis=1)], columns=_WAYS).drop_duplicates(ignore_index=True)


def _persons(people: PersonRows, mentions: pd.Series) -> npt.NDArray[np.int64]:
    parts = mentions.str.split("|", n=2, expand=True).reindex(columns=range(3))
    found = np.full(len(mentions), -1, np.int64)
    for feed, table in TRUST:
        mine = (parts[0].eq(feed) & parts[1].eq(table)).to_numpy(bool)
        found[mine] = people.of(feed, table, parts.loc[mine, 2])
    return found


def _care(people: PersonRows, tables: Tables, as_of: pd.Timestamp) -> pd.DataFrame:
    """By person: when looked after first (`begun`), and when that last `ended`, missing while it goes on."""
    care = spells(people, tables, as_of)
    by_person = care.assign(goes_on=care["ended"].isna()).groupby("person")
    told = by_person.agg(begun=("begun", "min"), ended=("ended", "max"), goes_on=("goes_on", "max"))
    return told.assign(ended=told["ended"].mask(told["goes_on"].astype(bool)))


def _seen(people: PersonRows, confirmed: pd.Series) -> pd.Series:
    """By person, the last day on which a record other than the hub's confirmed them."""
    others = (people.rows["trust"] != TRUST["mash", "people"]).to_numpy()
    return confirmed[others].groupby(people.rows["person"].to_numpy()[others]).max()


def _related(pairs: pd.DataFrame, ties: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Of each pair, whether a record ties the two to each other or to one parent."""
    kin = ties[["left", "right"]]
    tied = among(pairs, kin) | among(pairs, kin[["right", "left"]])
    parents = ties.loc[(ties["tie"] == "parent").to_numpy(), ["left", "right"]]
    both = parents.merge(parents, on="left", suffixes=("", "_too"))
    return tied | among(pairs, both[["right", "right_too"]])
