"""Records: what came, what was rejected and where, what was found in more than one feed."""

import pytest

from schemas.vocabulary import DeskRole


@pytest.fixture(scope="module")
def analyst(module_desk):
    return module_desk.client(DeskRole.DATA_ANALYST)


def test_late_feeds_and_refused_rows_are_told(analyst):
    page = analyst.get("/records").text
    assert "none came" in page
    assert "Late" in page
    assert "5,198" in page


def test_a_rejected_row_is_told_by_file_and_line_and_never_by_what_it_says(analyst):
    page = analyst.get("/records/rejected/school/pupils/date")
    assert page.status_code == 200
    assert "pupils.csv" in page.text
    assert "12" in page.text
    assert "Zzyzx" not in page.text
    assert "Zzyzx" not in analyst.get("/records").text


@pytest.mark.parametrize("path", ["school/pupils/nothing", "nowhere/pupils/date", "school/nothing/date"])
def test_a_rule_that_no_row_broke_has_no_page(analyst, path):
    assert analyst.get(f"/records/rejected/{path}").status_code == 404


def test_a_group_found_much_less_often_is_marked_and_others_are_not(analyst):
    by_ethnicity = analyst.get("/records?by=ethnicity").text
    marked = by_ethnicity.count("Found less often")
    assert marked == 1
    assert by_ethnicity.index("WIRT") < by_ethnicity.index("Found less often")
    assert "Found less often" not in analyst.get("/records?by=age").text


def test_an_unknown_grouping_falls_back_to_age(analyst):
    assert "under 11" in analyst.get("/records?by=surname").text


def test_looking_is_recorded(make_desk):
    desk = make_desk()
    desk.client(DeskRole.DATA_ANALYST).get("/records")
    assert desk.events("PageViewed")[0]["page"] == "records"
