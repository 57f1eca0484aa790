"""What holds for every page: headers, static files, errors, a new month, whatever the page is."""

import logging
import re
from pathlib import Path

import pandas as pd
import pytest
from starlette.responses import PlainTextResponse

from desk.access import Permission
from desk.app import make_app
from desk.errors import StylesMissingError
from desk.routes import WAYS
from desk.ways import Way
from schemas.vocabulary import DeskRole

DESK = Path(__file__).parents[2] / "desk"


def test_a_page_may_run_no_script_but_the_desks_own_and_is_kept_by_nobody(desk):
    headers = desk.client().get("/").headers
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_https_is_asked_for_only_where_it_is_spoken(make_desk):
    assert "strict-transport-security" not in make_desk().client().get("/sign-in").headers
    secure = make_desk(secure=True).client(None).get("/sign-in")
    assert "max-age" in secure.headers["strict-transport-security"]


def test_a_static_file_is_named_by_what_it_holds_and_kept_for_good(desk):
    client = desk.client(None)
    for address in re.findall(r'(?:src|href|content)="(/static/[^"]+)"', client.get("/sign-in").text):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert "immutable" not in client.get(re.sub(r"/static/\w+/", "/static/0/", address)).headers["cache-control"]
    assert client.get("/static/0/secrets.py").status_code == 404


def test_neither_crown_nor_transport_is_served(desk):
    client = desk.client(None)
    page = client.get("/sign-in").text
    css = client.get(re.search(r'href="(/static/\w+/govuk-frontend.min.css)"', page).group(1)).text
    assert "GDS Transport" not in css
    assert "@font-face" not in css
    assert "crown" not in page
    assert "govuk-header" not in page


def test_no_template_holds_script_or_style_of_its_own():
    for file in (DESK / "templates").rglob("*.html"):
        text = file.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), file.name
        assert "<style" not in text, file.name
        assert not re.search(r"\s(style|on[a-z]+)=\"", text), file.name
        assert "| safe" not in text.replace("|safe", "| safe"), f"{file.name} shows something unescaped"


def test_every_form_that_sends_carries_the_token():
    for file in (DESK / "templates").rglob("*.html"):
        for form in re.findall(r"<form.*?</form>", file.read_text("utf-8"), re.S):
            if 'method="post"' in form:
                assert "csrf" in form, file.name


def test_only_one_module_reads_the_tables_as_they_are():
    for file in DESK.rglob("*.py"):
        if file.name not in {"scope.py", "published.py"}:
            assert "whole." not in file.read_text("utf-8"), file.name


def test_only_one_module_knows_duckdb():
    knows = {file.name for file in DESK.rglob("*.py") if re.search(r"^\s*(import|from) duckdb", file.read_text(), re.M)}
    assert knows == {"published.py"}


@pytest.mark.parametrize("path", ["/no-such-page", "/static", "/sign-in/x"])
def test_what_is_not_there_is_a_page(desk, path):
    answer = desk.client().get(path)
    assert answer.status_code == 404
    assert "Page not found" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_late_feed_says_that_nothing_came_and_not_that_its_day_is_not_known(make_desk, tmp_path):
    made = make_desk(published=tmp_path / "published")
    tables = made.months.a_month()
    late = tables["deliveries"]["status"].eq("late")
    tables["deliveries"].loc[late, "extract_on"] = pd.NaT
    made.months.publish(tables, tmp_path / "published")
    page = made.client().get("/").text
    assert "nothing this month" in page
    assert "not known" not in page


def test_another_host_name_is_refused(desk):
    assert desk.client().get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_form_that_is_too_large_or_does_not_say_is_refused(desk):
    client = desk.client()
    assert client.post("/sign-in", data={"username": "x" * 300_000}).status_code == 413
    assert client.post("/sign-in", content=iter([b"username=x"])).status_code == 413


def _failing(visit):
    raise ValueError("Zzyzx Canary, 1 Secret Street")


def test_a_failure_tells_nobody_anything(desk, caplog):
    app = make_app(desk.settings, ways=(*WAYS, Way("/fail", "fail", _failing, Permission.ANYONE)))
    desk.app = app
    with caplog.at_level(logging.DEBUG):
        answer = desk.client(None).get("/fail")
    app.state.desk.casebook.close()
    reference = re.search(r"<strong>([0-9a-f]{8})</strong>", answer.text).group(1)
    assert answer.status_code == 500
    assert reference in caplog.text
    assert "ValueError at" in caplog.text
    assert "Zzyzx" not in answer.text + caplog.text
    assert "Secret" not in answer.text + caplog.text


def test_a_page_is_asked_for_no_more_often_than_the_limit(make_desk):
    client = make_desk(requests_a_minute=5).client()
    assert [client.get("/password").status_code for _ in range(6)] == [200] * 5 + [429]


def test_without_a_month_the_desk_says_so(make_desk, tmp_path):
    answer = make_desk(published=tmp_path / "none").client().get("/")
    assert answer.status_code == 503
    assert "hearth run --month" in answer.text


def test_without_styles_the_desk_does_not_start(make_desk, tmp_path):
    with pytest.raises(StylesMissingError, match="npm ci"):
        make_desk(styles=tmp_path)


def test_a_new_month_is_shown_from_the_next_page_on(make_desk, tmp_path):
    desk = make_desk(published=tmp_path / "published")
    desk.months.publish(desk.months.a_month(20, "2026-09"), tmp_path / "published")
    client = desk.client()
    assert "September 2026" in client.get("/").text
    desk.months.publish(desk.months.a_month(20, "2026-10"), tmp_path / "published")
    assert "October 2026" in client.get("/").text


def test_a_month_run_again_replaces_what_is_shown(make_desk, tmp_path):
    desk = make_desk(published=tmp_path / "published")
    desk.months.publish(desk.months.a_month(20), tmp_path / "published")
    snapshot = desk.app.state.desk.published.newest()
    desk.months.publish(desk.months.a_month(30), tmp_path / "published")
    assert desk.app.state.desk.published.newest().edition != snapshot.edition


def test_the_navigation_shows_only_what_opens(desk):
    for role in DeskRole:
        client = desk.client(role)
        page = client.get("/password").text
        for address in re.findall(r'govuk-service-navigation__link" href="([^"]+)"', page):
            assert client.get(address).status_code == 200, (role, address)


def test_a_route_is_added_with_a_line(desk):
    app = make_app(desk.settings, ways=(*WAYS, Way("/x", "x", lambda _: PlainTextResponse("ok"), Permission.SEE_AUDIT)))
    desk.app = app
    assert desk.client(DeskRole.AUDITOR).get("/x").text == "ok"
    assert desk.client(DeskRole.COORDINATOR).get("/x").status_code == 403
    app.state.desk.casebook.close()
