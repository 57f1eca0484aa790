"""Persons, households and families from month to month under their lasting ids."""

from datetime import date

import pandas as pd

from linkage.households import Evidence
from linkage.lasting import identify_persons, settle
from linkage.ledger import Past
from linkage.people import describe
from schemas import published
from schemas.frames import conform, empty
from schemas.registry import FEED_TABLES

TEXT = pd.StringDtype("pyarrow")
ENDS = {"2026-08": date(2026, 8, 31), "2026-09": date(2026, 9, 30), "2026-10": date(2026, 10, 31)}
EMPTY = {key: empty(model) for key, model in FEED_TABLES.items()}
HOME, AWAY = ("12 High Street", "HB1 1AA"), ("7 Mill Lane", "HB2 2BB")


def claimants(*rows):
    """Each row: key (also the cluster), surname, born, address."""
    frame = EMPTY["jobcentre", "claimants"]
    given = pd.DataFrame(
        [(key, key, surname, pd.Timestamp(born), *address) for key, surname, born, address in rows],
        columns=["source_id", "claimant_id", "surname", "date_of_birth", "address_line_1", "postcode"],
    )
    held = {
        name: given[name].astype(kind) if name in given else pd.Series(pd.NA, index=given.index).astype(kind)
        for name, kind in frame.dtypes.items()
    }
    return pd.DataFrame(held)


def month(name, table, before=None, own=None):
    """Run one month of Job Centre records over what the month before published."""
    persons_before, homes_before = before or (None, None)
    ledger = None if before is None else pd.concat([persons_before.ledger, homes_before.ledger])
    past = Past(name, b"secret", **({} if ledger is None else {"earlier": ledger}))
    table = table.assign(extract_on=pd.Timestamp(ENDS[name]), received_for=name)
    tables = EMPTY | {("jobcentre", "claimants"): table}
    clusters = pd.DataFrame(
        {
            "feed": "jobcentre",
            "table_name": "claimants",
            "source_id": table["source_id"],
            "cluster_id": table["source_id"],
            "basis": "alone",
        }
    ).astype(TEXT)
    persons = identify_persons(clusters, past)
    evidence = Evidence(persons.person_records, describe(persons.person_records, tables), tables, ENDS[name])
    homes = settle(
        evidence,
        past,
        members_before=None if before is None else homes_before.household_members,
        households_before=None if before is None else homes_before.households,
    )
    return persons, homes


MARSHES = (("eve", "Marsh", "1988-01-02"), ("ann", "Marsh", "2015-05-01"))


def at(address, people=MARSHES):
    return claimants(*[(*person, address) for person in people])


def test_a_family_that_moves_keeps_its_ids_and_its_people_theirs():
    first = month("2026-08", at(HOME))
    second = month("2026-09", at(AWAY), first)
    assert set(second[0].person_records["person_id"]) == set(first[0].person_records["person_id"])
    assert second[1].families["family_id"].tolist() == first[1].families["family_id"].tolist()
    assert second[1].households["household_id"].tolist() == first[1].households["household_id"].tolist()


def test_a_stay_goes_on_while_it_is_seen_and_ends_where_it_is_not():
    dan = ("dan", "Marsh", "1986-01-02")
    first = month("2026-08", at(HOME, (*MARSHES, dan)))
    second = month("2026-09", pd.concat([at(HOME), at(AWAY, (dan,))], ignore_index=True), first)
    third = month("2026-10", pd.concat([at(HOME), at(AWAY, (dan,))], ignore_index=True), second)
    stays = third[1].household_members
    assert len(stays) == 4
    ended = stays[stays["to_on"].notna()]
    assert ended["to_on"].tolist() == [pd.Timestamp(2026, 9, 30)]
    assert ended["from_on"].tolist() == [pd.Timestamp(2026, 8, 31)]
    assert (stays["from_on"] == pd.Timestamp(2026, 8, 31)).sum() == 3


def test_a_newcomer_to_an_emptied_dwelling_is_another_household():
    first = month("2026-08", at(HOME))
    second = month("2026-09", at(HOME, (("joe", "Reed", "1970-01-02"),)), first)
    lived_in = second[1].households.loc[second[1].households["members"] > 0, "household_id"]
    assert set(lived_in).isdisjoint(first[1].households["household_id"])


def test_all_tables_are_as_published_and_no_address_stands_in_the_ledger():
    persons, homes = month("2026-08", at(HOME))
    for frame, model in (
        (persons.person_records, published.PersonRecord),
        (persons.identity_events, published.IdentityEvent),
        (homes.households, published.Household),
        (homes.household_members, published.HouseholdMember),
        (homes.families, published.Family),
        (homes.family_members, published.FamilyMember),
        (homes.identity_events, published.IdentityEvent),
    ):
        assert len(conform(frame, model)) == len(frame) > 0
    assert not homes.ledger["key"].str.contains("HIGH|HB1", regex=True).any()
    assert set(homes.households.columns) == set(conform(homes.households, published.Household).columns)


def test_months_without_anybody_are_empty_tables():
    persons, homes = month("2026-08", at(HOME, ()))
    assert all(frame.empty for frame in (persons.person_records, homes.households, homes.families, homes.ledger))


def test_a_household_that_moves_house_has_a_stay_that_ends_and_one_that_begins_with_the_move():
    first = month("2026-08", at(HOME))
    second = month("2026-09", at(AWAY), first)
    stays = second[1].household_members
    assert second[1].households["household_id"].tolist() == first[1].households["household_id"].tolist()
    ended, now = stays[stays["to_on"].notna()], stays[stays["to_on"].isna()]
    assert set(now["from_on"]) == {pd.Timestamp(2026, 9, 30)} == set(ended["to_on"])
    assert set(ended["from_on"]) == {pd.Timestamp(2026, 8, 31)}
    assert sorted(now["person_id"]) == sorted(ended["person_id"])


def test_whoever_leaves_every_feed_keeps_the_stay_with_its_end():
    first = month("2026-08", at(HOME))
    second = month("2026-09", at(HOME, MARSHES[:1]), first)
    third = month("2026-10", at(HOME, MARSHES[:1]), second)
    stays = third[1].household_members
    assert len(stays) == 2
    assert stays["to_on"].dropna().tolist() == [pd.Timestamp(2026, 9, 30)]
    assert len(set(stays["person_id"]) - set(third[0].person_records["person_id"])) == 1
