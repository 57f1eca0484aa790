"""Households over random records: the order of rows never matters, and everybody is accounted for."""

from datetime import date

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.families import form
from linkage.households import Evidence, build
from linkage.people import describe
from schemas.frames import empty
from schemas.registry import FEED_TABLES

TEXT = pd.StringDtype("pyarrow")
AS_OF = date(2026, 10, 31)
CLAIMANTS = ("jobcentre", "claimants")
EMPTY = {key: empty(model) for key, model in FEED_TABLES.items()}

record = st.fixed_dictionaries(
    {
        "person": st.integers(0, 5),
        "surname": st.sampled_from(["Marsh", "Mash", "Reed", "Reed-Holt", "Holt", None]),
        "date_of_birth": st.sampled_from([pd.Timestamp(1985, 3, 2), pd.Timestamp(2015, 3, 2), pd.NaT]),
        "address_line_1": st.sampled_from(
            ["12 High Street", "12 Hihg St", "Flat 2, 12 High Street", "7 Mill Lane", None]
        ),
        "postcode": st.sampled_from(["HB1 1AA", "HB1 1AB", None]),
        "uprn": st.sampled_from(["990010000001", None]),
        "protected_address": st.booleans(),
    }
)
records = st.lists(record, min_size=1, max_size=10)


def evidence(rows, order):
    given_rows = pd.DataFrame(rows).assign(source_id=[f"J{number}" for number in range(len(rows))])
    given_rows = given_rows.assign(claimant_id=given_rows["source_id"], extract_on=pd.Timestamp(AS_OF)).iloc[order]
    frame = EMPTY[CLAIMANTS]
    held = {
        name: given_rows[name].astype(kind)
        if name in given_rows
        else pd.Series(pd.NA, index=given_rows.index).astype(kind)
        for name, kind in frame.dtypes.items()
    }
    tables = EMPTY | {CLAIMANTS: pd.DataFrame(held)}
    linked = pd.DataFrame(
        {
            "feed": "jobcentre",
            "table_name": "claimants",
            "source_id": given_rows["source_id"],
            "person_id": "p" + given_rows["person"].astype(str),
            "basis": "model",
        }
    ).astype(TEXT)
    return Evidence(linked, describe(linked, tables), tables, AS_OF)


def together(frame, group):
    return sorted(map(sorted, frame.groupby(group)["person_id"].agg(list)))


@given(records, st.data())
@settings(max_examples=8, deadline=None)
def test_the_order_of_rows_changes_no_household_and_no_family(rows, data):
    plain = build(evidence(rows, list(range(len(rows)))))
    shuffled = build(evidence(rows, data.draw(st.permutations(range(len(rows))))))
    assert together(plain.members, "household_id") == together(shuffled.members, "household_id")
    assert together(form(plain).members, "family_id") == together(form(shuffled).members, "family_id")


@given(records)
@settings(max_examples=8, deadline=None)
def test_members_add_up_and_no_protected_address_stands_in_an_open_row(rows):
    homes = build(evidence(rows, list(range(len(rows)))))
    counted = homes.members.groupby("household_id")["person_id"].nunique()
    told = homes.households.set_index("household_id")
    assert told["members"].astype(int).to_dict() == counted.astype(int).to_dict()
    shown = homes.members[homes.members["household_id"].map(told["protected"]).eq(False)]  # noqa: FBT003
    kept = homes.stays[homes.stays["protected"]]
    assert set(homes.ids[kept["person"]]).isdisjoint(set(shown["person_id"]))


@given(records)
@settings(max_examples=8, deadline=None)
def test_a_family_is_within_one_household_and_has_a_child(rows):
    homes = build(evidence(rows, list(range(len(rows)))))
    formed = form(homes)
    assert (formed.families["children"] > 0).all()
    of_home = homes.members.groupby("household_id")["person_id"].agg(set)
    for family, home in formed.families.set_index("family_id")["household_id"].items():
        assert set(formed.members.loc[formed.members["family_id"] == family, "person_id"]) <= of_home[home]
