import pytest
from starlette.testclient import TestClient

PASSWORD = "three calm herons wait"


def _sign_in(client: TestClient, token, username="typed", password=PASSWORD, wanted=""):
    form = {"csrf_token": token, "username": username, "password": password, "next": wanted}
    return client.post("/sign-in", data=form)


def test_name_and_password_let_in(desk, form_token):
    client = desk.client(None)
    answer = _sign_in(client, form_token(client))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/").status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk, form_token):
    client = desk.client(None)
    cookie = _sign_in(client, form_token(client)).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_over_https_the_cookie_travels_no_other_way(make_desk):
    client = make_desk(secure=True, hosts=("127.0.0.1",)).client(None)
    cookie = client.get("/sign-in").headers["set-cookie"]
    assert cookie.startswith("__Host-hearth=")
    assert "Secure" in cookie


def test_signing_in_gives_a_secret_that_nobody_had_before(desk, form_token):
    client = desk.client(None)
    token = form_token(client)
    before = client.cookies["hearth"]
    _sign_in(client, token)
    assert client.cookies["hearth"] != before


def test_a_wrong_password_is_told_apart_from_nothing(desk, form_token):
    client = desk.client(None)
    token = form_token(client)
    wrong = _sign_in(client, token, password="not the one at all")
    unknown = _sign_in(client, token, username="nobody.here")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text == unknown.text


def test_after_five_failures_the_right_password_does_not_help(desk, form_token):
    client = desk.client(None)
    token = form_token(client)
    for _ in range(5):
        _sign_in(client, token, password="not the one at all")
    answer = _sign_in(client, token)
    assert answer.status_code == 422
    assert "locked" in answer.text


def test_a_password_that_somebody_else_set_is_changed_first(desk, form_token):
    client = desk.client(None)
    _sign_in(client, form_token(client), username="fresh")
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    new = "seven loud geese fly"
    form = {"csrf_token": form_token(client, "/password"), "old": PASSWORD, "new": new, "again": new}
    assert client.post("/password", data=form).headers["location"] == "/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "told"),
    [
        (PASSWORD, "seven loud geese fly", "seven loud ducks fly", "differ"),
        ("wrong wrong wrong", "seven loud geese fly", "seven loud geese fly", "in use is wrong"),
        (PASSWORD, "short", "short", "12 to"),
    ],
)
def test_a_password_that_will_not_do_is_said_so(desk, form_token, old, new, again, told):
    client = desk.client(None)
    _sign_in(client, form_token(client))
    form = {"csrf_token": form_token(client, "/password"), "old": old, "new": new, "again": again}
    answer = client.post("/password", data=form)
    assert answer.status_code == 422
    assert told in answer.text


def test_signing_out_ends_the_session_and_not_only_the_cookie(desk, form_token):
    client = desk.client()
    held = client.cookies["hearth"]
    client.post("/sign-out", data={"csrf_token": form_token(client, "/")})
    client.cookies.set("hearth", held)
    assert client.get("/").headers["location"] == "/sign-in"


def test_an_idle_session_ends(make_desk):
    client = make_desk(idle_minutes=0).client()
    assert client.get("/password").headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\r\nb"])
def test_after_signing_in_one_stays_on_the_desk(desk, form_token, wanted):
    client = desk.client(None)
    assert _sign_in(client, form_token(client), wanted=wanted).headers["location"] == "/"


def test_after_signing_in_one_is_where_one_wanted_to_be(desk, form_token):
    client = desk.client(None)
    wanted = client.get("/password").headers["location"]
    token = form_token(client, wanted)
    assert _sign_in(client, token, wanted="/password").headers["location"] == "/password"


def test_guessing_is_slowed_down(desk, form_token):
    client = desk.client(None)
    token = form_token(client)
    answers = [_sign_in(client, token, username=f"guess{number}").status_code for number in range(31)]
    assert answers[-1] == 429
