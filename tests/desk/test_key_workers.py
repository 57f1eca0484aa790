import datetime as dt
import re

import pytest

from casebook import cases, people
from casebook.case_files import all_cases
from casebook.cases import Worker
from casebook.ledgers import Saying
from casebook.people import NewUser
from casebook.signature import Signature
from desk.case_dates import Figures
from schemas.vocabulary import DeskRole

HARROW, WINDSOR = Figures(4, 6, 60, 12, 17), Figures(4, 6, 60, 9, 9)


@pytest.mark.parametrize(
    ("figures", "families", "said"),
    [
        (HARROW, 11, "Under the norm by 1"),
        (HARROW, 12, "Within the norm"),
        (HARROW, 17, "Within the norm"),
        (HARROW, 18, "Over the norm by 1"),
        (WINDSOR, 9, "Within the norm"),
        (WINDSOR, 10, "Over the norm by 1"),
        (Figures(None, None, 60, None, None), 30, "No norm stated"),
    ],
)
def test_a_caseload_is_under_within_or_over_the_norm(figures, families, said):
    assert figures.norm(families) == said


def _own(client):
    return dict(re.findall(r'href="(/key-workers/w[0-9a-f]{16})">([^<]+)<', client.get("/key-workers").text))


def _page_of(client, name):
    return next(path for path, shown in _own(client).items() if shown == name)


def _hand_over(client, form_token, page, **said):
    day = {"from_on-day": "5", "from_on-month": "10", "from_on-year": "2026"}
    return client.post(f"{page}/hand-over", data={"csrf_token": form_token(client, "/cases"), **day, **said})


def test_each_key_worker_stands_against_the_norm_also_without_a_family(desk):
    for number in range(18):
        desk.attach(number)
    client = desk.client()
    page = client.get("/key-workers").text
    assert "The norm is 12 to 17 families" in page
    assert "Over the norm by 1" in page
    assert "Under the norm by 12" in page
    assert set(_own(client).values()) == {"A. Key Worker", "B. Worker"}


def test_no_address_holds_a_name(desk):
    desk.attach(1, worker="Jo Canary of Mind")
    page = desk.client().get("/key-workers").text
    assert "Jo Canary of Mind" in page
    assert not [href for href in re.findall(r'href="([^"]+)"', page) if "anary" in href]


def test_when_a_key_worker_leaves_all_families_go_to_another(desk, form_token):
    ids = [desk.attach(number) for number in (1, 2, 3)]
    client = desk.client()
    page = _page_of(client, "A. Key Worker")
    assert client.get(f"{page}/hand-over").text.count('name="cases"') == 3
    said = {"cases": ids[:2], "worker": "second_worker", "reason": "leaves the service"}
    assert _hand_over(client, form_token, page, **said).headers["location"] == page
    with desk.casebook.reading() as connection:
        held = {each.case_id: each.key_worker for each in all_cases(connection)}
    assert held == {ids[0]: "second_worker", ids[1]: "second_worker", ids[2]: "key_worker"}
    shown = client.get(page).text
    assert "leaves the service" in shown
    assert "A. Key Worker to B. Worker" in shown
    assert "2 families handed over" in shown


def test_all_are_handed_over_or_none(desk, form_token, monkeypatch):
    ids = [desk.attach(number) for number in (1, 2)]
    client = desk.client()
    page = _page_of(client, "A. Key Worker")
    real, done = cases.hand_over, []

    def once(connection, case_id, *rest, **others):
        done.append(case_id)
        if len(done) > 1:
            raise cases.OutOfOrderError("closed meanwhile")
        return real(connection, case_id, *rest, **others)

    monkeypatch.setattr(cases, "hand_over", once)
    answer = _hand_over(client, form_token, page, cases=ids, worker="second_worker", reason="leaves")
    assert answer.status_code == 422
    with desk.casebook.reading() as connection:
        assert {each.key_worker for each in all_cases(connection)} == {"key_worker"}


def test_families_go_to_somebody_else_and_for_a_reason(desk, form_token):
    case_id, client = desk.attach(1), desk.client()
    page = _page_of(client, "A. Key Worker")
    answer = _hand_over(client, form_token, page, cases=[case_id], worker="key_worker", reason="")
    assert answer.status_code == 422
    for field in ("worker", "reason"):
        assert f'href="#{field}"' in answer.text


def test_a_family_of_another_key_worker_is_not_handed_over_from_here(desk, form_token):
    desk.attach(1)
    other, client = desk.attach(2, worker="second_worker"), desk.client()
    page = _page_of(client, "A. Key Worker")
    answer = _hand_over(client, form_token, page, cases=[other], worker="second_worker", reason="x")
    assert answer.status_code == 422


def test_a_disabled_key_worker_is_seen_while_they_have_families_and_is_given_no_more(desk):
    with desk.casebook.begin() as connection:
        signature = Signature.now(None)
        user = people.add(connection, NewUser("gone", "G. One", DeskRole.KEY_WORKER), signature)
        people.disable(connection, user.user_id, signature)
    client = desk.client()
    assert "G. One" not in client.get("/key-workers").text
    case_id = desk.attach(1)
    with desk.casebook.begin() as connection:
        saying = Saying(Signature.now(desk.user_id("coordinator")), "x")
        cases.hand_over(connection, case_id, Worker("gone"), saying, from_on=dt.date(2026, 10, 5))
    assert "G. One" in _own(client).values()
    assert 'value="gone"' not in client.get(f"{_page_of(client, 'A. Key Worker')}/hand-over").text


def test_a_key_worker_sees_their_own_caseload_and_nobody_elses(desk):
    desk.attach(1)
    client = desk.client(DeskRole.KEY_WORKER)
    assert client.get("/key-workers").status_code == 403
    page = client.get("/cases").text
    assert "Your families" in page
    assert "Under the norm by 11" in page


@pytest.mark.parametrize("role", [DeskRole.DATA_ANALYST, DeskRole.AUDITOR, DeskRole.SCRUTINY, DeskRole.ADMINISTRATOR])
def test_caseloads_are_for_coordinators_and_managers(desk, role):
    assert desk.client(role).get("/key-workers").status_code == 403
