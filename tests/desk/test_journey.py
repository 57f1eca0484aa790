"""A coordinator's morning in a real browser: a family found, taken on and closed, a question, a claim, a file."""

import importlib.util
import io
import re
import sys
from pathlib import Path

import openpyxl
import pytest

from desk.routes import WAYS
from schemas.vocabulary import DeskRole

pytestmark = pytest.mark.journey
REASON = "The school confirmed it by telephone."


def _load(name):
    spec = importlib.util.spec_from_file_location(f"hearth_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


browsers = _load("a_browser")


@pytest.fixture(scope="module")
def browser():
    with browsers.opened() as running:
        yield running


@pytest.fixture
def address(desk):
    with browsers.served(desk.app) as at:
        yield at


def _secret(client):
    return client.cookies["hearth"]


class Walk:
    """A page that is looked at wherever it stops: axe finds nothing, nothing scrolls sideways."""

    def __init__(self, page, *, scripts):
        self.page = page
        self.scripts = scripts
        self.stops = []

    def stop(self, heading):
        assert heading in self.page.inner_text("h1"), self.page.inner_text("h1")
        self.stops.append(heading)
        if self.scripts:
            assert browsers.axe(self.page) == [], self.page.url
            width = self.page.evaluate("document.documentElement.scrollWidth")
            assert width <= self.page.viewport_size["width"], self.page.url

    def press(self, words):
        self.page.get_by_role("button", name=words).click()

    def follow(self, words):
        # A link that looks like a button says that it is one.
        self.page.locator("main a", has_text=words).first.click()


def _sign_in(walk):
    walk.page.goto("/families?change=new")
    walk.stop("Sign in")
    walk.page.get_by_label("User name").fill("typed")
    walk.page.get_by_label("Password", exact=True).fill("three calm herons wait")
    walk.press("Sign in")


@pytest.mark.parametrize(
    ("scripts", "wide"), [(True, True), (True, False), (False, True)], ids=["desktop", "phone", "no scripts"]
)
def test_a_coordinators_morning(desk, address, browser, scripts, wide):
    page = browsers.page_at(browser, address, None, scripts=scripts, wide=wide)
    page.set_default_timeout(10_000)
    walk = Walk(page, scripts=scripts)
    _sign_in(walk)
    family = _open_a_family(walk, desk)
    _take_it_on(walk, desk)
    _close_it(walk, desk, family)
    _answer_a_question(walk, desk)
    _check_a_claim(walk)
    _take_the_list_away(walk, desk)
    walk.press("Sign out")
    page.goto("/families")
    walk.stop("Sign in")
    page.context.close()


def _open_a_family(walk, desk):
    page = walk.page
    walk.stop("Families")
    assert "change=new" in page.url
    page.goto("/")
    walk.stop("This month")
    page.goto("/families?needs=4")
    walk.stop("Families")
    page.locator("main a[href^='/families/f']").first.click()
    walk.stop("family")
    family = page.url.rsplit("/", 1)[1]
    assert desk.events("FamilyViewed")[0]["family_id"] == family
    return family


def _take_it_on(walk, desk):
    page = walk.page
    walk.follow(re.compile("Take the family on"))
    walk.stop("Take this family on")
    walk.press("Take the family on")
    walk.stop("Take this family on")
    assert page.locator(".govuk-error-summary").count() == 1
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Key worker", exact=True).select_option(label="A. Key Worker")
    _fill_day(page, "attached_on", (1, 10, 2026))
    walk.press("Take the family on")
    assert len(desk.events("FamilyAttached")) == 1


def _close_it(walk, desk, family):
    page = walk.page
    page.goto(_case_of(page, family))
    walk.stop("")
    walk.follow(re.compile("[Cc]lose"))
    walk.stop("Close the case")
    page.locator("input[name='close_reason']").first.check()
    _fill_day(page, "closed_on", (2, 11, 2026))
    page.get_by_label(re.compile("Exit plan")).fill("The school's family worker stays in touch.")
    walk.press("Close the case")
    assert desk.events("CaseChanged")


def _answer_a_question(walk, desk):
    page = walk.page
    page.goto("/reviews")
    walk.stop("Reviews")
    walk.follow("Answer the next question")
    walk.stop("Are these two records one person?")
    page.locator("input[type=radio]").first.check()
    page.get_by_label(re.compile("Why")).fill(REASON)
    walk.press("Save and go to the next question")
    assert len(desk.events("PairDecided")) == 1


def _check_a_claim(walk):
    page = walk.page
    page.goto("/claims?status=eligible")
    walk.stop("Claims")
    page.locator("main a[href^='/claims/C']").first.click()
    walk.stop("Claim")
    walk.press("I have checked this claim")
    assert "Somebody else must approve it" in page.inner_text("main")


def _take_the_list_away(walk, desk):
    page = walk.page
    page.goto("/families/export")
    walk.stop("Take the list away")
    with page.expect_download() as taken:
        walk.press("Take the file")
    book = openpyxl.load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes()), read_only=True)
    assert len(book.sheetnames) >= 2
    cover = " ".join(str(cell) for row in book[book.sheetnames[0]].iter_rows(values_only=True) for cell in row if cell)
    assert "not for onward sharing" in cover.lower()
    assert "D. Yped" in cover or "typed" in cover
    assert desk.events("Exported")[0]["form"] == "xlsx"


def _fill_day(page, name, day):
    for part, value in zip(("day", "month", "year"), day, strict=True):
        page.locator(f"[name='{name}-{part}']").fill(str(value))


def _case_of(page, family):
    page.goto(f"/families/{family}")
    return page.locator("main a[href^='/cases/']").first.get_attribute("href")


def test_every_page_of_every_role_is_accessible_and_fits_a_phone(desk, address, browser):
    looked_at = set()
    for role in DeskRole:
        page = browsers.page_at(browser, address, _secret(desk.client(role)), wide=False)
        walk = Walk(page, scripts=True)
        page.goto("/")
        walk.stop("")
        for way in WAYS:
            if way.menu and page.locator(f"nav a[href='{way.path}']").count():
                page.goto(way.path)
                walk.stop("")
                looked_at.add(way.name)
        page.context.close()
    assert looked_at == {way.name for way in WAYS if way.menu}


def test_signing_in_needs_no_mouse(desk, address, browser):
    page = browsers.page_at(browser, address, None)
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "username":
            break
    page.keyboard.type("typed")
    page.keyboard.press("Tab")
    page.keyboard.type("three calm herons wait")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    assert "This month" in page.inner_text("h1")
    page.context.close()
