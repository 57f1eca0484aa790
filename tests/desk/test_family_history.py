"""A family outlives the month in which its id changed: timeline, case and old links go on in every later one."""

import datetime as dt

import pandas as pd
import pytest

from casebook import cases
from casebook.case_files import all_cases
from casebook.ledgers import Saying
from casebook.signature import Signature
from schemas.casebook import Consent
from schemas.frames import conform
from schemas.registry import PUBLISHED_TABLES
from schemas.vocabulary import DeskRole

NUMBER = 3
FIRST, SECOND = "foldest22222", "folder222222"


def joined(month, one, other):
    return {"month": month, "kind": "family", "id": one, "event": "joined", "other_id": other, "cause": "data"}


def publish(months, folder, month, events):
    tables = months.a_month(month=month)
    tables["identity_events"] = conform(pd.DataFrame(events), PUBLISHED_TABLES["identity_events"])
    months.publish(tables, folder)


@pytest.fixture
def desk(make_desk, tmp_path):
    """Taken on as FIRST, which in August became SECOND, which in September became the family that stands."""
    made = make_desk(published=tmp_path / "published")
    now = made.months.family_id(NUMBER)
    kept = {"month": "2026-10", "kind": "family", "id": now, "event": "kept", "other_id": None, "cause": "data"}
    new = {"month": "2026-08", "kind": "family", "id": now, "event": "new", "other_id": None, "cause": "data"}
    publish(made.months, tmp_path / "published", "2026-08", [new, joined("2026-08", FIRST, SECOND)])
    publish(made.months, tmp_path / "published", "2026-09", [joined("2026-09", SECOND, now)])
    publish(made.months, tmp_path / "published", "2026-10", [kept])
    attaching = cases.Attaching(FIRST, dt.date(2026, 7, 1), Consent.GIVEN, cases.Worker("key_worker", "council"))
    with made.casebook.begin() as connection:
        cases.attach(connection, attaching, Saying(Signature.now(made.user_id("coordinator")), "agreed at the panel"))
    return made


def test_the_timeline_has_the_events_of_every_month(desk):
    text = desk.client().get(f"/families/{desk.months.family_id(NUMBER)}").text
    assert f"Family {SECOND} became part of this one" in text
    assert "Seen as a family for the first time" in text
    assert '<time datetime="2026-09">' in text


def test_an_old_id_leads_on_through_every_month_since(desk):
    for old in (FIRST, SECOND):
        answer = desk.client().get(f"/families/{old}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/families/{desk.months.family_id(NUMBER)}")


def test_a_case_goes_on_under_the_id_that_its_family_has_now(desk, form_token):
    family = f"/families/{desk.months.family_id(NUMBER)}"
    assert desk.client(DeskRole.KEY_WORKER).get(family).status_code == 200
    client = desk.client()
    form = {
        "csrf_token": form_token(client, f"{family}/attach"), "consent": "given", "worker": "key_worker",
        "agency": "early help", "reason": "a second time", "attached_on-day": "1", "attached_on-month": "9",
        "attached_on-year": "2026",
    }  # fmt: skip
    answer = client.post(f"{family}/attach", data=form)
    assert answer.status_code != 303
    with desk.casebook.reading() as connection:
        assert len(all_cases(connection)) == 1


def test_a_month_that_is_run_again_is_told_anew(desk, tmp_path):
    client, family = desk.client(), f"/families/{desk.months.family_id(NUMBER)}"
    assert "fothers22222" not in client.get(family).text
    events = [joined("2026-08", "fothers22222", desk.months.family_id(NUMBER))]
    publish(desk.months, tmp_path / "published", "2026-08", events)
    (tmp_path / "published" / "current").write_text("2026-10\n", "utf-8")
    assert "Family fothers22222 became part of this one" in client.get(family).text


def test_an_id_that_stands_today_is_no_part_of_another(desk, tmp_path):
    now, other = (desk.months.family_id(number) for number in (NUMBER, NUMBER + 1))
    publish(desk.months, tmp_path / "published", "2026-09", [joined("2026-09", now, other)])
    (tmp_path / "published" / "current").write_text("2026-10\n", "utf-8")
    assert desk.client().get(f"/families/{now}").status_code == 200


