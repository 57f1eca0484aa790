"""`hearth casework` on a casebook with cases: what is due, silent, agreed and back, as a manager reads it."""

import re
from datetime import date

import pytest
from typer.testing import CliRunner

from assets.casebook import read_attachments
from assets.store import Store
from casebook import cases, people
from casebook.cases import Attaching, Closing, Worker
from casebook.ledgers import Saying
from casebook.opening import open_casebook
from casebook.people import NewUser
from casebook.signature import Signature
from feeds import holdings
from feeds.archive import Archive
from feeds.incoming import IntakeSettings
from feeds.intake import receive
from pipelines.cli import app
from schemas.casebook import Consent
from schemas.vocabulary import DeskRole, Feed

RUN = CliRunner()
MONTH = "2026-10"
AT_WORK = {"f1": Consent.GIVEN, "f2": Consent.DECLINED, "f3": Consent.NOT_ASKED}
CLOSED = {"f4": date(2026, 6, 15), "f5": date(2026, 6, 20), "f6": date(2025, 11, 3), "f7": date(2026, 3, 2)}
RECORD = {"feed": "mash", "table_name": "people", "source_id": "M1", "person_id": "p7", "basis": "model"}


def worked_with(connection, saying):
    """Three families at work; four closed, of whom f5 was followed up, f6 not, and f7 was taken on again."""
    begun = {
        family: Attaching(family, date(2025, 10, 6), consent, Worker("kim")) for family, consent in AT_WORK.items()
    }
    begun |= {family: Attaching(family, date(2025, 10, 6), Consent.GIVEN, Worker("jo")) for family in CLOSED}
    ids = {family: cases.attach(connection, attaching, saying) for family, attaching in begun.items()}
    for family, day in CLOSED.items():
        cases.close(connection, ids[family], Closing(day, "outcomes_achieved", "the school keeps in touch"), saying)
    cases.attach(connection, Attaching("f7", date(2026, 9, 1), Consent.GIVEN, Worker("jo")), saying)
    cases.record_activity(connection, ids["f1"], "visit", saying, done_on=date(2026, 10, 20))
    cases.record_activity(connection, ids["f5"], "follow_up", saying, done_on=date(2026, 10, 12))


def referred(store, root, *referrals):
    folder = root / "landing" / MONTH / "mash"
    folder.mkdir(parents=True)
    (folder / "people.csv").write_text("mash_id,forename,surname,date_of_birth\nM1,Test,Person,2014-01-02\n")
    rows = [f"R{number},M1,{day},6,assessment" for number, day in enumerate(referrals)]
    (folder / "referrals.csv").write_text("\n".join(["referral_id,mash_id,received_on,source_code,decision", *rows]))
    with store.connect(store.feeds_file) as connection:
        past = holdings.past(connection, MONTH, Feed.MASH)
        keep = Archive(store.received).keep
        settings = IntakeSettings(0.5, allow_test_identifiers=True)
        holdings.hold(connection, receive(folder.parents[1], MONTH, Feed.MASH, settings=settings, keep=keep, past=past))


def rows(store, programme):
    """The tables of the month that `casework` reads."""
    at = "2026-11-02"
    run = {
        "month": MONTH,
        "run_id": "r",
        "started_at": at,
        "finished_at": at,
        "software_version": "1",
        "settings": "{}",
    }
    run |= {"programme": programme, "programme_sha256": "0", "model_sha256": "0"}
    member = {"family_id": "f7", "person_id": "p7", "role": "child", "basis": "school"}
    attachments = read_attachments(store).to_dict("records")
    return {"run": [run], "attachments": attachments, "person_records": [RECORD], "family_members": [member]}


def sections(store, profile):
    """Each title with its lines, cells apart."""
    words = ["casework", "--store", str(store.root), "--profile", profile]
    result = RUN.invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    heading, *parts = result.stdout.strip().split("\n\n")
    titled = [part.splitlines() for part in parts]
    return heading, {title: [re.split(r"\s+", line.strip()) for line in lines] for title, *lines in titled}


@pytest.fixture(scope="module")
def told(tmp_path_factory, publish):
    folder = tmp_path_factory.mktemp("casework")
    store = Store(folder / "store")
    book = open_casebook(store.casebook_url)
    with book.begin() as connection:
        user = people.add(connection, NewUser("kim", "Kim", DeskRole.COORDINATOR), Signature.now(None))
        worked_with(connection, Saying(Signature.now(user.user_id)))
    book.close()
    referred(store, folder, "2026-04-20", "2026-09-20")
    publish(store, MONTH, **rows(store, "lincolnshire-phase-1"))
    return sections(store, "lincolnshire-phase-1")


def test_a_follow_up_is_done_waited_for_or_missed(told):
    heading, parts = told
    assert heading == "2026-10  by the figures of lincolnshire-phase-1"
    headings, *families = parts["Follow-ups and sustainment"]
    assert " ".join(headings).endswith("followed up on is due is missed sustained from is sustained by now")
    assert families == [
        ["f6", "2025-11-03", "2026-03-03", "no", "yes", "2026-05-03", "yes"],
        ["f4", "2026-06-15", "2026-10-15", "yes", "no", "2026-12-15", "no"],
        ["f5", "2026-06-20", "2026-10-20", "2026-10-12", "no", "no", "2026-12-20", "no"],
    ]


def test_who_said_no_does_not_drift(told):
    _, parts = told
    _, *families = parts["Drift: nothing done for more than 60 days"]
    assert families == [["f3", "kim", "2025-10-06", "390"]]


def test_rates_are_told_with_each_denominator(told):
    _, parts = told
    assert parts["Consent"][1:] == [
        ["declined", "1", "14.3%", "16.7%"],
        ["given", "5", "71.4%", "83.3%"],
        ["not", "asked", "1", "14.3%"],
    ]
    assert ["agreed", "5", "asked", "6", "83.3%"] in parts["Engagement"]
    assert ["reached", "2", "agreed", "5", "40.0%"] in parts["Engagement"]


def test_who_comes_back_is_tied_to_the_earlier_work(told):
    _, parts = told
    assert parts["Taken on again"][1:] == [["f7", "f7", "2026-03-02", "2026-09-01", "6.0"]]
    assert parts["Rate of families taken on again"][1:] == [
        ["1", "worked", "with", "7", "14.3%"],
        ["1", "closed", "4", "25.0%"],
        ["1", "turned", "around", "0"],
    ]


def test_a_referral_after_closure_counts_and_one_while_worked_with_does_not(told):
    _, parts = told
    assert parts["Referred again after closure"][1:] == [["f7", "2026-03-02", "R0", "2026-04-20", "1.6"]]


def test_without_a_casebook_it_says_what_cannot_be_told(tmp_path, publish):
    store = Store(tmp_path / "store")
    publish(store, MONTH, **rows(store, "lincolnshire-phase-1"))
    heading, parts = sections(store, "rotherham-phase-1")
    assert heading.endswith("(the month was judged by lincolnshire-phase-1)")
    lacking = "Follow-ups and sustainment (the programme states no follow-up and no time of sustainment)"
    assert parts[lacking] == [["no", "family", "is", "closed"]]
    drift = parts["Drift: nothing done for more than 60 days"][0]
    assert " ".join(drift) == "cannot be told: no activity is recorded in the casebook"
    untold = "cannot be told: no activity is recorded in the casebook"
    engaged = parts[f"Engagement (reached {untold})"]
    assert [row[:2] for row in engaged[1:]] == [["taken", "on"], ["agreed", "0"], ["agreed", "0"]]
