"""What leaves of a record for two to be read side by side, and what never does."""

import pandas as pd
import pytest

from linkage.record_details import People, detail
from schemas.frames import column_names, conform, empty
from schemas.published import RecordDetail
from schemas.registry import FEED_TABLES, PERSON_TABLES, PUBLISHED_TABLES

WHEREABOUTS = ["address", "postcode", "phone", "upn", "school"]
HOME = {"address_line_1": "1 Mock Street", "town": "Hearthbury", "postcode": "HB1 1AA", "uprn": "900000000001"}


def frame(model, rows):
    blank = empty(model)
    return pd.DataFrame(rows, columns=blank.columns).astype(blank.dtypes.to_dict())


class Town:
    """Records put in one by one, each under its person; then told."""

    def __init__(self):
        self.rows = {key: [] for key in PERSON_TABLES}
        self.records, self.persons, self.households, self.members = [], {}, [], []

    def record(self, table, person, **said):
        feed, name = table
        source_id = f"r{len(self.records)}"
        self.rows[table].append({"source_id": source_id, "extract_on": pd.Timestamp(2026, 10, 31), **said})
        self.records.append({"feed": feed, "table_name": name, "source_id": source_id, "person_id": person})
        self.persons.setdefault(person, False)
        return source_id

    def home(self, household, *people, protected=False, uprn=None, to_on=None):
        self.households.append({"household_id": household, "protected": protected, "uprn": uprn})
        self.members += [{"household_id": household, "person_id": each, "to_on": to_on} for each in people]

    def told(self, key="secret"):
        tables = {each: frame(FEED_TABLES[each], rows) for each, rows in self.rows.items()}
        persons = [{"person_id": each, "protected": hidden} for each, hidden in self.persons.items()]
        people = People(
            frame(PUBLISHED_TABLES["person_records"], self.records),
            frame(PUBLISHED_TABLES["persons"], persons),
            frame(PUBLISHED_TABLES["households"], self.households),
            frame(PUBLISHED_TABLES["household_members"], self.members),
        )
        return conform(detail(people, tables, key=key), RecordDetail).set_index("source_id")


@pytest.fixture
def town():
    return Town()


PUPIL, CONTACT, NOMINAL = ("school", "pupils"), ("school", "contacts"), ("police", "nominals")


def test_a_record_is_told_as_it_was_delivered(town):
    one = town.record(
        PUPIL, "p1", forename="Ann", surname="Oak", former_surname="Ash", preferred_surname="Elm", upn="A1", **HOME,
        school_urn="100001",
    )  # fmt: skip
    told = town.told().loc[one]
    assert told["other_names"] == "Elm; Ash"
    assert (told["address"], told["postcode"]) == ("1 Mock Street, Hearthbury", "HB1 1AA")
    assert (told["upn"], told["school"], told["address_withheld"]) == ("A1", "100001", False)


def test_every_table_of_people_can_be_told_and_what_it_lacks_is_missing(town):
    for table in PERSON_TABLES:
        town.record(table, "p1", forename="Ann")
    told = town.told()
    assert len(told) == len(PERSON_TABLES)
    assert told[WHEREABOUTS].isna().all(axis=None)
    assert list(told.reset_index()[column_names(RecordDetail)].columns) == column_names(RecordDetail)


@pytest.mark.parametrize("table", PERSON_TABLES, ids="/".join)
def test_no_feeds_record_tells_where_a_protected_person_is(town, table):
    town.record(NOMINAL, "p1", protected_address=True, **HOME)
    town.persons["p1"] = True
    elsewhere = {**HOME, "address_line_1": "9 Old Lane", "uprn": "900000000009", "upn": "A1", "phone": "01632 960001"}
    columns = FEED_TABLES[table].to_schema().columns
    other = town.record(table, "p1", **{name: value for name, value in elsewhere.items() if name in columns})
    told = town.told().loc[other]
    assert told["address_withheld"]
    assert told[WHEREABOUTS].isna().all()


def test_whoever_lives_in_a_protected_household_is_hidden_with_it_and_who_has_left_is_not(town):
    child = town.record(PUPIL, "p1", school_urn="100001", **HOME)
    left = town.record(NOMINAL, "p2", address_line_1="7 Far Road", postcode="HB9 9AA")
    town.home("h1", "p1", protected=True)
    town.members.append({"household_id": "h1", "person_id": "p2", "to_on": pd.Timestamp(2026, 1, 1)})
    told = town.told()
    assert told.loc[child, WHEREABOUTS].isna().all()
    assert told.loc[left, "postcode"] == "HB9 9AA"


@pytest.mark.parametrize(
    "same",
    [{"uprn": "900000000001"}, {"address_line_1": "1 MOCK street ", "postcode": "HB1 1AA"}],
    ids=["uprn", "door"],
)
def test_a_strangers_record_of_a_protected_door_is_not_told(town, same):
    town.record(CONTACT, "p1", protected_address=True, **HOME)
    stranger = town.record(NOMINAL, "p2", **same)
    assert town.told().loc[stranger, "address_withheld"]


def test_the_fingerprint_changes_with_a_withheld_value_and_with_nothing_else(town):
    one = town.record(PUPIL, "p1", forename="Ann", protected_address=True, **HOME)
    first = town.told().loc[one, "fingerprint"]
    assert town.told().loc[one, "fingerprint"] == first
    town.rows[PUPIL][0]["extract_on"] = pd.Timestamp(2026, 11, 30)
    assert town.told().loc[one, "fingerprint"] == first
    town.rows[PUPIL][0]["postcode"] = "HB1 1AB"
    assert town.told().loc[one, "fingerprint"] != first


def test_the_fingerprint_cannot_be_made_without_the_key(town):
    one = town.record(PUPIL, "p1", forename="Ann")
    assert town.told("one").loc[one, "fingerprint"] != town.told("other").loc[one, "fingerprint"]


def test_values_that_only_stand_in_other_columns_are_another_fingerprint(town):
    one = town.record(PUPIL, "p1", forename="Ann")
    other = town.record(PUPIL, "p2", surname="Ann")
    told = town.told()
    assert told.loc[one, "fingerprint"] != told.loc[other, "fingerprint"]
