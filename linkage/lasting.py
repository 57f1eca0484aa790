"""Persons, households and families under their lasting ids: the faces that the monthly run calls."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from linkage.by_people import NOBODYS, Why
from linkage.decided import Decided
from linkage.doubts import doubts
from linkage.families import Families, correct, form
from linkage.households import Evidence, Homes, build
from linkage.identity import Identified, identify
from linkage.identity_events import ids_now
from linkage.ledger import Past
from linkage.person_rows import TEXT
from linkage.ranks import places_of, ranked
from linkage.runs import Runs
from linkage.stay_history import changed_address, with_history


@dataclass(frozen=True)
class LastingPersons:
    """`person_records` as published; `ledger` and `identity_events` of persons."""

    person_records: pd.DataFrame
    ledger: pd.DataFrame
    identity_events: pd.DataFrame


@dataclass(frozen=True)
class LastingHomes:
    """The published tables of households and families, `ledger` and `identity_events` of both, and `doubts`."""

    households: pd.DataFrame
    household_members: pd.DataFrame
    families: pd.DataFrame
    family_members: pd.DataFrame
    ledger: pd.DataFrame
    identity_events: pd.DataFrame
    doubts: pd.DataFrame


def identify_persons(
    clusters: pd.DataFrame,
    past: Past,
    *,
    marks: pd.DataFrame | None = None,
    decided: pd.DataFrame | None = None,
) -> LastingPersons:
    """Lasting person ids for clusters of records (`feed`, `table_name`, `source_id`, `cluster_id`, `basis`).

    `marks`, as `linkage.known_again.known_again` gives them, say who is known again though every record is new; the
    ledger holds tokens of them. `decided` are the pairs of records that a coordinator has decided about since the month
    before, `left` and `right`, each as `feed|table_name|source_id`.
    """
    keys = record_keys(clusters)
    groups = pd.DataFrame({"group": clusters["cluster_id"].astype(TEXT), "key": keys})
    if marks is not None:
        groups = pd.concat([groups, _marked(clusters, keys, marks, past)], ignore_index=True)
    found = identify(groups, "person", past, why=Why(decided=decided))
    ids = _renamer(found)(clusters["cluster_id"])
    records = clusters.assign(person_id=ids)[["feed", "table_name", "source_id", "person_id", "basis"]]
    return LastingPersons(_sorted(records, "feed", "table_name", "source_id"), found.ledger, found.events)


def _marked(clusters: pd.DataFrame, keys: pd.Series, marks: pd.DataFrame, past: Past) -> pd.DataFrame:
    """A key of each cluster of one feed's records for each mark of them that no other cluster bears.

    The records of two feeds are not all replaced in one month.
    """
    (cluster,), names = ranked(clusters["cluster_id"])
    by_feed = Runs.of(cluster, pd.factorize(clusters["feed"])[0])
    of_one = np.bincount(by_feed.first(cluster), minlength=len(names)) == 1
    place = places_of(marks["key"], keys)
    (mark,), texts = ranked(marks["mark"][place >= 0])
    borne = Runs.of(mark, cluster[place[place >= 0]])
    mark, bearer = borne.first(mark), borne.first(cluster[place[place >= 0]])
    telling = of_one[bearer] & (np.bincount(mark, minlength=len(texts))[mark] == 1)
    # Behind any record's key in order: a new id is minted from the first of a person's keys.
    tokens = "~" + pd.Series(past.tokens("mark", texts.iloc[mark[telling]].tolist()), dtype=TEXT)
    return pd.DataFrame({"group": names.array.take(bearer[telling]), "key": tokens.array})


def record_keys(records: pd.DataFrame) -> pd.Series:
    """A record's key in the ledger: feed, table and source id."""
    return (
        records["feed"].astype(TEXT)
        + "|"
        + records["table_name"].astype(TEXT)
        + "|"
        + records["source_id"].astype(TEXT)
    )


