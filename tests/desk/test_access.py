"""Every route as every role, signed in or not: what opens is written down here a second time, on purpose."""

import re

import pytest
from starlette.responses import PlainTextResponse

from desk import document
from desk.access import Permission, allowed
from desk.errors import RouteError
from desk.routes import WAYS
from desk.ways import Way
from schemas.vocabulary import DeskRole

D, C, K, M, A, S, N = DeskRole  # data analyst, coordinator, key worker, manager, auditor, scrutiny, administrator
EVERYONE = frozenset(DeskRole)
READERS = frozenset({D, C, K, M, A})

# Route → roles for which it opens; None: for anybody, signed in or not.
OPENS: dict[str, frozenset[DeskRole] | None] = {
    "sign_in": None,
    "check_sign_in": None,
    "to_council": None,
    "from_council": None,
    "sign_out": EVERYONE,
    "password": EVERYONE,
    "change_password": EVERYONE,
    "home": EVERYONE,
    "family": READERS,
    "person_export": frozenset({M}),
    "take_person_export": frozenset({M}),
    "claims": frozenset({D, C, M, A}),
    "claims_sample": frozenset({D, C, M, A}),
    "claim": frozenset({D, C, M, A}),
    "evidence_pack": frozenset({D, C, M, A}),
    "move_claim": frozenset({C, M}),
    "approve_claim": frozenset({M}),
    "families": READERS,
    "search_families": READERS,
    "save_view": READERS,
    "drop_view": READERS,
    "export": frozenset({D, C, K, M}),
    "take_export": frozenset({D, C, K, M}),
    "reviews": frozenset({D, C, M}),
    "decisions": frozenset({D, C, M}),
    "decision": frozenset({D, C, M}),
    "undo_decision": frozenset({D, C, M}),
    "review": frozenset({D, C, M}),
    "decide_review": frozenset({D, C, M}),
    "review_group": frozenset({D, C, M}),
    "decide_group": frozenset({D, C, M}),
    "cases": READERS,
    "case": READERS,
    "attach": frozenset({C, M}),
    "keep_attach": frozenset({C, M}),
    "case_consent": frozenset({C, M}),
    "keep_case_consent": frozenset({C, M}),
    "case_plan": frozenset({C, K, M}),
    "keep_case_plan": frozenset({C, K, M}),
    "case_hand_over": frozenset({C, M}),
    "keep_case_hand_over": frozenset({C, M}),
    "case_close": frozenset({C, M}),
    "keep_case_close": frozenset({C, M}),
    "case_activity": frozenset({C, K, M}),
    "case_undo": frozenset({C, K, M}),
    "keep_case_undo": frozenset({C, K, M}),
    "key_workers": frozenset({C, M}),
    "key_worker": frozenset({C, M}),
    "hand_over_all": frozenset({C, M}),
    "keep_hand_over_all": frozenset({C, M}),
    "records": frozenset({D, M}),
    "rejected": frozenset({D, M}),
    "audit": frozenset({M, A}),
    "verify_audit": frozenset({M, A}),
    "users": frozenset({N}),
    "add_user": frozenset({N}),
    "change_role": frozenset({N}),
    "disable_user": frozenset({N}),
    "enable_user": frozenset({N}),
    "new_password": frozenset({N}),
    "clearances": frozenset({M}),
    "clear": frozenset({M}),
}


def test_every_route_has_its_line_here():
    assert {way.name for way in WAYS} == set(OPENS)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_the_roles_that_a_route_opens_for(way):
    opens = {role for role in DeskRole if way.permission in allowed(role)}
    expected = OPENS[way.name]
    assert opens == (EVERYONE if expected is None else expected)
    assert (way.permission in allowed(None)) == (expected is None)


def _ask(client, way, form=None):
    path = re.sub(r"\{\w+\}", "x1", re.sub(r"\{\w+:int\}", "1", way.path))
    return client.get(path) if way.method == "GET" else client.post(path, data=form or {})


@pytest.fixture(scope="module")
def clients(module_desk):
    return {role: module_desk.client(role) for role in (*DeskRole, None)}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_nobody_passes_a_route_without_its_permission(clients, way):
    for role in (role for role in DeskRole if way.permission not in allowed(role)):
        answer = _ask(clients[role], way)
        assert answer.status_code == 403, role
        assert "does not include it" in answer.text


@pytest.mark.parametrize("way", [way for way in WAYS if OPENS.get(way.name) is not None], ids=lambda way: way.name)
def test_whoever_has_not_signed_in_is_sent_to_do_so(clients, way):
    answer = _ask(clients[None], way)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("way", [way for way in WAYS if way.method == "GET"], ids=lambda way: way.name)
def test_a_route_opens_for_those_who_may(clients, way):
    for role in (role for role in DeskRole if way.permission in allowed(role)):
        # What is not there is told only to those who might have seen it.
        assert _ask(clients[role], way).status_code in {200, 303, 404, 422}, role


@pytest.mark.parametrize("form", [{}, {"csrf_token": "0" * 64}], ids=["no token", "another's token"])
@pytest.mark.parametrize("way", [way for way in WAYS if way.method == "POST"], ids=lambda way: way.name)
def test_a_form_without_its_token_changes_nothing(clients, way, form):
    for role in (role for role in DeskRole if way.permission in allowed(role)):
        answer = _ask(clients[role], way, form)
        assert answer.status_code == 403, role
        assert "form has expired" in answer.text


def test_one_persons_token_is_no_good_for_another(module_desk, form_token):
    theirs = form_token(module_desk.client(C), "/")
    answer = module_desk.client(M).post("/sign-out", data={"csrf_token": theirs})
    assert answer.status_code == 403


@pytest.mark.parametrize("permission", [None, "", "see everything"])
def test_a_route_without_a_permission_cannot_be_made(permission):
    with pytest.raises(RouteError):
        Way("/x", "x", lambda visit: PlainTextResponse("x"), permission)  # type: ignore[arg-type]


def test_two_routes_of_one_name_cannot_be_registered(make_desk):
    from desk.app import make_app  # noqa: PLC0415

    settings = make_desk().settings
    twice = Way("/x", "home", lambda visit: PlainTextResponse("x"), Permission.ANYONE)
    with pytest.raises(RouteError, match="home"):
        make_app(settings, ways=(*WAYS, twice))


def test_a_role_that_is_granted_nothing_may_nothing():
    assert allowed(None) == {Permission.ANYONE}


def test_scrutiny_sees_counts_only_and_an_administrator_no_family():
    counts_only = {Permission.ANYONE, Permission.SIGNED_IN, Permission.SEE_MONTH}
    assert allowed(DeskRole.SCRUTINY) == counts_only
    assert allowed(DeskRole.ADMINISTRATOR) == {Permission.ANYONE, Permission.SIGNED_IN, Permission.MANAGE_PEOPLE}


def test_the_documented_table_is_the_one_in_force():
    text = document.FILE.read_text("utf-8")
    assert document.written(text) == text, "run: python -m desk.document"
