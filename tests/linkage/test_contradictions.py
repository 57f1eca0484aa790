"""What no one person can be, found in clusters that an undated record tied together."""

import pandas as pd
import pytest

from linkage.contradictions import contradictions

TEXT = pd.StringDtype("pyarrow")
COLUMNS = ["mention_id", "date_of_birth", "age_group", "upn", "nino", "nhs_number"]


def found(*records, basis="model"):
    """Records of one cluster, each with the columns that it says; how many pairs of them contradict each other."""
    mentions = pd.DataFrame([{"mention_id": f"m{n}", **said} for n, said in enumerate(records)], columns=COLUMNS)
    mentions["date_of_birth"] = pd.to_datetime(mentions["date_of_birth"])
    mentions = mentions.astype(dict.fromkeys([name for name in COLUMNS if name != "date_of_birth"], TEXT))
    clusters = pd.DataFrame({"id": mentions["mention_id"], "cluster_id": "m0", "basis": basis}, dtype=TEXT)
    pairs = contradictions(mentions, clusters)
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


def test_a_coordinators_cluster_is_left_as_it_is():
    assert found({"age_group": "child"}, {"age_group": "adult"}, basis="clerical") == []


def test_records_of_different_clusters_are_not_compared():
    mentions = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in COLUMNS})
    mentions["date_of_birth"] = pd.to_datetime(mentions["date_of_birth"])
    empty = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in ("id", "cluster_id", "basis")})
    assert contradictions(mentions, empty).empty
