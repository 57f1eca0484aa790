"""Where each person lives: the dwellings their records name, weighed by who says so and how lately."""

from collections.abc import Iterator
from itertools import chain, combinations

import numpy as np
import pandas as pd

from linkage.dwellings import Dwellings
from linkage.person_rows import TRUST, PersonRows, Tables

# What one record's address is worth, by table: confirmed lately, and not.
_WORTH = {
    ("school", "pupils"): (5.0, 1.0),
    ("jobcentre", "claimants"): (4.0, 1.5),
    ("mash", "people"): (4.0, 1.5),
    ("school", "contacts"): (3.0, 1.0),
    ("nominations", "nominations"): (3.0, 1.0),
    ("police", "nominals"): (2.0, 1.0),
}
_FLED = 100.0
_LATELY = pd.DateOffset(months=12)


def sightings(people: PersonRows, dwellings: Dwellings, tables: Tables, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per record of a known address: `person`, `dwelling`, `trust`, `seen_on`, `worth`, `protected`, `feed`."""
    rows = people.rows
    confirmed = _confirmed_on(people, tables, as_of)
    lately = (confirmed >= as_of - _LATELY).to_numpy(bool)
    worth = np.array([_WORTH[table] for table in sorted(TRUST, key=TRUST.__getitem__)])
    protected = rows["protected_address"].fillna(value=False).to_numpy(bool)
    seen = pd.DataFrame(
        {
            "person": rows["person"].to_numpy(),
            "dwelling": dwellings.of_row,
            "trust": rows["trust"].to_numpy(),
            "seen_on": confirmed.fillna(rows["extract_on"]).to_numpy(),
            "worth": worth[rows["trust"].to_numpy(), np.where(lately, 0, 1)] + _FLED * protected,
            "protected": protected,
            "feed": rows["feed"].to_numpy(object),
        }
    )
    return seen[(seen["dwelling"] >= 0).to_numpy()].reset_index(drop=True)


def weigh(seen: pd.DataFrame) -> pd.DataFrame:
    """One row per person and dwelling with what its records are worth together, the best first within each person."""
    feeds, names = pd.factorize(seen["feed"], sort=True)
    # Records of one feed are copies of one belief, so that only the best of them counts.
    by_feed = seen.assign(feed=1 << feeds).groupby(["person", "dwelling", "feed"], sort=True)
    said = by_feed.agg(
        worth=("worth", "max"), trust=("trust", "min"), from_on=("seen_on", "min"), seen_on=("seen_on", "max"),
        protected=("protected", "max"),
    ).reset_index()  # fmt: skip
    weighed = said.groupby(["person", "dwelling"], sort=True).agg(
        worth=("worth", "sum"), trust=("trust", "min"), from_on=("from_on", "min"), seen_on=("seen_on", "max"),
        protected=("protected", "max"), feeds=("feed", "sum"),
    ).reset_index()  # fmt: skip
    order = ["person", "worth", "seen_on", "trust", "dwelling"]
    weighed = weighed.sort_values(order, ascending=[True, False, False, True, True], kind="stable", ignore_index=True)
    told = {sum(1 << n for n in some): " and ".join(names[list(some)]) for some in _subsets(len(names))}
    return weighed.assign(feeds=weighed["feeds"].map(told).astype(object))


def _subsets(size: int) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(range(size), count) for count in range(1, size + 1))


def _confirmed_on(people: PersonRows, tables: Tables, as_of: pd.Timestamp) -> pd.Series:
    """The last day on which each record's address was surely believed; missing where nothing dates it."""
    rows = people.rows
    confirmed = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    for table, dated in (
        (("school", "pupils"), _pupils(tables)),
        (("jobcentre", "claimants"), _claimants(tables, as_of)),
        (("mash", "people"), _mash(tables, as_of)),
        (("nominations", "nominations"), _nominations(tables)),
        (("police", "nominals"), _police(tables, as_of)),
    ):
        mine = (rows["trust"] == TRUST[table]).to_numpy()
        confirmed[mine] = rows.loc[mine, "source_id"].map(dated).to_numpy("datetime64[ns]")
    contacts = (rows["trust"] == TRUST["school", "contacts"]).to_numpy()
    confirmed = confirmed.where(~contacts, rows["extract_on"])
    return confirmed.where(~(confirmed > as_of), as_of)


def _pupils(tables: Tables) -> pd.Series:
    pupils = tables["school", "pupils"]
    left = pupils["left_on"].where(pupils["left_on"] <= pupils["extract_on"])
    left = left.fillna(pupils["entry_on"].where((pupils["enrolment_status"] == "P").fillna(value=False)))
    return _dated(pupils["source_id"], left.fillna(pupils["extract_on"]))


def _claimants(tables: Tables, as_of: pd.Timestamp) -> pd.Series:
    claims = tables["jobcentre", "claims"]
    return _dated(
        claims["claimant_id"], claims["ended_on"].where(claims["ended_on"] <= as_of).fillna(claims["extract_on"])
    )


def _mash(tables: Tables, as_of: pd.Timestamp) -> pd.Series:
    referrals, episodes = tables["mash", "referrals"], tables["mash", "episodes"]
    open_until = episodes["ended_on"].where(episodes["ended_on"] <= as_of).fillna(episodes["extract_on"])
    ids = pd.concat([referrals["mash_id"], episodes["mash_id"]], ignore_index=True)
    return _dated(ids, pd.concat([referrals["received_on"], open_until], ignore_index=True))


def _nominations(tables: Tables) -> pd.Series:
    nominations = tables["nominations", "nominations"]
    return _dated(nominations["source_id"], nominations["nominated_on"])


def _police(tables: Tables, as_of: pd.Timestamp) -> pd.Series:
    occurrences = tables["police", "occurrences"]
    past = occurrences[(occurrences["occurred_on"] <= as_of).to_numpy() & occurrences["nominal_id"].notna().to_numpy()]
    return _dated(past["nominal_id"], past["occurred_on"])


def _dated(ids: pd.Series, days: pd.Series) -> pd.Series:
    """The newest day of each id."""
    return pd.Series(days.to_numpy("datetime64[ns]"), index=ids.to_numpy(object)).groupby(level=0).max()