def settle(
    evidence: Evidence,
    past: Past,
    *,
    members_before: pd.DataFrame | None = None,
    households_before: pd.DataFrame | None = None,
    why: Why = NOBODYS,
) -> LastingHomes:
    """Households and families of the evidence's day under lasting ids.

    `past.earlier`, `.own`, `.later` hold the whole ledger of those publications; `members_before` is the
    `household_members` of the nearest month before, whose stays go on or end here; `households_before` its
    `households`, by which it is known who moved house. Of `why` the human keys are people whose records a decision has
    moved, `decided` couples, and `belongs` people and families.
    """
    homes = build(evidence)
    as_of = pd.Timestamp(evidence.as_of)
    # Families and doubts are made from the same homes as households are, so that two cores can share the work.
    with ThreadPoolExecutor(1) as beside:
        of_families = beside.submit(_identify_families, homes, evidence.decided, past, why)
        of_doubts = beside.submit(doubts, homes, as_of)
        households = _identify_households(homes.households, homes.members, past, why)
        lasting_home = _renamer(households)
        members = homes.members.assign(household_id=lasting_home(homes.members["household_id"]))
        households_now = homes.households.assign(household_id=lasting_home(homes.households["household_id"]))
        moved = set() if households_before is None else changed_address(households_now, households_before)
        members = with_history(members, members_before, as_of, moved=moved)
        formed, families = of_families.result()
        doubtful = of_doubts.result()
    return LastingHomes(
        _households(households_now, members),
        members,
        _sorted(
            formed.families.assign(household_id=lasting_home(formed.families["household_id"])),
            "family_id",
        ),
        _sorted(formed.members, "family_id", "person_id"),
        pd.concat([households.ledger, families.ledger], ignore_index=True),
        pd.concat([households.events, families.events], ignore_index=True),
        doubtful.assign(household_id=lasting_home(doubtful["household_id"])),
    )


def _identify_households(households: pd.DataFrame, members: pd.DataFrame, past: Past, why: Why) -> Identified:
    """Household ids by who lives there; the same dwelling helps where people went two ways."""
    people = pd.DataFrame({"group": members["household_id"], "key": members["person_id"], "is_hint": False})
    (codes,), dwellings = ranked(households["dwelling"])
    tokens = "d" + pd.Series(past.tokens("dwelling", dwellings.tolist()), dtype=TEXT)
    places = pd.DataFrame({"group": households["household_id"], "key": tokens.array.take(codes), "is_hint": True})
    both = pd.concat([people, places], ignore_index=True)
    return identify(both, "household", past, why=why)


def _identify_families(homes: Homes, decided: Decided, past: Past, why: Why) -> tuple[Families, Identified]:
    """The families under lasting ids, as coordinators corrected them.

    A correction names a lasting id, so families take theirs once before it and, where there is one, once more after.
    What was said of a family that becomes part of another this month is said of that other.
    """
    formed, found = _under_lasting_ids(form(homes), past, why)
    if decided.families.empty:
        return formed, found
    said = decided.families.assign(family_id=ids_now(found.events, decided.families["family_id"]))
    return _under_lasting_ids(correct(formed, homes, said), past, why)


def _under_lasting_ids(formed: Families, past: Past, why: Why) -> tuple[Families, Identified]:
    keys = formed.members.rename(columns={"family_id": "group", "person_id": "key"})[["group", "key"]]
    found = identify(keys, "family", past, why=why)
    renamed = _renamer(found)
    families = formed.families.assign(family_id=renamed(formed.families["family_id"]))
    return Families(families, formed.members.assign(family_id=renamed(formed.members["family_id"]))), found


def _households(now: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The published columns; households of which only history is left stand without address and members."""
    # The dwelling's text is an address, so it goes no further than the ledger's token.
    now = now[["household_id", "uprn", "postcode", "ward", "lsoa", "members", "protected"]]
    (lives, of_member), _ = ranked(now["household_id"], members["household_id"])
    past = members.loc[~np.isin(of_member, lives), ["household_id"]].drop_duplicates()
    if past.empty:
        return _sorted(now, "household_id")
    past = past.assign(members=0, protected=False).astype({"members": "Int64", "protected": "boolean"})
    return _sorted(pd.concat([now, past], ignore_index=True).astype(now.dtypes.to_dict()), "household_id")


def _renamer(found: Identified) -> Callable[[pd.Series], pd.Series]:
    ids = found.ids["id"].array
    return lambda provisional: pd.Series(
        ids.take(places_of(provisional, found.ids["group"]), allow_fill=True), index=provisional.index
    )


def _sorted(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The rows in the order of these columns of text, the first foremost."""
    codes = [ranked(frame[name])[0][0] for name in reversed(columns)]
    return frame.iloc[np.lexsort(codes)].reset_index(drop=True)
