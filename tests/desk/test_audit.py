"""The audit trail at the desk: filtered, paged, verified."""

import datetime as dt

import pytest
from sqlalchemy import text

from casebook import audit, events
from casebook.signature import Signature
from schemas.vocabulary import DeskRole

FAMILY = "f1aaaaaaaaaa"


@pytest.fixture
def auditor(desk):
    return desk.client(DeskRole.AUDITOR)


def _view(desk, times=1, family=FAMILY, on=dt.datetime(2026, 10, 3, 12, tzinfo=dt.UTC)):
    with desk.casebook.begin() as connection:
        for _ in range(times):
            viewed = events.FamilyViewed(family, "2026-10")
            audit.record(connection, viewed, Signature(desk.user_id("coordinator"), on))


def test_what_was_done_to_one_family_is_found_by_its_id(desk, auditor):
    _view(desk)
    _view(desk, family="f2bbbbbbbbbb")
    page = auditor.get(f"/audit?about={FAMILY}").text
    assert "Family viewed" in page
    assert "1 row<" in page
    assert "f2bbbbbbbbbb" not in page


def test_kind_person_and_days_narrow_it_and_the_last_day_counts(desk, auditor):
    _view(desk)
    who = desk.user_id("coordinator")
    assert "1 row<" in auditor.get(f"/audit?event=FamilyViewed&user={who}&since=2026-10-03&until=2026-10-03").text
    assert "0 rows<" in auditor.get("/audit?event=FamilyViewed&until=2026-10-02").text
    assert "0 rows<" in auditor.get(f"/audit?event=FamilyViewed&user={desk.user_id('manager')}").text


def test_older_rows_are_a_page_further_with_the_filters_kept(desk, auditor):
    _view(desk, times=51)
    first = auditor.get("/audit?event=FamilyViewed").text
    assert "51 rows<" in first
    older = first.split('class="govuk-link" href="/audit?event=FamilyViewed')[1].split('"')[0].replace("&amp;", "&")
    second = auditor.get(f"/audit?event=FamilyViewed{older}").text
    assert second.count("Family viewed</td>") == 1
    assert "Older rows" not in second


@pytest.mark.parametrize("wrong", ["since=3 October", "about=%3Cscript%3E"])
def test_what_cannot_be_asked_for_is_said_beside_its_field(auditor, wrong):
    page = auditor.get(f"/audit?{wrong}").text
    assert "There is a problem" in page
    assert "<script>" not in page


def test_a_whole_trail_verifies_and_gives_its_head(desk, auditor, form_token):
    _view(desk)
    page = auditor.post("/audit/verify", data={"csrf_token": form_token(auditor, "/audit")})
    assert "The trail is whole" in page.text
    with desk.casebook.reading() as connection:
        assert audit.head(connection) in page.text


def test_an_altered_row_is_named(desk, auditor, form_token):
    _view(desk)
    token = form_token(auditor, "/audit")
    with desk.casebook.begin() as connection:
        for name in connection.scalars(text("select name from sqlite_master where type = 'trigger'")).all():
            connection.execute(text(f"drop trigger {name}"))
        connection.execute(text("update audit set about = 'f3cccccccccc' where sequence = 3"))
    page = auditor.post("/audit/verify", data={"csrf_token": token}).text
    assert "Row 3" in page
    assert "The trail is whole" not in page


def test_a_head_that_is_not_in_the_trail_says_that_its_end_was_cut_off(auditor, form_token):
    data = {"csrf_token": form_token(auditor, "/audit"), "head": "0" * 63 + "1"}
    assert "cut off" in auditor.post("/audit/verify", data=data).text


def test_reading_the_trail_is_in_the_trail(desk, auditor):
    auditor.get("/audit")
    assert desk.events("AuditRead")
