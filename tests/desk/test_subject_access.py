"""All that is held on one person: theirs, and nobody else's."""

import io
import json

import openpyxl
import pytest

from schemas.vocabulary import DeskRole

M = DeskRole.MANAGER


@pytest.fixture
def person(desk):
    members = desk.months.a_month()["family_members"]
    mine = members[members["family_id"] == desk.months.family_id(0)]
    return str(mine[mine["role"] == "child"]["person_id"].iloc[0])


def _taken(desk, person, form_token, form="json"):
    client = desk.client(M)
    page = f"/persons/{person}/export"
    return client.post(page, data={"csrf_token": form_token(client, page), "form": form})


def test_the_file_holds_the_persons_own_data_and_nobody_elses(desk, person, form_token):
    desk.attach(0)
    tables = desk.months.a_month()
    desk.client(DeskRole.COORDINATOR).get(f"/families/{desk.months.family_id(0)}")
    answer = _taken(desk, person, form_token)
    held = json.loads(answer.text)
    own = tables["person_records"][tables["person_records"]["person_id"] == person]
    assert sorted(row["source_id"] for row in held["Records"]) == sorted(own["source_id"])
    others = set(tables["person_records"]["source_id"]) - set(own["source_id"])
    people = set(tables["persons"]["person_id"]) - {person}
    assert not [value for value in others | people if f'"{value}"' in answer.text]
    assert {row["entry"] for row in held["Work with the family"]} == {"cases", "consents", "workers"}
    assert "agreed at the panel" not in answer.text
    assert "FamilyViewed" in {row["what"] for row in held["Who looked"]}
    assert held["Left out"]


def test_taking_it_is_recorded_with_the_files_hash(desk, person, form_token):
    _taken(desk, person, form_token)
    (event,) = desk.events("PersonExported")
    assert event["person_id"] == person
    assert len(event["file_sha256"]) == 64


def test_the_workbook_opens(desk, person, form_token):
    book = openpyxl.load_workbook(io.BytesIO(_taken(desk, person, form_token, "xlsx").content))
    assert {"Person", "Records", "Left out"} <= set(book.sheetnames)


def test_nobody_of_that_id_is_nobody(desk):
    assert desk.client(M).get("/persons/pnobody2/export").status_code == 404
