"""Who may use the desk: added, changed, let in no more; who is cleared for protected addresses."""

import re

import pytest

from casebook import people
from schemas.vocabulary import DeskRole


@pytest.fixture
def administrator(desk):
    return desk.client(DeskRole.ADMINISTRATOR)


def _post(client, form_token, path, page="/users", **data):
    return client.post(path, data={"csrf_token": form_token(client, page), **data})


def _user(desk, username):
    with desk.casebook.reading() as connection:
        return people.named(connection, username)


def test_somebody_new_gets_a_password_that_is_shown_once_and_must_be_changed(desk, administrator, form_token):
    answer = _post(administrator, form_token, "/users", username="n.ewcomer", display_name="N", role="coordinator")
    shown = re.search(r"<code[^>]*>([^<]+)</code>", answer.text)
    assert shown is not None
    assert _user(desk, "n.ewcomer").must_change_password
    newcomer = desk.client(None)
    signed_in = _post(newcomer, form_token, "/sign-in", "/sign-in", username="n.ewcomer", password=shown[1])
    assert signed_in.status_code == 303
    assert newcomer.get("/").headers["location"] == "/password"
    assert shown[1] not in administrator.get("/users").text


@pytest.mark.parametrize(
    ("given", "field"),
    [({"username": "has space", "role": "manager"}, "username"), ({"username": "fine", "role": "king"}, "role")],
)
def test_a_wrong_form_says_so_beside_its_field_and_keeps_what_was_typed(administrator, form_token, given, field):
    answer = _post(administrator, form_token, "/users", display_name="Kept", **given)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'value="Kept"' in answer.text


def test_another_role_ends_their_sessions(desk, administrator, form_token):
    coordinator = desk.client(DeskRole.COORDINATOR)
    assert coordinator.get("/").status_code == 200
    path = f"/users/{desk.user_id('coordinator')}/role"
    assert _post(administrator, form_token, path, role="scrutiny").status_code == 303
    assert coordinator.get("/").headers["location"].startswith("/sign-in")
    assert _user(desk, "coordinator").role is DeskRole.SCRUTINY


def test_whoever_is_disabled_is_out_until_let_in_again(desk, administrator, form_token):
    auditor, path = desk.client(DeskRole.AUDITOR), f"/users/{desk.user_id('auditor')}"
    _post(administrator, form_token, f"{path}/disable")
    assert auditor.get("/").status_code == 303
    assert "Disabled" in administrator.get("/users").text
    _post(administrator, form_token, f"{path}/enable")
    assert not _user(desk, "auditor").is_disabled


def test_nobody_changes_their_own_role_access_or_clearance(desk, administrator, form_token):
    own = desk.user_id("administrator")
    for way in ("role", "disable", "password"):
        assert _post(administrator, form_token, f"/users/{own}/{way}", role="manager").status_code == 422
    assert _user(desk, "administrator").role is DeskRole.ADMINISTRATOR
    manager = desk.client(DeskRole.MANAGER)
    path = f"/clearances/{desk.user_id('manager')}"
    assert _post(manager, form_token, path, "/clearances", sees="yes").status_code == 422
    assert not _user(desk, "manager").sees_protected_addresses


def test_a_manager_clears_and_takes_away_and_both_are_in_the_trail(desk, form_token):
    manager, path = desk.client(DeskRole.MANAGER), f"/clearances/{desk.user_id('coordinator')}"
    _post(manager, form_token, path, "/clearances", sees="yes")
    assert _user(desk, "coordinator").sees_protected_addresses
    _post(manager, form_token, path, "/clearances", sees="no")
    assert [each["sees_protected_addresses"] for each in desk.events("ClearanceChanged")][:2] == [False, True]


def test_nobody_is_found_by_an_id_that_is_nobodys(administrator, form_token):
    assert _post(administrator, form_token, "/users/U0000000000000000/disable").status_code == 404
