"""What is decided at the desk changes the next run as it should, and only that."""

import csv
import json
from datetime import date

import pandas as pd
import pytest

from assets.store import Store
from casebook import audit, cases, pairs, people
from casebook.cases import Attaching, Closing, Worker
from casebook.ledgers import Saying
from casebook.opening import open_casebook
from casebook.pairs import Pair, RecordKey
from casebook.people import NewUser
from casebook.questions import Asked
from casebook.signature import Signature
from schemas.casebook import Consent, PairAnswer
from schemas.registry import PUBLISHED_TABLES
from schemas.vocabulary import DeskRole

pytestmark = pytest.mark.journey

CARER, STRANGER = RecordKey("school", "contacts", "K3|C1"), RecordKey("police", "nominals", "N9")
PAIR = Pair.of(CARER, STRANGER)


def append(file, **row):
    with file.open(newline="", encoding="utf-8") as opened:
        names = csv.DictReader(opened).fieldnames
    with file.open("a", newline="", encoding="utf-8") as opened:
        csv.DictWriter(opened, names, restval="").writerow(row)


def deliver_with_a_stranger(council, month):
    """Police know one more man: a surname like the third family's father, another birth date, no address."""
    council.deliver(month)
    folder = council.landing / month / "police"
    append(folder / "nominals.csv", nominal_id="N9", forename="Leo", surname="Marchbanks", date_of_birth="1981-02-03")
    append(
        folder / "occurrences.csv",
        occurrence_id="O9",
        nominal_id="N9",
        role="offender",
        kind="domestic_abuse",
        occurred_on="2026-08-20",
    )


def book_of(council):
    return open_casebook(Store(council.store).casebook_url)


def saying(user, reason):
    return Saying(Signature.now(user.user_id), reason)


def published(council):
    return {name: council.published(name) for name in PUBLISHED_TABLES if name != "run"}


def made(council, month="2026-10"):
    result = council.run(month)
    assert result.exit_code == 0, result.stderr
    return published(council)


def explained(council):
    """How the pair is explained, from the first reason on."""
    result = council.hearth("explain", *("|".join(vars(record).values()) for record in (CARER, STRANGER)))
    assert result.exit_code == 0, result.stderr
    return result.stdout.strip().split("\n\n")[-1]


def rows_of(frame, name, ids):
    return frame[frame[name].isin(ids)].reset_index(drop=True)


def differing(before, after):
    return {name for name, frame in before.items() if not frame.equals(after[name])}


@pytest.fixture(scope="module")
def journey(tmp_path_factory, council_type):
    """October made four times: without a casebook, with a decision, with it undone, and with a family taken on."""
    council = council_type(tmp_path_factory.mktemp("decisions"))
    for month in ("2026-09", "2026-10"):
        deliver_with_a_stranger(council, month)
    stages = {}
    assert council.run("2026-09").exit_code == 0
    stages["without"] = made(council)
    assert not (council.store / "casebook" / "casebook.db").exists()
    book = book_of(council)
    with book.begin() as connection:
        user = people.add(connection, NewUser("kim", "Kim", DeskRole.COORDINATOR), Signature.now(None))
    with book.begin() as connection:
        said = saying(user, "the same telephone number")
        number = pairs.decide(connection, PAIR, PairAnswer.SAME, said, asked=Asked("r1", None, "2026-10"))
    stages["told"] = [explained(council)]
    stages["decided"] = made(council)
    stages["told"].append(explained(council))
    with book.reading() as connection:
        stages["head"] = audit.head(connection)
    stages["run"] = council.published("run")
    with book.begin() as connection:
        pairs.withdraw(connection, number, saying(user, "another man after all"))
    stages["told"].append(explained(council))
    stages["undone"] = made(council)
    stages["told"].append(explained(council))
    take_on(book, user, family_of(stages["undone"], RecordKey("school", "pupils", "A1")))
    stages["attached"] = made(council)
    book.close()
    return stages


def take_on(book, user, family):
    """Taken on in September, handed over, and closed in October."""
    attaching = Attaching(family, date(2026, 9, 15), Consent.GIVEN, Worker("jo", "early help"))
    closing = Closing(date(2026, 10, 15), "outcomes_achieved", "the school keeps in touch")
    with book.begin() as connection:
        case = cases.attach(connection, attaching, saying(user, "agreed at panel"))
        cases.hand_over(connection, case, Worker("kim"), saying(user, "jo leaves"), from_on=date(2026, 10, 1))
        cases.close(connection, case, closing, saying(user, None))


def person_of(stage, record):
    records = stage["person_records"]
    mine = records["feed"].eq(record.feed) & records["table_name"].eq(record.table) & records["source_id"].eq(record.id)
    return records.loc[mine, "person_id"].item()


