"""The figures that say how good households are, on cases small enough to count by hand."""

import pandas as pd
import pytest

from linkage.household_evaluation import by_majority, compare_families, compare_households

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
