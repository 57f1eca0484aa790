import datetime as dt

import pytest

from casebook import cases
from casebook.case_files import all_cases, case
from casebook.cases import Closing, Plan
from casebook.ledgers import Saying
from casebook.signature import Signature
from desk.case_dates import Figures, after, days_of
from schemas.casebook import Consent
from schemas.vocabulary import DeskRole

AIMS = "Canary aims: school every day"


def _day(name, day):
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def _post(client, form_token, page, **said):
    return client.post(page, data={"csrf_token": form_token(client, "/cases"), **said})


def _attach(desk, client, form_token, number, **said):
    family = desk.months.family_id(number)
    form = {
        "consent": "given",
        "worker": "key_worker",
        "agency": "early help",
        **_day("attached_on", dt.date(2026, 9, 1)),
    }
    return _post(client, form_token, f"/families/{family}/attach", **(form | said))


def _saying(desk, reason="because"):
    return Saying(Signature.now(desk.user_id("coordinator")), reason)


def _cases(desk):
    with desk.casebook.reading() as connection:
        return all_cases(connection)


def _now(desk, case_id):
    with desk.casebook.reading() as connection:
        return case(connection, case_id)


def test_a_family_is_taken_on_with_consent_agency_and_key_worker(desk, form_token):
    answer = _attach(desk, desk.client(), form_token, 3)
    (made,) = _cases(desk)
    assert answer.headers["location"] == f"/cases/{made.case_id}"
    assert (made.family_id, made.consent, made.key_worker) == (desk.months.family_id(3), "given", "key_worker")
    assert (made.agency, made.attached_on) == ("early help", dt.date(2026, 9, 1))
    assert desk.events("FamilyAttached")[0]["family_id"] == made.family_id


def test_what_is_missing_is_said_beside_its_field(desk, form_token):
    answer = _attach(desk, desk.client(), form_token, 3, consent="", worker="", **{"attached_on-month": "13"})
    assert answer.status_code == 422
    for field in ("consent", "worker", "attached_on-day"):
        assert f'href="#{field}"' in answer.text
    assert not _cases(desk)


def test_a_key_worker_who_does_not_use_the_desk_is_named(desk, form_token):
    _attach(desk, desk.client(), form_token, 3, worker="elsewhere", other_worker="Jo of Mind")
    assert _cases(desk)[0].key_worker == "Jo of Mind"


def test_a_family_is_not_taken_on_twice(desk, form_token):
    client = desk.client()
    _attach(desk, client, form_token, 3)
    answer = _attach(desk, client, form_token, 3)
    assert answer.status_code == 422
    assert len(_cases(desk)) == 1


def test_a_family_that_comes_back_is_tied_to_its_earlier_work(desk, form_token):
    first, client = desk.attach(3, on=dt.date(2025, 3, 3)), desk.client()
    closing = {"close_reason": "outcomes_achieved", "exit_plan": "school stays in touch"}
    answer = _post(client, form_token, f"/cases/{first}/close", **closing, **_day("closed_on", dt.date(2025, 9, 30)))
    assert answer.status_code == 303
    assert "Worked with before" in client.get(f"/families/{desk.months.family_id(3)}/attach").text
    _attach(desk, client, form_token, 3)
    again = _cases(desk)[-1]
    assert again.earlier_case_id == first
    assert f"/cases/{first}" in client.get(f"/cases/{again.case_id}").text
    assert client.get(f"/cases/{first}").status_code == 200


def test_progress_is_recorded_as_codes_by_the_key_worker(desk, form_token):
    case_id = desk.attach(3)
    client = desk.client(DeskRole.KEY_WORKER)
    page = f"/cases/{case_id}/activity"
    wrong = _post(client, form_token, page, kind="chat", **_day("done_on", dt.date(2026, 10, 5)))
    assert wrong.status_code == 422
    _post(client, form_token, page, kind="visit", **_day("done_on", dt.date(2026, 10, 5)))
    assert _now(desk, case_id).last_activity_on == dt.date(2026, 10, 5)
    assert "Home visit" in client.get(f"/cases/{case_id}").text


def test_there_is_a_plan_only_with_consent(desk, form_token):
    case_id, client = desk.attach(3), desk.client(DeskRole.KEY_WORKER)
    page = f"/cases/{case_id}/plan"
    said = {"aims": AIMS, **_day("planned_on", dt.date(2026, 10, 1)), **_day("review_on", dt.date(2026, 9, 1))}
    assert _post(client, form_token, page, **said).status_code == 422
    said |= _day("review_on", dt.date(2026, 12, 1))
    assert _post(client, form_token, page, **said).status_code == 303
    assert AIMS in client.get(f"/cases/{case_id}").text
    with desk.casebook.begin() as connection:
        cases.record_consent(connection, case_id, Consent.NOT_ASKED, _saying(desk), on=dt.date(2026, 10, 2))
    assert _post(client, form_token, page, **said).status_code == 422


