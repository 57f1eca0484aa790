"""How many records were found elsewhere too, by group, and why the others were not."""

import pandas as pd
import pytest

from linkage.match_rates import MonthTables, match_rates
from schemas import published
from schemas.frames import conform, empty

AS_OF = pd.Timestamp("2026-10-31")
# key: feed, person, birth date, address, ethnicity
RECORDS = {
    "a": ("school", "p1", "2016-11-01", "1 High Street", "WBRI"),
    "b": ("police", "p1", "2016-11-01", "1 High Street", None),
    "c": ("school", "p2", "2015-10-31", "2 High Street", "WIRT"),
    "d": ("school", "p3", None, "3 High Street", None),
    "e": ("school", "p4", "2010-01-01", None, "WIRT"),
    "f": ("school", "p5", "2010-01-01", None, "WIRT"),
}
TABLE = {"school": "pupils", "police": "nominals"}


def _keys():
    return pd.DataFrame(
        {
            "feed": [row[0] for row in RECORDS.values()],
            "table_name": [TABLE[row[0]] for row in RECORDS.values()],
            "source_id": list(RECORDS),
        }
    )


@pytest.fixture(scope="module")
def rates():
    keys, rows = _keys(), list(RECORDS.values())
    people = [row[1] for row in rows]
    known = pd.Series([row[0] for row in rows]).groupby(people).nunique()
    details = keys.assign(
        forename=["Ada", "Ada", "Ngozi", "Ngozi", None, "Fatima"],
        surname=["Tarrant", "Tarrant", "Okafor", "Tarrant", None, "Nowak"],
        date_of_birth=pd.to_datetime([row[2] for row in rows]),
        address=[row[3] for row in rows],
        address_withheld=[key == "f" for key in RECORDS],
        fingerprint="x",
    )
    link = {"left_feed": "school", "left_table": "pupils", "left_id": "c", "right_feed": "police"}
    link |= {"right_table": "nominals", "right_id": "b", "decision": "review", "decided_by": "model", "levels": "{}"}
    tables = MonthTables(
        conform(keys.assign(person_id=people, basis="model"), published.PersonRecord),
        conform(
            pd.DataFrame(
                {"person_id": known.index, "records": 1, "feeds": known.to_numpy(), "protected": False}
            ).reindex(columns=list(published.Person.to_schema().columns)),
            published.Person,
        ),
        conform(details.reindex(columns=list(published.RecordDetail.to_schema().columns)), published.RecordDetail),
        conform(pd.DataFrame([link | {"weight": 1.0, "probability": 0.5}]), published.Link),
        empty(published.Household),
        empty(published.HouseholdMember),
        keys.assign(ethnicity=pd.Series([row[4] for row in rows], dtype="string[pyarrow]")).dropna(),
    )
    return conform(match_rates(tables, as_of=AS_OF), published.MatchRate).set_index(
        ["table_name", "grouping", "group_name"]
    )[["records", "matched"]]


def test_a_record_is_matched_where_another_feed_knows_its_person(rates):
    assert rates.loc[("pupils", "all", "all")].tolist() == [5, 1]
    assert rates.loc[("nominals", "all", "all")].tolist() == [1, 1]


def test_a_group_is_told_apart_even_where_nobody_of_it_was_found(rates):
    assert rates.loc[("pupils", "ethnicity", "WIRT")].tolist() == [3, 0]
    assert rates.loc[("pupils", "ethnicity", "WBRI")].tolist() == [1, 1]
    assert rates.loc[("pupils", "ethnicity", "not known")].tolist() == [1, 0]


def test_ages_change_on_the_birthday(rates):
    assert rates.loc[("pupils", "age", "under 11")].tolist() == [1, 1]
    assert rates.loc[("pupils", "age", "11 to 17")].tolist() == [3, 0]
    assert rates.loc[("pupils", "age", "not known")].tolist() == [1, 0]


@pytest.mark.parametrize(
    "why",
    [
        "a question about it is open",
        "it has no birth date",
        "it has no address",
        "no other agency has a record like it",
    ],
)
def test_each_unmatched_record_has_one_reason_and_a_withheld_address_is_not_a_missing_one(rates, why):
    assert rates.loc[("pupils", "unmatched", why)].tolist() == [1, 0]
    assert rates.xs(("pupils", "unmatched"))["records"].sum() == 4


def test_the_kind_of_name_is_told_by_lists(rates):
    assert rates.loc[("pupils", "name_origin", "West African")].tolist() == [2, 0]
    assert rates.loc[("pupils", "name_origin", "of several lists")].tolist() == [1, 0]
    assert rates.loc[("pupils", "name_origin", "on no list")].tolist() == [1, 1]
    assert rates.loc[("pupils", "name_origin", "not known")].tolist() == [1, 0]
