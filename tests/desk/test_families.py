"""The list of families: what narrows it, who sees which, and what may leave as a file."""

import csv
import datetime as dt
import io
import re

import openpyxl
import pandas as pd
import pytest

from casebook.events import ExportForm
from desk.family_export import Cover, file_of
from desk.scope import Scope
from schemas.vocabulary import DeskRole

FOUND = re.compile(r'id="found">([\d,]+) famil')


def _found(client, query=""):
    return int(FOUND.search(client.get(f"/families{query}").text).group(1).replace(",", ""))


def _month(desk):
    reader = desk.app.state.desk.published.newest().reader(Scope(families=None))
    try:
        return reader.frame("select * from cohort join families using (family_id)"), reader.frame("select * from needs")
    finally:
        reader.close()


def test_the_list_holds_the_identified_families(desk):
    cohort, _ = _month(desk)
    assert _found(desk.client()) == cohort["is_identified"].sum()
    assert _found(desk.client(), "?listed=any") == len(cohort)


def test_filters_narrow_the_list_together(desk):
    cohort, needs = _month(desk)
    listed = cohort[cohort["is_identified"]]
    met = needs[(needs["state"] == "met") & (needs["headline"] == "Good education")]["family_id"]
    expected = listed[(listed["ward"] == "Dock") & (listed["needs_met"] >= 4) & listed["family_id"].isin(met)]
    assert _found(desk.client(), "?ward=Dock&needs=4&headline=Good+education") == len(expected)


def test_a_ward_does_not_find_a_protected_family(desk):
    cohort, _ = _month(desk)
    there = cohort[cohort["is_identified"]].groupby("protected").size()
    wards = "&".join(f"ward={ward}" for ward in desk.months.WARDS).replace(" ", "+")
    assert _found(desk.client(), f"?{wards}") == there[False]
    assert there[True] > 0


def test_what_is_no_choice_is_left_out_and_not_repeated(desk):
    page = desk.client().get("/families?ward=Zzyzx&sort=drop+table&page=-4&needs=1000")
    assert page.status_code == 200
    assert "Zzyzx" not in page.text
    assert "drop table" not in page.text


def test_a_family_taken_on_is_shown_so_at_once(desk):
    cohort, _ = _month(desk)
    listed = set(cohort.loc[cohort["is_identified"], "family_id"])
    number = next(number for number in range(60) if desk.months.family_id(number) in listed)
    client = desk.client()
    assert _found(client, "?status=attached") == 0
    desk.attach(number)
    assert _found(client, "?status=attached") == 1
    assert _found(client, "?worker=key_worker") == 1


@pytest.mark.parametrize("query", ["", "?listed=any", "?listed=any&status=not_attached", "?sort=-needs"])
def test_a_key_worker_sees_their_own_families_only(desk, query):
    desk.attach(3)
    desk.attach(4, worker="second_worker")
    client = desk.client(DeskRole.KEY_WORKER)
    page = client.get(f"/families{query}").text
    assert _found(client, query) <= 1
    assert _found(client, "?listed=any") == 1
    assert desk.months.family_id(4) not in page


def test_a_key_worker_finds_and_takes_away_no_others_family(desk, form_token):
    desk.attach(3)
    client = desk.client(DeskRole.KEY_WORKER)
    token = form_token(client, "/families")
    other = desk.months.family_id(4)
    went = client.post("/families/search", data={"csrf_token": token, "text": other, "state": "listed=any"})
    assert _found(client, went.headers["location"].removeprefix("/families")) == 0
    form = {"csrf_token": token, "state": "listed=any", "columns": ["family_id"], "form": "csv"}
    taken = client.post("/families/export", data=form).text
    assert desk.months.family_id(3) in taken
    assert len(re.findall(r"\bf[a-z2-7]{11}\b", taken)) == 1


def test_a_search_leaves_no_name_in_the_address_or_the_trail(desk, form_token):
    client = desk.client()
    form = {"csrf_token": form_token(client, "/families"), "text": "Brackenbury", "state": "listed=any"}
    address = client.post("/families/search", data=form).headers["location"]
    assert "bracken" not in address.lower()
    assert _found(client, address.removeprefix("/families")) > 0
    [said] = desk.events("Searched")
    assert (said["length"], len(str(said["text_hash"]))) == (11, 64)
    assert "Brackenbury" not in str(said)


def test_a_search_is_its_own_sessions(desk, form_token):
    client = desk.client()
    form = {"csrf_token": form_token(client, "/families"), "text": "Brackenbury", "state": ""}
    address = client.post("/families/search", data=form).headers["location"]
    assert "search has ended" in desk.client(DeskRole.MANAGER).get(address).text


def test_a_view_keeps_filters_and_not_what_was_searched(desk, form_token):
    client = desk.client()
    state = "ward=Dock&search=abc"
    form = {"csrf_token": form_token(client, "/families"), "state": state, "name": "My Dock"}
    client.post("/families/views", data=form)
    page = client.get("/families").text
    assert "My Dock" in page
    assert 'href="/families?ward=Dock"' in page
    assert "My Dock" not in desk.client(DeskRole.MANAGER).get("/families").text


