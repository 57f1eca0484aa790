"""A person whose records are all replaced keeps their id by the numbers that they bear."""

import pandas as pd
import pytest

from linkage.known_again import known_again
from linkage.lasting import identify_persons
from linkage.ledger import Past
from tests.linkage.feed_tables import tables

UPN, OTHER, TEMPORARY = "X000125724149", "K000126418140", "X00012572414A"


def at_school(key, upn=UPN, mother="Eve Marsh", **more):
    """A pupil under a key of the school's own, with its mother."""
    forename, surname = mother.split(" ")
    pupil = {"source_id": key, "pupil_id": key, "upn": upn, **more}
    contact = {"source_id": f"C{key}|{key}", "contact_id": f"C{key}", "pupil_id": key, "relationship": "mother"}
    return {"school_pupils": [pupil], "school_contacts": [{**contact, "forename": forename, "surname": surname}]}


def month(name, held, before=None):
    """Person ids by record, each record a person of its own; and the ledger."""
    rows = [
        {"feed": feed, "table_name": table, "source_id": source_id}
        for (feed, table) in (("school", "pupils"), ("school", "contacts"), ("mash", "people"))
        for source_id in held[feed, table]["source_id"]
    ]
    clusters = pd.DataFrame(rows, columns=["feed", "table_name", "source_id"])
    clusters = clusters.assign(cluster_id=clusters["table_name"] + clusters["source_id"], basis="alone")
    clusters = clusters.astype(pd.StringDtype("pyarrow"))
    past = Past(name, b"secret", **({} if before is None else {"earlier": before}))
    found = identify_persons(clusters, past, marks=known_again(held))
    return found.person_records.set_index(["table_name", "source_id"])["person_id"], found.ledger


def test_a_child_who_changes_school_and_its_mother_keep_their_ids():
    first, ledger = month("2026-08", tables(**at_school("P1")))
    second, _ = month("2026-09", tables(**at_school("P2")), ledger)
    assert second["pupils", "P2"] == first["pupils", "P1"]
    assert second["contacts", "CP2|P2"] == first["contacts", "CP1|P1"]


@pytest.mark.parametrize("later", [{"former_upn": UPN, "upn": OTHER}, {"former_upn": pd.NA, "upn": UPN}])
def test_a_former_pupil_number_tells_too(later):
    first, ledger = month("2026-08", tables(**at_school("P1")))
    second, _ = month("2026-09", tables(**at_school("P2", **later)), ledger)
    assert second["pupils", "P2"] == first["pupils", "P1"]


def test_another_woman_of_the_same_child_is_somebody_else():
    first, ledger = month("2026-08", tables(**at_school("P1")))
    second, _ = month("2026-09", tables(**at_school("P2", mother="Una Reed")), ledger)
    assert second["contacts", "CP2|P2"] != first["contacts", "CP1|P1"]


def test_a_temporary_number_tells_nothing():
    first, ledger = month("2026-08", tables(**at_school("P1", upn=TEMPORARY)))
    second, _ = month("2026-09", tables(**at_school("P2", upn=TEMPORARY)), ledger)
    assert not set(first) & set(second)


def test_a_number_that_two_people_bear_tells_nothing():
    first, ledger = month("2026-08", tables(**at_school("P1")))
    twice = [{"source_id": key, "pupil_id": key, "upn": UPN} for key in ("P2", "P3")]
    second, _ = month("2026-09", tables(school_pupils=twice), ledger)
    assert not set(first) & set(second)


def test_who_was_adopted_is_not_known_again_by_a_number():
    never = [{"source_id": "M1|school|P2", "mash_id": "M1", "other_feed": "school", "other_table": "pupils",
              "other_id": "P2"}]  # fmt: skip
    hub = {"mash_people": [{"source_id": "M1", "mash_id": "M1", "upn": UPN}], "mash_never_link": never}
    first, ledger = month("2026-08", tables(**at_school("P1")))
    second, _ = month("2026-09", tables(**at_school("P2"), **hub), ledger)
    assert not set(first) & set(second)


def test_the_ledger_holds_no_number():
    _, ledger = month("2026-08", tables(**at_school("P1")))
    marks = ledger["key"][ledger["key"].str.startswith("~")]
    assert len(marks) == 2
    assert not marks.str.contains(UPN).any()
    assert ledger["key"].min() == "school|contacts|CP1|P1"