def test_a_month_that_is_damaged_is_left_out_of_the_timeline_and_hides_nothing_else(desk, tmp_path, caplog):
    (tmp_path / "published" / "2026-08.duckdb").write_bytes(b"no database")
    text = desk.client().get(f"/families/{desk.months.family_id(NUMBER)}").text
    assert f"Family {SECOND} became part of this one" in text
    assert "timelines lack 2026-08" in caplog.text


LOST = "flost2222222"


@pytest.fixture
def desk_of_a_lost_family(make_desk, tmp_path):
    """LOST is no longer seen since October, whose changes name a record that is gone; the key worker works with it."""
    made = make_desk(published=tmp_path / "published")
    tables = made.months.a_month()
    gone = {"month": "2026-10", "kind": "family", "id": LOST, "event": "gone", "other_id": None, "cause": "data"}
    tables["identity_events"] = conform(pd.DataFrame([gone]), PUBLISHED_TABLES["identity_events"])
    went = {
        "since": "2026-09",
        "kind": "family",
        "change": "went",
        "family_id": LOST,
        "before": "2 people",
        "cause": "data",
        "because": "gone: school/pupils P77; its people now: 2 in no record",
    }
    changes = PUBLISHED_TABLES["changes"]
    tables["changes"] = conform(pd.DataFrame([went]).reindex(columns=list(changes.to_schema().columns)), changes)
    made.months.publish(tables, tmp_path / "published")
    attaching = cases.Attaching(LOST, dt.date(2026, 7, 1), Consent.GIVEN, cases.Worker("key_worker", "council"))
    with made.casebook.begin() as connection:
        cases.attach(connection, attaching, Saying(Signature.now(made.user_id("coordinator")), "agreed at the panel"))
    return made


def test_a_family_that_is_no_longer_seen_is_told_of_with_its_case(desk_of_a_lost_family):
    answer = desk_of_a_lost_family.client().get(f"/families/{LOST}")
    assert answer.status_code == 200
    for told in (
        "No longer seen as a family",
        "Since October 2026",
        "Gone: school/pupils P77; its people now",
        "/cases/",
    ):
        assert told in answer.text, told
    assert desk_of_a_lost_family.events("FamilyViewed")[0]["family_id"] == LOST


def test_of_a_family_that_is_no_longer_seen_its_own_key_worker_is_told_without_records_and_no_other_worker(
    desk_of_a_lost_family,
):
    own = desk_of_a_lost_family.client(DeskRole.KEY_WORKER).get(f"/families/{LOST}")
    assert own.status_code == 200
    assert "Open the case" in own.text
    assert "P77" not in own.text
    other = desk_of_a_lost_family.client(DeskRole.KEY_WORKER, username="second_worker")
    assert other.get(f"/families/{LOST}").status_code == 404


def test_the_case_of_a_family_that_is_no_longer_seen_leads_to_why(desk_of_a_lost_family):
    client = desk_of_a_lost_family.client()
    with desk_of_a_lost_family.casebook.reading() as connection:
        (case,) = all_cases(connection)
    page = client.get(f"/cases/{case.case_id}").text
    assert "The family is not seen in this month" in page
    assert f'href="/families/{LOST}"' in page


def test_a_family_that_split_off_can_be_opened_from_the_timeline_unless_it_is_gone(desk, tmp_path):
    here, other = (desk.months.family_id(number) for number in (NUMBER, NUMBER + 1))
    split = {"month": "2026-09", "kind": "family", "event": "split", "other_id": here, "cause": "human"}
    publish(desk.months, tmp_path / "published", "2026-09", [split | {"id": other}, split | {"id": LOST}])
    (tmp_path / "published" / "current").write_text("2026-10\n", "utf-8")
    page = desk.client().get(f"/families/{here}").text
    assert f"Family {other} split from this one" in page
    assert f"Family {LOST} split from this one" in page
    assert f'href="/families/{other}"' in page
    assert f'href="/families/{LOST}"' not in page


def test_a_family_that_never_was_has_no_page(desk_of_a_lost_family):
    assert desk_of_a_lost_family.client().get("/families/fnever222222").status_code == 404


@pytest.fixture
def desk_of_two_cases(desk):
    """The family that FIRST became was taken on under its own id too, by another key worker."""
    attaching = cases.Attaching(
        desk.months.family_id(NUMBER), dt.date(2026, 9, 1), Consent.GIVEN, cases.Worker("second_worker", "council")
    )
    with desk.casebook.begin() as connection:
        newer = cases.attach(connection, attaching, Saying(Signature.now(desk.user_id("coordinator")), "at the panel"))
        (older,) = [case.case_id for case in all_cases(connection) if case.case_id != newer]
    return desk, older, newer