@pytest.fixture
def declined(desk, form_token):
    case_id = desk.attach(3)
    with desk.casebook.begin() as connection:
        cases.plan(connection, case_id, Plan(dt.date(2026, 9, 2), AIMS), _saying(desk))
        cases.record_activity(connection, case_id, "assessment", _saying(desk), done_on=dt.date(2026, 9, 3))
    said = {"consent": "declined", **_day("given_on", dt.date(2026, 10, 1))}
    assert _post(desk.client(), form_token, f"/cases/{case_id}/consent", **said).status_code == 303
    return case_id


@pytest.mark.parametrize("role", [DeskRole.COORDINATOR, DeskRole.KEY_WORKER, DeskRole.DATA_ANALYST])
def test_after_a_family_declined_its_plan_and_progress_are_not_shown(desk, declined, role):
    page = desk.client(role).get(f"/cases/{declined}").text
    assert "The family declined." in page
    assert AIMS not in page
    assert "Whole-family assessment" not in page


@pytest.mark.parametrize("role", [DeskRole.MANAGER, DeskRole.AUDITOR])
def test_who_answers_or_checks_still_sees_them(desk, declined, role):
    page = desk.client(role).get(f"/cases/{declined}").text
    assert AIMS in page
    assert "Whole-family assessment" in page


def test_nothing_more_is_recorded_of_a_family_that_declined(desk, declined, form_token):
    said = {"kind": "visit", **_day("done_on", dt.date(2026, 10, 5))}
    assert _post(desk.client(), form_token, f"/cases/{declined}/activity", **said).status_code == 422
    said = {"aims": "x", **_day("planned_on", dt.date(2026, 10, 5))}
    assert _post(desk.client(), form_token, f"/cases/{declined}/plan", **said).status_code == 422


def test_after_a_handover_the_new_key_worker_sees_the_family_and_the_old_one_does_not(desk, form_token):
    case_id, client = desk.attach(3), desk.client()
    said = {"worker": "second_worker", **_day("from_on", dt.date(2026, 10, 5))}
    assert _post(client, form_token, f"/cases/{case_id}/hand-over", **said).status_code == 422
    assert _post(client, form_token, f"/cases/{case_id}/hand-over", **said, reason="moves team").status_code == 303
    assert desk.client(username="second_worker").get(f"/cases/{case_id}").status_code == 200
    assert desk.client(DeskRole.KEY_WORKER).get(f"/cases/{case_id}").status_code == 404
    page = client.get(f"/cases/{case_id}").text
    assert "A. Key Worker" in page
    assert "B. Worker" in page


def test_a_key_worker_sees_their_own_cases_and_attaches_nobody(desk, form_token):
    mine, other = desk.attach(3), desk.attach(4, worker="second_worker")
    client = desk.client(DeskRole.KEY_WORKER)
    page = client.get("/cases?show=all").text
    assert mine in page
    assert other not in page
    for path in (f"/cases/{other}", f"/cases/{other}/plan"):
        assert client.get(path).status_code == 404
    said = {"kind": "visit", **_day("done_on", dt.date(2026, 10, 5))}
    assert _post(client, form_token, f"/cases/{other}/activity", **said).status_code == 404
    for path in (f"/cases/{mine}/close", f"/cases/{mine}/consent", f"/families/{desk.months.family_id(5)}/attach"):
        assert client.get(path).status_code == 403


def test_an_entry_is_undone_and_both_stay(desk, form_token):
    case_id, client = desk.attach(3), desk.client()
    with desk.casebook.begin() as connection:
        number = cases.record_activity(connection, case_id, "visit", _saying(desk), done_on=dt.date(2026, 10, 5))
    page = f"/cases/{case_id}/undo/activities/{number}"
    assert _post(client, form_token, page).status_code == 422
    assert _post(client, form_token, page, reason="another family").status_code == 303
    assert _now(desk, case_id).last_activity_on is None
    assert "(undone)" in client.get(f"/cases/{case_id}").text
    assert _post(client, form_token, page, reason="again").status_code == 403


def test_a_key_worker_undoes_their_work_and_no_attachment(desk, form_token):
    case_id = desk.attach(3)
    number = _now(desk, case_id).sequence
    answer = _post(desk.client(DeskRole.KEY_WORKER), form_token, f"/cases/{case_id}/undo/cases/{number}", reason="x")
    assert answer.status_code == 403
    assert len(_cases(desk)) == 1


def test_an_entry_of_another_case_is_not_undone_through_this_one(desk, form_token):
    one, other = desk.attach(3), desk.attach(4, worker="second_worker")
    with desk.casebook.begin() as connection:
        number = cases.record_activity(connection, other, "visit", _saying(desk), done_on=dt.date(2026, 10, 5))
    client = desk.client(DeskRole.KEY_WORKER)
    assert _post(client, form_token, f"/cases/{one}/undo/activities/{number}", reason="x").status_code == 404


