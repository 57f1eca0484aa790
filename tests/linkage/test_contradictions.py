"""What no one person can be, found in clusters that an undated record tied together."""

import pandas as pd
import pytest

from linkage.contradictions import contradictions

TEXT = pd.StringDtype("pyarrow")
COLUMNS = ["mention_id", "date_of_birth", "age_group", "upn", "nino", "nhs_number"]


NO_BOUNDS = pd.DataFrame(
    {"id": pd.Series(dtype=TEXT), **dict.fromkeys(["born_from", "born_until"], pd.Series(dtype="datetime64[us]"))}
)


def found(*records, basis="model", bounds=NO_BOUNDS):
    """Records of one cluster, each with the columns that it says; which pairs of them contradict each other."""
    mentions = pd.DataFrame([{"mention_id": f"m{n}", **said} for n, said in enumerate(records)], columns=COLUMNS)
    mentions["date_of_birth"] = pd.to_datetime(mentions["date_of_birth"])
    mentions = mentions.astype(dict.fromkeys([name for name in COLUMNS if name != "date_of_birth"], TEXT))
    clusters = pd.DataFrame({"id": mentions["mention_id"], "cluster_id": "m0", "basis": basis}, dtype=TEXT)
    pairs = contradictions(mentions, clusters, bounds)
    return list(zip(pairs["left_id"], pairs["right_id"], strict=True))


def test_a_father_and_a_son_whom_an_undated_record_tied_are_found():
    father, son = {"date_of_birth": "1970-03-04"}, {"date_of_birth": "1998-09-10"}
    assert found(father, {"age_group": "adult"}, son) == [("m0", "m2")]


def test_a_child_and_an_adult_are_found_though_neither_has_a_date():
    assert found({"age_group": "child"}, {"age_group": "adult"}, {}) == [("m0", "m1")]


@pytest.mark.parametrize("slip", ["1985-04-12", "1985-12-04", "1988-03-11", "1958-12-04", "1958-04-12"], ids=range(5))
def test_slips_of_a_clerk_are_no_contradiction(slip):
    told = {"date_of_birth": "1985-04-12"}
    assert found(told, {"date_of_birth": slip}) == ([] if slip != "1958-12-04" else [("m0", "m1")])


def test_records_that_share_a_number_are_left_together():
    assert found({"date_of_birth": "1970-03-04", "nino": "QQ1"}, {"date_of_birth": "1998-09-10", "nino": "QQ1"}) == []


def parent_of(child_born, *, least, most, of="m0"):
    """The bounds of a record of somebody who was between so many years old in the year in which the child was born."""
    days = [pd.Timestamp(child_born - most, 1, 1), pd.Timestamp(child_born - least + 1, 1, 1)]
    return pd.DataFrame([[of, *days]], columns=["id", "born_from", "born_until"]).astype({"id": TEXT})


@pytest.mark.parametrize(
    ("born", "is_apart"), [("1963-05-06", True), ("1968-05-06", False), ("2005-05-06", False), ("2007-05-06", True)]
)
def test_a_namesake_too_old_or_too_young_to_be_the_mother_is_somebody_else(born, is_apart):
    bounds = parent_of(2018, least=12, most=50)
    assert found({}, {"date_of_birth": born}, bounds=bounds) == ([("m0", "m1")] if is_apart else [])


def test_a_grandmother_and_a_mother_of_one_name_are_two_though_neither_has_a_date():
    grandmother, mother = parent_of(2015, least=26, most=110), parent_of(2015, least=12, most=24, of="m1")
    assert found({}, {}, bounds=pd.concat([grandmother, mother])) == [("m0", "m1")]


def test_a_mother_whose_own_record_is_dated_is_judged_by_that():
    bounds = parent_of(2018, least=12, most=50)
    assert found({"date_of_birth": "1963-05-06"}, {"date_of_birth": "1963-06-05"}, bounds=bounds) == []


def test_bounds_of_a_record_that_is_held_no_longer_tell_of_nobody():
    assert found({}, {"date_of_birth": "1963-05-06"}, bounds=parent_of(2018, least=12, most=50, of="gone")) == []


def test_a_coordinators_cluster_is_left_as_it_is():
    assert found({"age_group": "child"}, {"age_group": "adult"}, basis="clerical") == []


def test_records_of_different_clusters_are_not_compared():
    mentions = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in COLUMNS})
    mentions["date_of_birth"] = pd.to_datetime(mentions["date_of_birth"])
    empty = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in ("id", "cluster_id", "basis")})
    assert contradictions(mentions, empty, NO_BOUNDS).empty