def test_where_two_families_that_were_taken_on_became_one_both_cases_stand_and_each_names_the_other(desk_of_two_cases):
    desk, older, newer = desk_of_two_cases
    client = desk.client()
    for one, other in ((older, newer), (newer, older)):
        page = client.get(f"/cases/{one}")
        assert page.status_code == 200
        assert f'href="/cases/{other}"' in page.text
        assert "taken on as two families" in page.text
        assert f'href="/cases/{one}"' in client.get("/cases").text
    assert f'href="/cases/{older}"' in client.get(f"/families/{desk.months.family_id(NUMBER)}").text


@pytest.mark.parametrize("worker", ["key_worker", "second_worker"])
def test_both_key_workers_see_the_family_that_theirs_became(desk_of_two_cases, worker):
    desk, older, newer = desk_of_two_cases
    client = desk.client(DeskRole.KEY_WORKER, username=worker)
    assert client.get(f"/families/{desk.months.family_id(NUMBER)}").status_code == 200
    for case in (older, newer):
        assert client.get(f"/cases/{case}").status_code == 200


def test_whichever_of_two_cases_is_closed_the_family_is_worked_with_by_the_other(desk_of_two_cases):
    desk, older, newer = desk_of_two_cases
    closing = cases.Closing(dt.date(2026, 10, 1), "outcomes_achieved", "one case will do")
    with desk.casebook.begin() as connection:
        cases.close(connection, newer, closing, Saying(Signature.now(desk.user_id("coordinator")), "one case will do"))
    client = desk.client()
    assert f'href="/cases/{older}"' in client.get(f"/families/{desk.months.family_id(NUMBER)}").text
    assert "taken on as two families" not in client.get(f"/cases/{older}").text
    assert client.get(f"/cases/{newer}").status_code == 200


@pytest.mark.parametrize(
    ("change", "of_here", "told", "link"),
    [
        ("split", False, "Another family split from this one", True),
        ("split", True, "Split from another family", True),
        ("joined", False, "became part of this one", False),
    ],
)
def test_of_a_family_that_split_off_or_joined_it_is_told_which_way_round(
    make_desk, tmp_path, change, of_here, told, link
):
    made = make_desk(published=tmp_path / "published")
    here, other = (made.months.family_id(number) for number in (NUMBER, NUMBER + 1))
    ids = {"family_id": here, "other_id": other} if of_here else {"family_id": other, "other_id": here}
    row = {"since": "2026-09", "kind": "family", "change": change, "after": "2 people", "cause": "data", "because": "x"}
    tables, model = made.months.a_month(), PUBLISHED_TABLES["changes"]
    tables["changes"] = conform(pd.DataFrame([row | ids]).reindex(columns=list(model.to_schema().columns)), model)
    made.months.publish(tables, tmp_path / "published")
    page = made.client().get(f"/families/{here}").text
    assert told in page
    assert (f'href="/families/{other}"' in page) == link
    assert "nothing before" not in page
    assert "nothing now" not in page


def test_needs_that_turned_alike_for_one_reason_are_told_in_one_line(make_desk, tmp_path):
    made = make_desk(published=tmp_path / "published")
    here = made.months.family_id(NUMBER)
    late = {"since": "2026-09", "kind": "need", "change": "turned", "family_id": here, "cause": "data"}
    late |= {"before": "not_met", "after": "unknown", "because": "no usable delivery from police"}
    rows = [late | {"criterion_id": each} for each in ("SF6.2", "SF7.1", "SF8.1")]
    rows.append(late | {"criterion_id": "SF1.1", "after": "met", "because": "new: school/attendance A1"})
    tables, model = made.months.a_month(), PUBLISHED_TABLES["changes"]
    tables["changes"] = conform(pd.DataFrame(rows).reindex(columns=list(model.to_schema().columns)), model)
    made.months.publish(tables, tmp_path / "published")
    page = made.client().get(f"/families/{here}").text
    assert page.count("no usable delivery from police") == 1
    assert (
        "<strong>3 needs</strong>: not met before, not known now. They are Missing; Adult offending; Domestic abuse."
        in (" ".join(page.split()))
    )
    assert "<strong>Attendance</strong>" in page
