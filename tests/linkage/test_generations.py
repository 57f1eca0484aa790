"""When somebody must have been born to be the parent or grandparent whom a record makes of them."""

import pandas as pd
import pytest

from linkage.generations import birth_bounds, born_about
from tests.linkage.feed_tables import tables


def years(found):
    """The years of each record's bounds."""
    return {row.id: (row.born_from.year, row.born_until.year) for row in found.itertuples()}


def pupil(key, born):
    return {"source_id": key, "pupil_id": key, "date_of_birth": pd.Timestamp(born)}


def contact(key, of, relationship):
    return {"source_id": f"{key}|{of}", "contact_id": key, "pupil_id": of, "relationship": relationship}


@pytest.mark.parametrize(
    ("relationship", "expected"),
    [("mother", (1966, 2005)), ("father", (1936, 2005)), ("parent", (1936, 2005)), ("grandparent", (1906, 1991))],
)
def test_a_contacts_birth_lies_between_what_nature_allows(relationship, expected):
    made = tables(school_pupils=[pupil("P1", "2016-07-08")], school_contacts=[contact("C1", "P1", relationship)])
    assert years(birth_bounds(made)) == {"school|contacts|C1|P1": expected}


@pytest.mark.parametrize("relationship", ["step_parent", "carer", "sibling", "other"])
def test_who_is_no_kin_by_birth_may_be_of_any_age(relationship):
    made = tables(school_pupils=[pupil("P1", "2016-07-08")], school_contacts=[contact("C1", "P1", relationship)])
    assert birth_bounds(made).empty


def test_a_child_without_a_birth_date_tells_nothing():
    made = tables(school_pupils=[pupil("P1", None)], school_contacts=[contact("C1", "P1", "mother")])
    assert birth_bounds(made).empty


def person(key, sex=None, born=None):
    return {"source_id": key, "mash_id": key, "sex": sex, "date_of_birth": pd.Timestamp(born) if born else pd.NaT}


def related(one, relationship, other):
    return {"source_id": f"{one}|{other}", "mash_id": one, "related_mash_id": other, "relationship": relationship}


@pytest.mark.parametrize("rows", [[related("M1", "parent", "M2")], [related("M2", "child", "M1")]], ids=["to", "from"])
def test_the_hubs_parent_is_the_elder_whichever_way_it_is_written(rows):
    people = [person("M1", born="2016-07-08"), person("M2", sex="F"), person("M3", sex="F")]
    made = tables(mash_people=people, mash_relationships=[*rows, related("M1", "sibling", "M3")])
    assert years(birth_bounds(made)) == {"mash|people|M2": (1966, 2005)}


def test_of_several_children_all_count():
    people = [person("M1", born="2004-01-01"), person("M2", born="2020-01-01"), person("M3", sex="F")]
    rows = [related("M1", "parent", "M3"), related("M2", "parent", "M3")]
    assert years(birth_bounds(tables(mash_people=people, mash_relationships=rows))) == {"mash|people|M3": (1970, 1993)}


@pytest.mark.parametrize(("relationship", "year"), [("mother", 1986), ("father", 1983), ("parent", 1985)])
def test_a_parent_was_most_likely_born_so_long_before_the_child_as_parents_usually_are(relationship, year):
    made = tables(school_pupils=[pupil("P1", "2016-07-08")], school_contacts=[contact("C1", "P1", relationship)])
    (found,) = born_about(made).itertuples()
    assert (found.id, found.born_about.year) == ("school|contacts|C1|P1", year)


@pytest.mark.parametrize("relationship", ["grandparent", "step_parent", "carer", "sibling", "other"])
def test_of_nobody_but_a_parent_does_a_child_tell_when_they_were_most_likely_born(relationship):
    made = tables(school_pupils=[pupil("P1", "2016-07-08")], school_contacts=[contact("C1", "P1", relationship)])
    assert born_about(made).empty


def test_of_several_children_their_mean_counts():
    people = [
        {"source_id": "M1", "mash_id": "M1", "sex": "F"},
        {"source_id": "M2", "mash_id": "M2", "date_of_birth": pd.Timestamp("2010-01-01")},
        {"source_id": "M3", "mash_id": "M3", "date_of_birth": pd.Timestamp("2016-01-01")},
    ]
    rows = [
        {"source_id": f"{child}|M1", "mash_id": child, "related_mash_id": "M1", "relationship": "parent"}
        for child in ("M2", "M3")
    ]
    (found,) = born_about(tables(mash_people=people, mash_relationships=rows)).itertuples()
    assert (found.id, found.born_about.year) == ("mash|people|M1", 1983)