def test_closure_sets_the_day_of_the_follow_up(desk):
    case_id = desk.attach(3, on=dt.date(2026, 1, 5))
    closing = Closing(dt.date(2026, 6, 30), "stepped_down", "the school nurse")
    with desk.casebook.begin() as connection:
        cases.close(connection, case_id, closing, _saying(desk))
    client = desk.client()
    assert "Due since 30 October 2026" in client.get(f"/cases/{case_id}").text
    assert case_id in client.get("/cases?show=follow_up").text
    with desk.casebook.begin() as connection:
        cases.record_activity(connection, case_id, "follow_up", _saying(desk), done_on=dt.date(2026, 11, 2))
    assert "Done on 2 November 2026" in client.get(f"/cases/{case_id}").text
    assert case_id not in client.get("/cases?show=follow_up").text


def test_a_silent_family_is_said_to_be_silent(desk):
    case_id = desk.attach(3, on=dt.date(2026, 6, 1))
    assert case_id in desk.client().get("/cases?show=silent").text
    with desk.casebook.begin() as connection:
        today = dt.datetime.now(dt.UTC).date()
        cases.record_activity(connection, case_id, "call", _saying(desk), done_on=today)
    assert case_id not in desk.client().get("/cases?show=silent").text


def test_four_months_after_the_end_of_a_month_is_the_end_of_a_shorter_one():
    assert after(dt.date(2015, 6, 15), 4) == dt.date(2015, 10, 15)
    assert after(dt.date(2025, 10, 31), 4) == dt.date(2026, 2, 28)
    assert after(dt.date(2027, 10, 31), 4) == dt.date(2028, 2, 29)
    assert after(dt.date(2025, 10, 31), 6) == dt.date(2026, 4, 30)


def test_a_call_soon_after_the_closure_is_not_the_follow_up():
    row = {"case_id": "K1", "closed_on": dt.date(2026, 6, 15), "attached_on": dt.date(2026, 1, 5)}
    row |= {"last_activity_on": None, "review_on": None, "consent": "given"}
    figures, today = Figures(4, 6, 60, 12, 17), dt.date(2026, 11, 1)
    early = days_of(row, figures, followed_up=dt.date(2026, 6, 20), today=today)
    assert early.is_follow_up_due
    done = days_of(row, figures, followed_up=dt.date(2026, 10, 1), today=today)
    assert (done.followed_up_on, done.is_follow_up_due) == (dt.date(2026, 10, 1), False)
    assert done.sustained_from == dt.date(2026, 12, 15)


def test_without_a_rule_nothing_is_due():
    row = {"case_id": "K1", "closed_on": dt.date(2020, 6, 15), "attached_on": dt.date(2020, 1, 5)}
    row |= {"last_activity_on": None, "review_on": None, "consent": "given"}
    days = days_of(row, Figures(None, None, 60, None, None), followed_up=None, today=dt.date(2026, 11, 1))
    assert (days.follow_up_on, days.sustained_from, days.is_follow_up_due) == (None, None, False)


def test_the_exit_plan_of_a_family_that_declined_is_not_shown_either(desk, declined):
    closing = Closing(dt.date(2026, 10, 2), "consent_withdrawn", "Canary exit: the aunt helps")
    with desk.casebook.begin() as connection:
        cases.close(connection, declined, closing, _saying(desk))
    assert "Canary exit" not in desk.client().get(f"/cases/{declined}").text
    assert "Canary exit" in desk.client(DeskRole.MANAGER).get(f"/cases/{declined}").text


def test_a_follow_up_that_nobody_did_for_a_quarter_is_missed_and_waited_for_no_longer():
    row = {"case_id": "K1", "closed_on": dt.date(2025, 6, 15), "attached_on": dt.date(2025, 1, 5)}
    row |= {"last_activity_on": None, "review_on": None, "consent": "given"}
    days = days_of(row, Figures(4, 6, 60, 12, 17), followed_up=None, today=dt.date(2026, 11, 1))
    assert (days.is_follow_up_due, days.is_follow_up_missed) == (False, True)


def test_what_waits_on_the_first_page_is_what_the_list_shows(desk):
    desk.attach(3, on=dt.date(2026, 6, 1))
    client = desk.client()
    assert 'href="/cases?show=silent"' in client.get("/").text
    assert "1 family<" in client.get("/cases?show=silent").text


def test_forms_that_could_not_be_kept_are_not_offered(desk, declined):
    client = desk.client()
    assert 'name="aims"' not in client.get(f"/cases/{declined}/plan").text
    closing = Closing(dt.date(2026, 10, 2), "consent_withdrawn", "none")
    with desk.casebook.begin() as connection:
        cases.close(connection, declined, closing, _saying(desk))
    assert 'name="worker"' not in client.get(f"/cases/{declined}/hand-over").text
    assert 'name="exit_plan"' not in client.get(f"/cases/{declined}/close").text