def family_of(stage, record):
    members = stage["family_members"]
    return members.loc[members["person_id"].eq(person_of(stage, record)), "family_id"].item()


def test_two_records_said_to_be_one_person_are_one_and_the_record_says_by_whom(journey):
    before, after = journey["without"], journey["decided"]
    assert person_of(before, CARER) != person_of(before, STRANGER)
    assert person_of(after, CARER) == person_of(after, STRANGER) == person_of(before, CARER)
    records = after["person_records"]
    assert records.loc[records["source_id"].eq("N9"), "basis"].tolist() == ["clerical"]
    links = after["links"]
    between = links["left_id"].isin(["K3|C1", "N9"]) & links["right_id"].isin(["K3|C1", "N9"])
    assert links.loc[between, ["decision", "decided_by"]].to_numpy().tolist() == [["same", "clerical"]]


def test_the_need_that_the_joined_record_proves_is_met_and_no_other_of_any_family_turns(journey):
    before, after = (stage["needs"].set_index(["family_id", "criterion_id"])["state"] for stage in _two(journey))
    turned = before.index[(before != after.reindex(before.index)).fillna(value=True)]
    assert len(before) == len(after)
    assert {family for family, _ in turned} == {family_of(journey["without"], CARER)}
    assert {after[each] for each in turned} == {"met"}
    assert len(turned) >= 1


def _two(journey):
    return journey["without"], journey["decided"]


def test_nothing_that_is_told_of_the_other_families_and_people_changes(journey):
    before, after = _two(journey)
    family, persons = family_of(before, CARER), {person_of(before, CARER), person_of(before, STRANGER)}
    for name in ("families", "family_members", "needs", "cohort", "family_sightings", "outcomes", "claims"):
        others = set(before[name]["family_id"]) - {family}
        assert rows_of(before[name], "family_id", others).equals(rows_of(after[name], "family_id", others)), name
        assert set(after[name]["family_id"]) <= others | {family}, name
    for name in ("persons", "person_records", "household_members"):
        others = set(before[name]["person_id"]) - persons
        assert rows_of(before[name], "person_id", others).equals(rows_of(after[name], "person_id", others)), name


def test_only_tables_that_speak_of_the_two_people_change(journey):
    must = {"person_records", "persons", "identity_events", "links", "needs"}
    may = {"changes", "cohort", "family_sightings", "match_rates", "reviews"}
    before, after = _two(journey)
    found = differing(before, after)
    assert must <= found <= must | may


def test_the_id_that_went_is_said_to_have_joined_because_of_people(journey):
    events = journey["decided"]["identity_events"]
    changed = events[events["event"].ne("kept")]
    assert changed[["kind", "event", "cause"]].to_numpy().tolist() == [["person", "joined", "human"]]
    assert changed["id"].item() == person_of(journey["without"], STRANGER)
    assert changed["other_id"].item() == person_of(journey["without"], CARER)


def test_an_undone_decision_leaves_the_month_as_it_was(journey):
    assert differing(journey["without"], journey["undone"]) == set()


def test_a_pair_is_explained_by_what_made_the_month_and_what_was_decided_since_is_said(journey):
    new, bound, undone, free = journey["told"]
    when = "It counts from the next run on, or when this month is run again."
    assert new.startswith("Not joined: two people.")
    assert new.endswith(f"Since then a coordinator has decided that they are one. {when}")
    assert bound == "Joined: one person.\nA coordinator decided that they are one."
    assert undone == f"{bound}\nSince then the decision that they are one has been undone. {when}"
    assert free.startswith("Not joined: two people.")
    assert "Since then" not in free


def test_the_month_notes_the_trails_head_and_nobodys_name(journey):
    settings = journey["run"]["settings"].item()
    assert json.loads(settings)["casebook_head"] == journey["head"]
    assert "kim" not in settings


def test_a_family_taken_on_at_the_desk_is_followed_from_the_next_run_on(journey):
    attached = journey["attached"]
    family = family_of(attached, RecordKey("school", "pupils", "A1"))
    found = attached["attachments"].astype(object)
    assert found[["family_id", "key_worker", "consent", "close_reason"]].to_numpy().tolist() == [
        [family, "kim", "given", "outcomes_achieved"]
    ]
    assert found[["attached_on", "closed_on"]].to_numpy().tolist() == [
        [pd.Timestamp("2026-09-15"), pd.Timestamp("2026-10-15")]
    ]
    assert set(attached["outcomes"]["family_id"]) == {family}
    assert differing(journey["undone"], attached) <= {"attachments", "outcomes", "claims"}
