"""Families that the feeds can tell: without the second homes of which none of them says a word.

A child who lives with both parents by turns is of two true families. Where nothing delivered ties the child to anybody
grown in the second home, nobody could know of that family from the feeds, however well they are read.
"""

from collections.abc import Mapping

import pandas as pd

from assets.held import HeldTables
from assets.partitions import as_of
from assets.store import Store
from linkage.household_evaluation import compare_families, told_of
from pipelines.commands.evaluation import found_families, true_families, true_records


def told(store: Store, month: str, truth: dict[str, pd.DataFrame]) -> dict[str, float]:
    """How many true families are left out, and of the others the share whose members are exactly right."""
    records = true_records(store, month, truth)
    known = set(records["person"])
    ties = _stated(HeldTables(store, month), records.set_index("record")["person"])
    families = true_families(truth, month)
    of_feeds = told_of(families, known, _children_by_turns(truth["residence"], month), ties)
    found = found_families(store, month, records)
    every, some = (compare_families(each, found, known) for each in (families, of_feeds))
    return {"told": some.exact_share, "untold": float(every.true - some.true)}


def _children_by_turns(residence: pd.DataFrame, month: str) -> pd.DataFrame:
    """`family` and `person` of each child in a second home on the month's last day, as `truth/` names them."""
    from_on, to_on = (pd.to_datetime(residence[name]) for name in ("from_on", "to_on"))
    there = (from_on <= as_of(month)) & ~(to_on <= as_of(month)) & residence["is_second_home"]
    homes = residence[there.to_numpy(bool)]
    return pd.DataFrame({"family": "f" + homes["true_household_id"].astype(str), "person": homes["true_person_id"]})


def _stated(held: Mapping[tuple[str, str], pd.DataFrame], person: pd.Series) -> pd.DataFrame:
    """Pairs of true people whom a school's contacts, the hub's relationships or a claim state (`left`, `right`).

    `person` is the true person of each record, by `feed|table|source_id`.
    """
    contacts, related = held["school", "contacts"], held["mash", "relationships"]
    claimants = held["jobcentre", "claimants"].dropna(subset="partner_claimant_id")
    sides = (
        ("school|contacts|" + contacts["source_id"], "school|pupils|" + contacts["pupil_id"]),
        ("mash|people|" + related["mash_id"], "mash|people|" + related["related_mash_id"]),
        ("jobcentre|claimants|" + claimants["source_id"], "jobcentre|claimants|" + claimants["partner_claimant_id"]),
    )
    pairs = [
        pd.DataFrame({"left": left.astype(str).map(person), "right": right.astype(str).map(person)})
        for left, right in sides
    ]
    return pd.concat(pairs, ignore_index=True).dropna().drop_duplicates()
