"""The ladders, one pair of values at a time."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from recordlinkage import Compare

from linkage.cleaning import open_engine
from linkage.comparisons import Levelled, features_of
from linkage.dates import date_levels
from linkage.encoding import encode
from linkage.ladders import BIRTH
from linkage.pairs import as_index, pack
from linkage.spec import LinkSpec

People = Callable[..., pd.DataFrame]


def levels_of(table: pd.DataFrame, spec: LinkSpec) -> dict[str, str]:
    with open_engine(1) as engine:
        people = encode(table, spec, engine)
    features = features_of(people)
    codes = pd.DataFrame(people.codes)
    found = Levelled(people, features).compute(as_index(pack(np.array([0]), np.array([1])), codes.index), codes).iloc[0]
    return {feature.label: feature.ladder.levels[found[feature.label]] for feature in features}


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (19850102, 19850102, "exact"),
        (19850203, 19850302, "swapped"),
        (19850102, 19850103, "one digit"),
        (19850101, 19850914, "first of January"),
        (19850000, 19850914, "first of January"),
        (19850102, 19850127, "two parts"),
        (19851202, 19850127, "same year"),
        (19841125, 19850127, "near year"),
        (19500330, 19850127, "different"),
    ],
)
def test_dates(one: int, other: int, level: str) -> None:
    a, b = np.array([one], np.int32), np.array([other], np.int32)
    assert BIRTH.levels[date_levels(a, b)[0]] == level
    assert date_levels(a, b) == date_levels(b, a)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Zoë", "ZOE", "exact"),
        ("Anne-Marie", "Annemarie", "exact"),
        ("William", "Bill", "variant"),
        ("Mohammed", "Muhammad", "variant"),
        ("Thos.", "Thomas", "variant"),
        ("Eliz'th", "Betty", "variant"),
        ("Katarzyna", "Kasia", "variant"),
        ("Mary Jane", "Mary", "variant"),
        ("Christopher", "Christpher", "near"),
        ("J", "Jonah", "initial"),
        ("Usman", "Uthman", "similar"),
        ("Ruth", "Colin", "different"),
        ("Baby Boy", "Colin", "missing"),
    ],
)
def test_forenames(people: People, people_spec: LinkSpec, one: str, other: str, level: str) -> None:
    table = people({"id": "1", "forename": one, "surname": "Ward"}, {"id": "2", "forename": other, "surname": "Ward"})
    assert levels_of(table, people_spec)["forename"] == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("O'Brien", "OBrien", "exact"),
        ("Smith-Jones", "Jones", "part"),
        ("de la Cruz", "de la Mare", "similar"),
        ("Kowalski", "Kowalsky", "near"),
        ("Ward", "Nkemelu", "different"),
        ("unknown", "Nkemelu", "missing"),
    ],
)
def test_surnames(people: People, people_spec: LinkSpec, one: str, other: str, level: str) -> None:
    table = people({"id": "1", "surname": one}, {"id": "2", "surname": other})
    assert levels_of(table, people_spec)["surname"] == level


def test_swapped_names_speak_once(people: People, people_spec: LinkSpec) -> None:
    table = people(
        {"id": "1", "forename": "Amara", "surname": "Okoye"}, {"id": "2", "forename": "Okoye", "surname": "Amara"}
    )
    levels = levels_of(table, people_spec)
    assert (levels["forename"], levels["surname"]) == ("swapped", "missing")


def test_swapped_names_may_have_a_slip_each(people: People, people_spec: LinkSpec) -> None:
    row = {"dob": "1985-03-04", "id": "2", "forename": "Thorntton", "surname": "Alicw"}
    table = people(row | {"id": "1", "forename": "Alice", "surname": "Thornton"}, row)
    levels = levels_of(table, people_spec)
    assert (levels["forename"], levels["surname"]) == ("swapped", "missing")


def test_a_middle_name_in_use_is_a_level(people: People, people_spec: LinkSpec) -> None:
    table = people({"id": "1", "forename": "Peter", "middle": "Ivan"}, {"id": "2", "forename": "Ivan"})
    assert levels_of(table, people_spec)["forename"] == "middle"


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (("12 High Street", "ZZ1 1AA"), ("12 HIGH ST", "zz11aa"), "same dwelling"),
        (("Flat 2, 12 High Street", "ZZ1 1AA"), ("12 High Street", "ZZ1 1AA"), "same door"),
        (("12 High Street", "ZZ1 1AA"), ("14 High Street", "ZZ1 1AA"), "same postcode"),
        (("12 High Street", "ZZ1 1AA"), ("12 Hihg Street", "ZZ1 1AB"), "near"),
        (("12 High Street", "ZZ1 1AA"), ("97 High Street", "ZZ9 9XX"), "same street"),
        (("12 High Street", "ZZ1 1AA"), ("3 Quay Side", "ZZ1 1XX"), "same sector"),
        (("12 High Street", "ZZ1 1AA"), ("3 Quay Side", "YY7 7XX"), "different"),
        (("12 High Street", "ZZ1 1AA"), ("", "ZZ99 3VZ"), "missing"),
    ],
)
def test_addresses(
    people: People, people_spec: LinkSpec, one: tuple[str, str], other: tuple[str, str], level: str
) -> None:
    rows = [
        {"id": str(n), "address": address, "postcode": postcode} for n, (address, postcode) in enumerate((one, other))
    ]
    assert levels_of(people(*rows), people_spec)["address"] == level


def test_the_best_of_several_surnames_counts(people: People, people_spec: LinkSpec) -> None:
    table = people({"id": "1", "surname": "Okafor", "former_surname": "Ward"}, {"id": "2", "surname": "Ward"})
    assert levels_of(table, people_spec)["surname"] == "exact"


def test_age_groups_speak_only_where_a_date_is_missing(people: People, people_spec: LinkSpec) -> None:
    known = {"dob": "2010-01-01", "age_group": "child"}
    table = people({"id": "1", **known}, {"id": "2", "age_group": "adult"})
    assert levels_of(table, people_spec)["date of birth"] == "age differs"
    table = people({"id": "1", **known}, {"id": "2", "dob": "2010-01-01", "age_group": "adult"})
    assert levels_of(table, people_spec)["date of birth"] == "exact"


def test_the_fast_compare_says_what_recordlinkage_itself_says(town: pd.DataFrame, people_spec: LinkSpec) -> None:
    with open_engine(1) as engine:
        people = encode(town, people_spec, engine)
    left, right = np.triu_indices(60, 1)
    codes = pd.DataFrame(people.codes)
    index = as_index(pack(left, right), codes.index)
    fast = Levelled(people, features_of(people)).compute(index, codes)
    plain = Compare(features_of(people)).compute(index, codes)
    pd.testing.assert_frame_equal(fast, plain, check_dtype=False, check_index_type=False)


def test_some_of_the_names_are_as_alike_as_they_were_among_all(town: pd.DataFrame, people_spec: LinkSpec) -> None:
    with open_engine(1) as engine:
        names = encode(town, people_spec, engine).names
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(names), 1))
    alike = names.likeness(left, right)
    chosen = np.arange(len(names) - 1, -1, -3)
    some = names.taken(chosen)
    assert "words" in vars(some)
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(some), 1))
    of_all = {(a, b): level for a, b, level in zip(*np.triu_indices(len(names), 1), alike, strict=True)}
    expected = [of_all[min(a, b), max(a, b)] for a, b in zip(chosen[left], chosen[right], strict=True)]
    assert some.likeness(left, right).tolist() == expected
    assert some.likeness(right, left).tolist() == expected


ABOUT = LinkSpec.from_toml_text(
    'id = "id"\n[columns]\nsurname = "surname"\ndob = "date_of_birth"\nabout = "born_about"\nage_group = "age_group"\n'
)


@pytest.mark.parametrize(
    ("born", "level"),
    [
        ("1980-05-06", "as expected"),
        ("1974-12-31", "as expected"),
        ("1990-01-01", "near"),
        ("1965-01-01", "apart"),
        ("1996-01-01", "far"),
        (None, "missing"),
    ],
)
def test_where_one_birth_is_missing_it_counts_how_far_the_other_is_from_when_that_person_was_likely_born(
    born: str | None, level: str
) -> None:
    rows = [{"id": "a", "about": "1980-01-01"}, {"id": "b", "dob": born}]
    table = pd.DataFrame(rows, columns=["id", "surname", "dob", "about", "age_group"]).astype("string[pyarrow]")
    for either_way in (table, table.assign(id=["b", "a"])):
        assert levels_of(either_way, ABOUT)["age by children"] == level


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"dob": "1981-01-01", "about": "1980-01-01"}, {"dob": "1980-05-06"}),
        ({"about": "1980-01-01"}, {"about": "1980-01-01"}),
        ({"about": "1980-01-01", "age_group": "adult"}, {"dob": "2015-05-06", "age_group": "child"}),
    ],
    ids=["both births known", "neither birth known", "an adult and a child"],
)
def test_it_does_not_count_where_the_births_or_the_age_groups_tell_already(
    first: dict[str, str], second: dict[str, str]
) -> None:
    rows = [{"id": "a", **first}, {"id": "b", **second}]
    table = pd.DataFrame(rows, columns=["id", "surname", "dob", "about", "age_group"]).astype("string[pyarrow]")
    assert levels_of(table, ABOUT)["age by children"] == "missing"
