"""The figures that say how good households are, on cases small enough to count by hand."""

import pandas as pd
import pytest

from linkage.household_evaluation import by_majority, compare_families, compare_households, told_of

TRUE = pd.Series({"r1": "ann", "r2": "ann", "r3": "eve", "r4": "dan"})
LIVED = pd.DataFrame({"person": ["ann", "eve", "dan"], "home": ["h1", "h1", "h2"]})


def found(**homes):
    return pd.DataFrame(list(homes.items()), columns=["record", "home"])


def test_pairs_of_one_person_do_not_count():
    figures = compare_households(TRUE, LIVED, found(r1="a", r2="a", r3="b", r4="c"))
    assert (figures.true, figures.found, figures.right) == (2, 0, 0)


def test_a_right_finding_scores_one_and_a_stranger_costs_precision():
    right = compare_households(TRUE, LIVED, found(r1="a", r2="a", r3="a", r4="c"))
    assert (right.f1, right.precision, right.recall) == (1, 1, 1)
    wrong = compare_households(TRUE, LIVED, found(r1="a", r2="a", r3="a", r4="a"))
    assert (wrong.recall, wrong.precision) == (1, pytest.approx(2 / 5))


def test_a_family_counts_only_with_exactly_its_known_members():
    truth = pd.DataFrame(
        [("f1", "ann", "child"), ("f1", "eve", "parent"), ("f1", "unseen", "parent"), ("f2", "dan", "parent")],
        columns=["family", "person", "role"],
    )
    same = pd.DataFrame({"family": ["x", "x"], "person": ["ann", "eve"]})
    more = pd.DataFrame({"family": ["x", "x", "x"], "person": ["ann", "eve", "dan"]})
    known = {"ann", "eve", "dan"}
    assert (compare_families(truth, same, known).true, compare_families(truth, same, known).exact) == (1, 1)
    assert compare_families(truth, more, known).exact_share == 0


def test_a_found_person_is_whom_most_of_its_records_describe():
    records = pd.DataFrame({"record": ["r1", "r2", "r3"], "person_id": "p"})
    assert by_majority(records, TRUE)["p"] == "ann"


TURNS = pd.DataFrame(
    [("f1", "eve", "parent"), ("f1", "ann", "child"), ("f2", "dan", "parent"), ("f2", "ann", "child")],
    columns=["family", "person", "role"],
)


@pytest.mark.parametrize(
    ("tied", "told"), [([], ["f1"]), ([("ann", "dan")], ["f1", "f2"]), ([("dan", "ann")], ["f1", "f2"])]
)
def test_a_second_home_counts_as_told_where_some_record_ties_the_child_to_who_lives_there(tied, told):
    second = pd.DataFrame({"family": ["f2"], "person": ["ann"]})
    ties = pd.DataFrame([("ann", "eve"), *tied], columns=["left", "right"])
    assert told_of(TURNS, {"ann", "eve", "dan"}, second, ties)["family"].unique().tolist() == told


def test_a_family_with_a_child_who_lives_there_first_is_told_whoever_is_tied():
    none = pd.DataFrame(columns=["left", "right"])
    second = pd.DataFrame({"family": ["f2"], "person": ["ann"]})
    both = pd.concat([TURNS, pd.DataFrame({"family": ["f2"], "person": ["ben"], "role": ["child"]})])
    assert "f2" in set(told_of(both, {"ann", "ben", "eve", "dan"}, second, none)["family"])
    assert "f2" not in set(told_of(both, {"ann", "eve", "dan"}, second, none)["family"])
