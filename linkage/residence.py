"""Where each person's own records say that they live, weighed by who says so and how lately it was confirmed."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.dwellings import Dwellings
from linkage.enrolment import is_previous
from linkage.person_rows import TRUST, PersonRows, Tables
from linkage.runs import falling, in_order

# Share of a table's addresses that were out of date when written; a setting of experience, not of any one borough.
_STALE = {
    ("school", "pupils"): 0.05,
    ("school", "contacts"): 0.08,
    ("police", "nominals"): 0.08,
    ("mash", "people"): 0.1,
    ("nominations", "nominations"): 0.1,
    ("jobcentre", "claimants"): 0.13,
}
# Share of people who move in a year: what an address is worth falls with its age.
_MOVE_A_YEAR = 0.12
_UNDATED_YEARS = 2.0
# A protected address is given by someone who has fled there: it is newer than what others still hold.
_FLED = 8.0
# A second record of one table is half a copy of the first.
_COPY = 0.5


def sightings(people: PersonRows, dwellings: Dwellings, confirmed: pd.Series, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per record of a known address, with `person`, `dwelling`, `trust`, `confirmed`, `seen_on`, `protected`.

    `worth` is the log odds that the person still lives there, as far as this record tells; `confirmed` is the day on
    which each record's address was last surely believed.
    """
    rows = people.rows
    years = ((as_of - confirmed).dt.days / 365.25).fillna(_UNDATED_YEARS).clip(lower=0).to_numpy(np.float64)
    protected = rows["protected_address"].fillna(value=False).to_numpy(bool)
    seen = pd.DataFrame(
        {
            "person": rows["person"].to_numpy(),
            "dwelling": dwellings.of_row,
            "trust": rows["trust"].to_numpy(),
            "confirmed": confirmed.to_numpy(),
            "seen_on": confirmed.fillna(rows["extract_on"]).to_numpy(),
            "worth": _worth(rows["trust"].to_numpy(), years) + _FLED * protected,
            "protected": protected,
        }
    )
    return seen[(seen["dwelling"] >= 0).to_numpy()].reset_index(drop=True)


def _worth(trust: npt.NDArray[np.int64], years: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    stale = np.array([_STALE[table] for table in sorted(TRUST, key=TRUST.__getitem__)])[trust]
    wrong = 1 - (1 - stale) * np.exp(-_MOVE_A_YEAR * years)
    return np.asarray(np.maximum(np.log((1 - wrong) / wrong), 0.1))


def weigh(seen: pd.DataFrame) -> pd.DataFrame:
    """One row per person and dwelling with what its records are worth together, the best first within each person."""
    by_table = seen.groupby(["person", "dwelling", "trust"], sort=True)
    said = by_table.agg(
        best=("worth", "max"), worth=("worth", "sum"), from_on=("seen_on", "min"), seen_on=("seen_on", "max"),
        confirmed=("confirmed", "max"), protected=("protected", "max"),
    ).reset_index()  # fmt: skip
    said["worth"] = said["best"] + _COPY * (said["worth"] - said["best"])
    said["tables"] = np.left_shift(1, said["trust"].to_numpy())
    weighed = said.groupby(["person", "dwelling"], sort=True).agg(
        worth=("worth", "sum"), trust=("trust", "min"), from_on=("from_on", "min"), seen_on=("seen_on", "max"),
        confirmed=("confirmed", "max"), protected=("protected", "max"), tables=("tables", "sum"),
    ).reset_index()  # fmt: skip
    feeds = np.array(_FEEDS, dtype=object)[weighed["tables"]]
    return best_first(weighed.drop(columns="tables").assign(feeds=feeds))


def best_first(weighed: pd.DataFrame) -> pd.DataFrame:
    """The dwellings of each person, the surest first, then the one last seen, then the one told by the most trusted."""
    person, worth, seen_on, trust, dwelling = (
        weighed[name].to_numpy() for name in ("person", "worth", "seen_on", "trust", "dwelling")
    )
    order = in_order(person, falling(worth), falling(seen_on), trust, dwelling)
    return weighed.iloc[order].reset_index(drop=True)


def by_several_feeds(weighed: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Of each person and dwelling, whether more feeds than one tell of it."""
    several = [feeds for feeds in _FEEDS if " and " in feeds]
    return np.asarray(weighed["feeds"].isin(several).to_numpy(bool))


def _feeds(tables: int) -> str:
    """The feeds of some tables (a bit for each, by trust) in words."""
    return " and ".join(sorted({feed for (feed, _), trust in TRUST.items() if tables >> trust & 1}))


_FEEDS = [_feeds(tables) for tables in range(1 << len(TRUST))]


def confirmed_on(people: PersonRows, tables: Tables, as_of: pd.Timestamp) -> pd.Series:
    """The last day on which each record's address was surely believed; missing where nothing dates it."""
    rows = people.rows
    confirmed = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    for table, dated in (
        (("school", "pupils"), _pupils(tables)),
        (("school", "contacts"), _contacts(tables)),
        (("jobcentre", "claimants"), _claimants(tables, as_of)),
        (("mash", "people"), _mash(tables, as_of)),
        (("nominations", "nominations"), _nominations(tables)),
        (("police", "nominals"), _police(tables, as_of)),
    ):
        mine = (rows["trust"] == TRUST[table]).to_numpy()
        confirmed[mine] = rows.loc[mine, "source_id"].map(dated).to_numpy("datetime64[ns]")
    return confirmed.where(~(confirmed > as_of), as_of)


def _pupils(tables: Tables) -> pd.Series:
    pupils = tables["school", "pupils"]
    left = pupils["left_on"].where(pupils["left_on"] <= pupils["extract_on"])
    left = left.fillna(pupils["entry_on"].where(is_previous(pupils)))
    return _dated(pupils["source_id"], left.fillna(pupils["extract_on"]))


def _contacts(tables: Tables) -> pd.Series:
    """A school speaks to whom it rings about a pupil for as long as the pupil is there."""
    contacts = tables["school", "contacts"]
    of_pupil = contacts["pupil_id"].map(_pupils(tables))
    return _dated(contacts["source_id"], of_pupil.fillna(contacts["extract_on"]))


def _claimants(tables: Tables, as_of: pd.Timestamp) -> pd.Series:
    claims = tables["jobcentre", "claims"]
    return _dated(
        claims["claimant_id"], claims["ended_on"].where(claims["ended_on"] <= as_of).fillna(claims["extract_on"])
    )


def _mash(tables: Tables, as_of: pd.Timestamp) -> pd.Series:
    """Of children their own referrals and episodes; of their relatives, on whom nothing is opened, the children's."""
    referrals, episodes = tables["mash", "referrals"], tables["mash", "episodes"]
    open_until = episodes["ended_on"].where(episodes["ended_on"] <= as_of).fillna(episodes["extract_on"])
    ids = pd.concat([referrals["mash_id"], episodes["mash_id"]], ignore_index=True)
    own = _dated(ids, pd.concat([referrals["received_on"], open_until], ignore_index=True))
    related = tables["mash", "relationships"]
    one, other = related["mash_id"], related["related_mash_id"]
    of_kin = _dated(pd.concat([one, other]), pd.concat([other, one]).map(own))
    return own.combine_first(of_kin)


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
