"""What coordinators decided of homes and families, against what the records say."""

from datetime import date

import pandas as pd
import pytest

from linkage.by_people import Why
from linkage.decided import BASIS_FAMILY, BASIS_HOME, Decided
from linkage.households import Evidence
from linkage.identity_events import ids_now
from linkage.lasting import identify_persons, settle
from linkage.ledger import Past
from linkage.people import describe
from schemas.frames import empty
from schemas.registry import FEED_TABLES

TEXT = pd.StringDtype("pyarrow")
EMPTY = {key: empty(model) for key, model in FEED_TABLES.items()}
HOME, AWAY = ("12 High Street", "HB1 1AA"), ("7 Mill Lane", "HB2 2BB")
ENDS = {"2026-09": date(2026, 9, 30), "2026-10": date(2026, 10, 31)}
ANN, EVE, DAN = ("ann", "Marsh", "2015-05-01"), ("eve", "Marsh", "1988-01-02"), ("dan", "Marsh", "1986-01-02")


def month(name, people, before=None, decide=None):
    """People with their addresses as Job Centre records; `decide` makes the decisions from the ids by name."""
    given = pd.DataFrame(
        [(who, who, surname, pd.Timestamp(born), *address) for (who, surname, born), address in people],
        columns=["source_id", "claimant_id", "surname", "date_of_birth", "address_line_1", "postcode"],
    ).assign(extract_on=pd.Timestamp(ENDS[name]), received_for=name)
    frame = EMPTY["jobcentre", "claimants"]
    held = {
        column: given[column].astype(kind) if column in given else pd.Series(pd.NA, index=given.index).astype(kind)
        for column, kind in frame.dtypes.items()
    }
    tables = EMPTY | {("jobcentre", "claimants"): pd.DataFrame(held)}
    clusters = pd.DataFrame(
        {
            "feed": "jobcentre",
            "table_name": "claimants",
            "source_id": given["source_id"],
            "cluster_id": given["source_id"],
            "basis": "alone",
        }
    ).astype(TEXT)
    ledger = {} if before is None else {"earlier": before.ledger}
    persons = identify_persons(clusters, Past(name, b"secret", **ledger))
    ids = persons.person_records.set_index("source_id")["person_id"]
    described = describe(persons.person_records, tables)
    decided = Decided() if decide is None else decide(ids)
    evidence = Evidence(persons.person_records, described, tables, ENDS[name], decided=decided)
    homes = settle(
        evidence,
        Past(name, b"secret", **ledger),
        members_before=None if before is None else before.homes.household_members,
        why=Why(
            decided=decided.homes.rename(columns={"left_person_id": "left", "right_person_id": "right"}),
            belongs=decided.families.rename(columns={"person_id": "key", "family_id": "id"}),
        ),
    )
    return Month(persons, homes, ids)


class Month:
    def __init__(self, persons, homes, ids):
        self.homes, self.ids = homes, ids
        self.names = dict(zip(ids, ids.index, strict=True))
        self.ledger = pd.concat([persons.ledger, homes.ledger], ignore_index=True)

    def together(self):
        now = self.homes.household_members
        now = now[now["to_on"].isna()]
        return sorted(sorted(map(self.names.get, people)) for _, people in now.groupby("household_id")["person_id"])

    def families(self):
        members = self.homes.family_members
        return sorted(sorted(map(self.names.get, people)) for _, people in members.groupby("family_id")["person_id"])


def said_of_homes(ids, *rows):
    frame = pd.DataFrame(
        [(ids[one], ids[other], decision, pd.Timestamp(on)) for one, other, decision, on in rows],
        columns=["left_person_id", "right_person_id", "decision", "decided_on"],
    )
    return Decided(homes=frame)


def said_of_family(family_id, person_id, is_member):
    frame = pd.DataFrame(
        {
            "family_id": pd.array([family_id], dtype=TEXT),
            "person_id": pd.array([person_id], dtype=TEXT),
            "is_member": pd.array([is_member], dtype="boolean"),
            "decided_on": [pd.Timestamp(2026, 10, 1)],
        }
    )
    return Decided(families=frame)


def test_people_of_one_address_whom_a_coordinator_keeps_apart_are_not_one_household():
    def apart(ids):
        return said_of_homes(ids, ("dan", "eve", "apart", "2026-10-01"))

    found = month("2026-10", [(ANN, HOME), (EVE, HOME), (DAN, HOME)], decide=apart)
    assert not any({"dan", "eve"} <= set(home) for home in found.together())
    assert not any({"dan", "eve"} <= set(family) for family in found.families())


def test_people_of_two_addresses_whom_a_coordinator_brings_together_are_one_household():
    def together(ids):
        return said_of_homes(ids, ("eve", "dan", "together", "2026-10-01"))

    found = month("2026-10", [(ANN, HOME), (EVE, HOME), (DAN, AWAY)], decide=together)
    assert found.together() == [["ann", "dan", "eve"]]
    assert BASIS_HOME in found.homes.household_members["basis"].tolist()


