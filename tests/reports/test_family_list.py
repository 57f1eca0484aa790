import csv
import datetime as dt

import openpyxl
import pandas as pd
import pytest

from reports.family_list import compile_list
from reports.sheets import NOTICE, write_csv, write_xlsx


def frame(columns, *rows):
    return pd.DataFrame(rows, columns=columns.split())


@pytest.fixture
def tables():
    return {
        "cohort": frame(
            "family_id programme is_identified needs_met headlines_met rank first_identified change reason",
            ("f2", "demo", True, 3, 2, 2, "2026-09", "same", "3 needs met"),
            ("f1", "demo", True, 4, 3, 1, "2026-10", "new", "4 needs met"),
            ("f3", "demo", False, 1, 1, None, None, None, "1 need met, 3 needed"),
        ),
        "families": frame(
            "family_id household_id adults children ward protected",
            ("f1", "h1", 1, 2, "Ashby", False),
            ("f2", "h2", 2, 1, "Brook", True),
            ("f3", "h3", 2, 1, "Ashby", False),
        ),
        "family_members": frame(
            "family_id person_id role basis",
            ("f1", "p1", "child", "x"),
            ("f1", "p2", "parent", "x"),
            ("f1", "p3", "child", "x"),
            ("f2", "p4", "parent", "x"),
        ),
        "persons": frame(
            "person_id forename surname date_of_birth sex records feeds protected",
            ("p1", "Testchild", "Exampleton", pd.Timestamp("2015-01-01"), "F", 1, 1, False),
            ("p2", "=1+1", "Sampleford", pd.Timestamp("1985-01-01"), "F", 1, 1, False),
            ("p3", "Testsecond", "Exampleton", pd.NaT, "M", 1, 1, False),
            ("p4", "Testparent", "@cell", pd.NaT, None, 1, 1, True),
        ),
        "needs": frame(
            "family_id criterion_id headline state measure extract_on evidence",
            ("f1", "SF1.1", "Education", "met", "attendance", pd.Timestamp("2026-10-24"), "[]"),
            ("f1", "SF8.1", "Domestic abuse", "met", "incidents", pd.Timestamp("2026-09-30"), "[]"),
            ("f1", "SF7.1", "Crime", "unknown", "offences", pd.NaT, "[]"),
            ("f2", "SF1.1", "Education", "met", "attendance", pd.Timestamp("2026-10-24"), "[]"),
        ),
    }


def test_identified_families_stand_in_rank_order_and_others_do_not(tables):
    families = compile_list("2026-10", tables).families
    assert families["family_id"].tolist() == ["f1", "f2"]


def test_a_family_is_called_by_the_surname_that_most_members_bear_first(tables):
    assert compile_list("2026-10", tables).families["surnames"].tolist() == ["Exampleton / Sampleford", "@cell"]


def test_the_ward_of_a_protected_family_is_not_shown(tables):
    assert compile_list("2026-10", tables).families["ward"].tolist() == ["Ashby", "protected"]


def test_only_needs_that_are_met_count_as_headlines_and_the_oldest_feed_is_told(tables):
    first = compile_list("2026-10", tables).families.iloc[0]
    assert first["headlines"] == "Education, Domestic abuse"
    assert first["oldest_data"] == pd.Timestamp("2026-09-30")


def test_parents_stand_before_children(tables):
    members = compile_list("2026-10", tables).members
    assert members.loc[members["family_id"].eq("f1"), "role"].tolist() == ["parent", "child", "child"]


def test_a_list_of_nobody_can_be_shown_and_written(tables, tmp_path):
    tables["cohort"]["is_identified"] = False
    empty = compile_list("2026-10", tables)
    write_csv(empty, tmp_path / "list.csv")
    write_xlsx(empty, tmp_path / "list.xlsx", made_at=dt.datetime(2026, 11, 5, tzinfo=dt.UTC))
    assert len(empty.families) == 0


def test_a_csv_cell_cannot_start_a_formula(tables, tmp_path):
    write_csv(compile_list("2026-10", tables), tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[1]["Surnames"] == "'@cell"
    assert rows[0]["Oldest data"] == "2026-09-30"


def test_the_workbook_says_what_it_is_and_holds_text_not_formulas(tables, tmp_path):
    write_xlsx(compile_list("2026-10", tables), tmp_path / "list.xlsx", made_at=dt.datetime(2026, 11, 5, tzinfo=dt.UTC))
    book = openpyxl.load_workbook(tmp_path / "list.xlsx")
    assert book.sheetnames == ["About", "Families", "Members", "Needs met"]
    assert NOTICE in [cell.value for cell in book["About"]["B"]]
    forenames = [cell for cell in book["Members"]["E"] if cell.value == "=1+1"]
    assert [cell.data_type for cell in forenames] == ["s"]
    assert book["Families"]["A2"].value == 1


def test_the_list_shows_no_names_when_it_is_printed_as_an_object(tables):
    assert "Exampleton" not in repr(compile_list("2026-10", tables))