def _workbook(answer):
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def test_a_workbook_says_what_it_is_and_is_on_record(desk, form_token):
    client = desk.client()
    form = {"csrf_token": form_token(client, "/families/export"), "state": "ward=Dock", "form": "xlsx"}
    answer = client.post("/families/export", data={**form, "columns": ["family_id", "surnames"]})
    book = _workbook(answer)
    cover = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert cover["Month"] == "October 2026"
    assert cover["Filters"] == "Ward: Dock"
    assert "coordinator" in cover["Taken by"]
    assert "Not for onward sharing" in cover["Handling"]
    assert [cell.value for cell in book["Families"][1]] == ["Family", "Surnames"]
    [said] = desk.events("Exported")
    assert said["rows"] == book["Families"].max_row - 1


def test_no_column_that_may_leave_is_an_address(desk, form_token):
    client = desk.client()
    text = client.get("/families/export").text
    assert not re.search(r'value="(address|postcode|uprn|household_id)"', text)
    form = {"csrf_token": form_token(client, "/families/export"), "columns": ["household_id", "postcode"]}
    assert client.post("/families/export", data=form).status_code == 422


def test_a_protected_familys_ward_does_not_leave(desk, form_token):
    client = desk.client(username="cleared")
    form = {"csrf_token": form_token(client, "/families/export"), "state": "listed=any", "form": "csv"}
    text = client.post("/families/export", data={**form, "columns": ["family_id", "ward"]}).content.decode("utf-8-sig")
    wards = {row[0]: row[1] for row in csv.reader(io.StringIO(text)) if len(row) == 2}
    assert wards[desk.months.family_id(5)] == "protected"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_no_cell_of_a_file_is_run_as_a_formula(start):
    evil = f"{start}cmd|'/c calc'!A0"
    frame = pd.DataFrame({"surnames": [[evil]]})
    cover = Cover("2026-10", "p", [evil], evil, dt.datetime(2026, 11, 1, tzinfo=dt.UTC), 1)
    text = file_of(ExportForm.CSV, frame, ["surnames"], cover).decode("utf-8-sig")
    assert all(not cell.startswith(start) for row in csv.reader(io.StringIO(text, newline="")) for cell in row)
    book = openpyxl.load_workbook(io.BytesIO(file_of(ExportForm.XLSX, frame, ["surnames"], cover)))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


def test_scrutiny_sees_counts_and_no_small_ones(make_desk, tmp_path):
    desk = make_desk(published=tmp_path / "published")
    desk.months.publish(desk.months.a_month(12), tmp_path / "published")
    page = desk.client(DeskRole.SCRUTINY).get("/").text
    assert "fewer than 5" in page
    assert "What waits for you" not in page
    assert not re.search(r"\bf[a-z2-7]{11}\b", page)


def test_without_clearance_no_table_tells_a_protected_address(desk):
    snapshot = desk.app.state.desk.published.newest()
    for scope in (Scope(families=None), Scope(families=frozenset({desk.months.family_id(5)}))):
        reader = snapshot.reader(scope)
        assert reader.one("select count(*) as n from households where protected and uprn is not null")["n"] == 0
        assert reader.one("select count(*) as n from households where protected and postcode is not null")["n"] == 0
        assert reader.one("select count(*) as n from families where protected and ward is not null")["n"] == 0
        assert reader.one("select count(*) as n from rejected_records where record is not null")["n"] == 0
        reader.close()
    cleared = snapshot.reader(Scope(families=None, protected_addresses=True))
    assert cleared.one("select count(*) as n from households where protected and postcode is not null")["n"] > 0
    cleared.close()


def test_whoever_has_no_families_reads_empty_tables(desk):
    from schemas.registry import PUBLISHED_TABLES  # noqa: PLC0415

    reader = desk.app.state.desk.published.newest().reader(Scope(families=frozenset()))
    general = {"deliveries", "rules", "run"}
    for name in (*PUBLISHED_TABLES, "family_rows"):
        count = reader.one(f'select count(*) as n from "{name}"')["n"]
        if name == "changes":
            assert reader.one("select count(*) as n from changes where family_id is not null")["n"] == 0
        elif name not in general:
            assert count == 0, name
    reader.close()


def test_of_a_protected_family_a_list_tells_one_surname(make_desk, tmp_path):
    months = make_desk().months
    tables = months.a_month()
    people = tables["family_members"].drop_duplicates("family_id", keep="last")
    tables["persons"].loc[tables["persons"]["person_id"].isin(people["person_id"]), "surname"] = "Otherson"
    months.publish(tables, tmp_path / "published")
    snapshot = make_desk(published=tmp_path / "published").app.state.desk.published.newest()
    rows = snapshot.reader(Scope(families=None)).rows(
        "select protected, max(len(surnames)) as n from family_rows group by 1"
    )
    assert {row["protected"]: row["n"] for row in rows} == {False: 2, True: 1}