def test_the_newer_of_two_decisions_binds_whichever_way_round_the_two_are_named():
    def both(ids):
        return said_of_homes(ids, ("eve", "dan", "together", "2026-10-02"), ("dan", "eve", "apart", "2026-10-01"))

    found = month("2026-10", [(ANN, HOME), (EVE, HOME), (DAN, AWAY)], decide=both)
    assert found.together() == [["ann", "dan", "eve"]]


def test_a_confirmed_member_joins_the_family_and_it_keeps_its_id():
    lodger = ("joe", "Reed", "1950-01-02")
    people = [(ANN, HOME), (EVE, HOME), (lodger, AWAY)]
    first = month("2026-09", people)
    family = first.homes.families["family_id"].iloc[0]
    second = month("2026-10", people, first, decide=lambda ids: said_of_family(family, ids["joe"], is_member=True))
    assert second.families() == [["ann", "eve", "joe"]]
    assert second.homes.families["family_id"].tolist() == [family]
    assert second.homes.families["adults"].tolist() == [2]
    told = second.homes.family_members.set_index("person_id")["basis"]
    assert told[second.ids["joe"]] == BASIS_FAMILY


def test_somebody_who_was_said_not_to_belong_leaves_the_family_and_not_the_household():
    people = [(ANN, HOME), (EVE, HOME), (DAN, HOME)]
    first = month("2026-09", people)
    family = first.homes.families["family_id"].iloc[0]
    second = month("2026-10", people, first, decide=lambda ids: said_of_family(family, ids["dan"], is_member=False))
    assert second.families() == [["ann", "eve"]]
    assert second.together() == [["ann", "dan", "eve"]]
    assert second.homes.families["family_id"].tolist() == [family]


def test_a_family_without_its_only_child_is_none_any_more_and_says_that_people_made_it_so():
    people = [(ANN, HOME), (EVE, HOME)]
    first = month("2026-09", people)
    family = first.homes.families["family_id"].iloc[0]
    second = month("2026-10", people, first, decide=lambda ids: said_of_family(family, ids["ann"], is_member=False))
    assert second.families() == []
    events = second.homes.identity_events.set_index("id")
    assert events.loc[family, ["event", "cause"]].tolist() == ["gone", "human"]


@pytest.mark.parametrize("of", ["the one that joined", "the one that lives"])
def test_a_confirmation_of_what_stood_is_none_of_the_cause_where_the_family_becomes_part_of_another(of):
    ben = ("ben", "Marsh", "2016-05-01")
    first = month("2026-09", [(ANN, HOME), (EVE, HOME), (ben, AWAY), (DAN, AWAY)])
    now = [(ANN, HOME), (EVE, HOME), (ben, HOME), (DAN, HOME)]
    (lives,) = set(month("2026-10", now, first).homes.families["family_id"])
    (joined,) = set(first.homes.families["family_id"]) - {lives}
    members = first.homes.family_members.set_index("person_id")["family_id"]
    said = joined if of == "the one that joined" else lives
    person = next(name for name, id_ in first.ids.items() if members.get(id_) == said)
    second = month("2026-10", now, first, decide=lambda ids: said_of_family(said, ids[person], is_member=True))
    events = second.homes.identity_events.set_index("id")
    assert events.loc[joined, ["event", "cause"]].tolist() == ["joined", "data"]


def test_what_was_said_of_a_family_binds_in_the_very_month_in_which_it_becomes_part_of_another():
    ben, lodger = ("ben", "Marsh", "2016-05-01"), ("joe", "Reed", "1950-01-02")
    elsewhere = (lodger, ("3 Quay Street", "HB3 3CC"))
    first = month("2026-09", [(ANN, HOME), (EVE, HOME), (ben, AWAY), (DAN, AWAY), elsewhere])
    now = [(ANN, HOME), (EVE, HOME), (ben, HOME), (DAN, HOME), elsewhere]
    lives = set(month("2026-10", now, first).homes.families["family_id"])
    (joined,) = set(first.homes.families["family_id"]) - lives
    second = month("2026-10", now, first, decide=lambda ids: said_of_family(joined, ids["joe"], is_member=True))
    assert second.families() == [["ann", "ben", "dan", "eve", "joe"]]
    assert set(second.homes.families["family_id"]) == lives


def test_decisions_about_people_and_families_nobody_knows_are_passed_over():
    def strangers(ids):
        said = said_of_family("f-nobody", ids["eve"], is_member=True)
        homes = said_of_homes(ids.map(lambda _: "p-nobody"), ("eve", "dan", "apart", "2026-10-01"))
        return Decided(homes.homes, said.families)

    people = [(ANN, HOME), (EVE, HOME), (DAN, HOME)]
    assert month("2026-10", people, decide=strangers).families() == [["ann", "dan", "eve"]]


def test_an_id_that_joined_another_is_asked_for_under_that_one():
    rows = [("2026-08", "p1", "joined", "p2"), ("2026-09", "p2", "joined", "p3"), ("2026-09", "p4", "kept", None)]
    events = pd.DataFrame(rows, columns=["month", "id", "event", "other_id"]).astype(TEXT)
    assert ids_now(events, pd.Series(["p1", "p4", "p5"], dtype=TEXT)).tolist() == ["p3", "p4", "p5"]
