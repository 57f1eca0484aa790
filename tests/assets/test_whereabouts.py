"""The check that no record tells where a protected person is to be found."""

import pandas as pd
import pytest

from assets.whereabouts import WHEREABOUTS, sheltered, telling
from schemas.frames import empty
from schemas.registry import FEED_TABLES, PERSON_TABLES, PUBLISHED_TABLES


def frame(model, rows):
    blank = empty(model)
    return pd.DataFrame(rows, columns=blank.columns).astype(blank.dtypes.to_dict())


PLACE = {"feed": "police", "table_name": "nominals", "source_id": "N1"}


def told(**said):
    return frame(PUBLISHED_TABLES["record_details"], [{**PLACE, **said}])


def records():
    return frame(PUBLISHED_TABLES["person_records"], [{**PLACE, "person_id": "p1"}])


def held(*rows):
    tables = {key: empty(FEED_TABLES[key]) for key in PERSON_TABLES}
    return {**tables, ("police", "nominals"): frame(FEED_TABLES["police", "nominals"], rows)}


@pytest.mark.parametrize("column", WHEREABOUTS)
def test_any_word_of_where_a_protected_person_is_counts(column):
    assert telling(told(**{column: "x"}), records(), {"p1"}, held()) == 1


def test_what_tells_nothing_or_is_of_nobody_protected_does_not_count():
    assert telling(told(forename="x"), records(), {"p1"}, held()) == 0
    assert telling(told(address="x"), records(), {"p2"}, held()) == 0


def test_a_record_of_a_protected_property_counts_whoever_it_is_of():
    rows = [
        {"source_id": "N1", "uprn": "900000000001", "protected_address": False},
        {"source_id": "N2", "uprn": "900000000001", "protected_address": True},
    ]
    assert telling(told(postcode="x"), records(), set(), held(*rows)) == 1
    assert telling(told(postcode="x"), records(), set(), held(rows[0])) == 0


def test_protected_people_are_those_whom_a_feed_protects_and_those_who_live_with_them_now():
    persons = frame(
        PUBLISHED_TABLES["persons"],
        [{"person_id": "p1", "protected": True}, *({"person_id": f"p{n}", "protected": False} for n in (2, 3, 4))],
    )
    homes = frame(
        PUBLISHED_TABLES["households"],
        [{"household_id": "h1", "protected": True}, {"household_id": "h2", "protected": False}],
    )
    members = frame(
        PUBLISHED_TABLES["household_members"],
        [
            {"household_id": "h1", "person_id": "p2"},
            {"household_id": "h1", "person_id": "p3", "to_on": pd.Timestamp(2026, 1, 1)},
            {"household_id": "h2", "person_id": "p4"},
        ],
    )
    assert sheltered(persons, homes, members) == {"p1", "p2"}
