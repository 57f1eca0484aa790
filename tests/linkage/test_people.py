"""What is published of a person, from what several records say."""

import pandas as pd
import pytest

from linkage.errors import RecordsError
from linkage.people import describe
from schemas.frames import conform
from schemas.published import Person

TEXT = pd.StringDtype("pyarrow")
WHERE = {
    "pupils": ("school", "pupils"),
    "nominals": ("police", "nominals"),
    "people": ("mash", "people"),
    "claimants": ("jobcentre", "claimants"),
}


def described(*records):
    """Each record: table, forename, surname, born, and what else it says; all of one person."""
    tables, clusters = {}, []
    for number, (table, said) in enumerate(records):
        key = WHERE[table]
        row = {"source_id": f"r{number}", "extract_on": pd.Timestamp(2026, 10, 31), **said}
        tables.setdefault(key, []).append(row)
        clusters.append((*key, f"r{number}", "p1"))
    frames = {key: pd.DataFrame(rows) for key, rows in tables.items()}
    records = pd.DataFrame(clusters, columns=["feed", "table_name", "source_id", "person_id"]).astype(TEXT)
    return describe(records, frames).iloc[0]


def test_the_name_most_often_given_stands():
    person = described(
        ("pupils", {"surname": "Marsh"}), ("nominals", {"surname": "Reed"}), ("people", {"surname": "REED"})
    )
    assert person["surname"] in {"Reed", "REED"}
    assert (person["records"], person["feeds"]) == (3, 3)


def test_of_names_given_equally_often_the_school_is_believed_before_the_police():
    assert described(("nominals", {"forename": "Bob"}), ("pupils", {"forename": "Robert"}))["forename"] == "Robert"


def test_the_newer_of_two_equals_stands():
    old, new = pd.Timestamp(2026, 8, 31), pd.Timestamp(2026, 10, 31)
    person = described(
        ("pupils", {"surname": "Marsh", "extract_on": old}), ("pupils", {"surname": "Reed", "extract_on": new})
    )
    assert person["surname"] == "Reed"


@pytest.mark.parametrize("placeholder", ["Unknown", "N/K", "TBC", "Baby", "-", "xx"])
def test_a_placeholder_is_no_name(placeholder):
    assert pd.isna(described(("pupils", {"forename": placeholder}))["forename"])


def test_the_first_of_january_yields_to_another_day():
    first, real = pd.Timestamp(2012, 1, 1), pd.Timestamp(2012, 5, 6)
    person = described(
        ("nominals", {"date_of_birth": first}),
        ("people", {"date_of_birth": first}),
        ("pupils", {"date_of_birth": real}),
    )
    assert person["date_of_birth"] == real
    assert described(("people", {"date_of_birth": first}))["date_of_birth"] == first


def test_one_protected_record_protects_the_person():
    assert described(("pupils", {"protected_address": False}), ("people", {"protected_address": True}))["protected"]
    assert not described(("pupils", {"protected_address": pd.NA}))["protected"]


def test_an_address_that_one_feed_protects_is_protected_in_every_record_that_gives_it():
    hidden = {"uprn": "900000000001", "address_line_1": "1 Test Row", "postcode": "HB1 1AA", "protected_address": True}
    plain = {"address_line_1": " 1 test row", "postcode": "HB1 1AA", "protected_address": False}
    elsewhere = {"address_line_1": "2 Test Row", "postcode": "HB1 1AA", "protected_address": False}
    people = {"p1": hidden, "p2": plain, "p3": elsewhere, "p4": {"uprn": "900000000001", "protected_address": False}}
    rows = [{"source_id": name, "extract_on": pd.Timestamp(2026, 10, 31), **said} for name, said in people.items()]
    clusters = [("school", "pupils", name, name) for name in people]
    records = pd.DataFrame(clusters, columns=["feed", "table_name", "source_id", "person_id"]).astype(TEXT)
    found = describe(records, {("school", "pupils"): pd.DataFrame(rows)}).set_index("person_id")["protected"]
    assert found.to_dict() == {"p1": True, "p2": True, "p3": False, "p4": True}


def test_the_frame_is_as_published():
    table = pd.DataFrame({"source_id": ["1", "2"], "extract_on": pd.Timestamp(2026, 10, 31), "sex": ["F", "U"]})
    records = pd.DataFrame(
        {"feed": "police", "table_name": "nominals", "source_id": ["1", "2"], "person_id": ["b", "a"]}
    ).astype(TEXT)
    persons = conform(describe(records, {("police", "nominals"): table}), Person)
    assert persons["person_id"].tolist() == ["a", "b"]
    assert persons["sex"].isna().tolist() == [True, False]


def test_a_key_that_names_two_records_is_refused():
    records = pd.DataFrame([("school", "pupils", "1", "p1")], columns=["feed", "table_name", "source_id", "person_id"])
    table = pd.DataFrame({"source_id": ["1", "1"], "extract_on": pd.Timestamp(2026, 10, 31)})
    with pytest.raises(RecordsError, match="school/pupils: a key names two records"):
        describe(records.astype(TEXT), {("school", "pupils"): table})
