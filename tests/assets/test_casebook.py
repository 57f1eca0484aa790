"""Files first, then the casebook: what a run reads of people's decisions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from assets import casebook as read
from assets.casebook import CasebookError
from assets.store import Store
from casebook import cases, claims, homes, pairs, people
from casebook.cases import Attaching, Worker
from casebook.claims import PublishedClaim
from casebook.homes import Couple, Membership
from casebook.ledgers import Saying
from casebook.opening import open_casebook
from casebook.pairs import Pair, RecordKey
from casebook.people import NewUser
from casebook.questions import Asked
from casebook.signature import Signature
from schemas.casebook import Consent, HomeAnswer, PairAnswer
from schemas.vocabulary import ClaimStatus, DeskRole

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SCHOOL, MASH = RecordKey("school", "pupils", "A1"), RecordKey("mash", "people", "M1")
DECIDED = "left_feed,left_table,left_id,right_feed,right_table,right_id,decision,decided_by,decided_on,reason\n"
READERS = (
    read.read_attachments,
    read.read_decisions,
    read.read_answers,
    read.read_claim_steps,
    read.read_household_decisions,
    read.read_family_confirmations,
    read.read_activity,
)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def kim(store):
    return somebody(store, "kim")


def somebody(store, name):
    book = open_casebook(store.casebook_url)
    with book.begin() as connection:
        user = people.add(connection, NewUser(name, name, DeskRole.MANAGER), Signature(None, NOW))
    book.close()
    return Saying(Signature(user.user_id, NOW), "looked at both")


def writing(store, step):
    book = open_casebook(store.casebook_url)
    with book.begin() as connection:
        done = step(connection)
    book.close()
    return done


def decide(store, saying, answer):
    def step(connection):
        return pairs.decide(connection, Pair.of(SCHOOL, MASH), answer, saying, asked=Asked("r1", "print", "2026-10"))

    return writing(store, step)


def list_decisions(store, *rows):
    (store.casebook / "decisions.csv").write_text(DECIDED + "".join(f"{row}\n" for row in rows), "utf-8")


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_without_a_casebook_nothing_is_read_and_none_is_made(store, reader):
    assert reader(store).empty
    assert read.pairs_decided(store, None).empty
    assert read.head_of_trail(store) is None
    assert not (store.root / "casebook" / "casebook.db").exists()


def test_files_are_read_before_the_casebook(store, kim):
    list_decisions(store, "police,nominals,N1,mash,people,M2,same,old system,2024-01-01,")
    decide(store, kim, PairAnswer.DIFFERENT)
    found = read.read_decisions(store)
    assert found[["left_id", "decision", "decided_by"]].to_numpy().tolist() == [
        ["N1", "same", "old system"],
        ["M1", "different", "kim"],
    ]
    assert found["fingerprint"].astype(object).tolist()[1] == "print"


@pytest.mark.parametrize(("answer", "left"), [("different", ["different"]), ("cannot_tell", [])])
def test_a_files_word_gives_way_to_the_casebooks_whichever_record_it_names_first(store, kim, answer, left):
    list_decisions(store, "school,pupils,A1,mash,people,M1,same,,,")
    assert read.read_decisions(store)["decision"].tolist() == ["same"]
    decide(store, kim, PairAnswer(answer))
    assert read.read_decisions(store)["decision"].tolist() == left


def test_a_claims_steps_go_on_from_the_files(store, kim):
    text = "claim_id,status,decided_by,decided_on\nC1,checked,old system,2026-10-01\n"
    (store.casebook / "claims.csv").write_text(text, "utf-8")
    claim = PublishedClaim("C1", "2026-10", ClaimStatus.CHECKED)
    writing(store, lambda connection: claims.take(connection, claim, ClaimStatus.APPROVED, kim))
    found = read.read_claim_steps(store)
    assert found[["status", "decided_by"]].to_numpy().tolist() == [["checked", "old system"], ["approved", "kim"]]


def test_families_taken_on_and_what_was_done_with_them_are_read_back(store, kim):
    def step(connection):
        taken = Attaching("f1", date(2026, 9, 1), Consent.NOT_ASKED, Worker("kim"))
        case = cases.attach(connection, taken, kim)
        cases.record_activity(connection, case, "visit", kim, done_on=date(2026, 9, 8))

    writing(store, step)
    assert read.read_attachments(store)[["family_id", "consent"]].to_numpy().tolist() == [["f1", "not_asked"]]
    assert read.read_activity(store)[["family_id", "kind"]].to_numpy().tolist() == [["f1", "visit"]]


def test_homes_and_families_are_read_back_and_whom_they_touch(store, kim):
    def step(connection):
        homes.decide(connection, Couple.of("p1", "p2"), HomeAnswer.APART, kim, asked=Asked())
        homes.confirm(connection, Membership("f1", "p3", is_member=False), kim)

    writing(store, step)
    assert read.read_household_decisions(store)["decision"].tolist() == ["apart"]
    assert read.read_family_confirmations(store)["is_member"].tolist() == [False]
    assert read.couples_decided(store, None).to_numpy().tolist() == [["p1", "p2"]]
    assert read.members_decided(store, None).to_numpy().tolist() == [["p3", "f1"]]
    assert read.couples_decided(store, NOW).empty
    assert read.members_decided(store, NOW).empty


def test_pairs_decided_since_are_the_casebooks_newer_ones_and_all_of_the_files(store, kim):
    decide(store, kim, PairAnswer.SAME)
    list_decisions(store, "police,nominals,N1,mash,people,M2,same,,2020-01-01,")
    listed = ["police|nominals|N1", "mash|people|M2"]
    assert read.pairs_decided(store, NOW).to_numpy().tolist() == [listed]
    both = read.pairs_decided(store, NOW - timedelta(days=1)).to_numpy().tolist()
    assert both == [["mash|people|M1", "school|pupils|A1"], listed]


def test_a_file_that_lacks_a_column_is_told_with_what_it_needs(store):
    (store.casebook / "decisions.csv").write_text("left_feed,left_table\nschool,pupils\n", "utf-8")
    with pytest.raises(CasebookError, match=r"lacks the column left_id\. It needs: left_feed") as refused:
        read.read_decisions(store)
    assert "fingerprint" not in str(refused.value)


def test_a_casebook_that_cannot_be_read_stops_the_run_rather_than_being_passed_over(store):
    (store.casebook / "casebook.db").write_bytes(b"not a database " * 100)
    for reader in READERS:
        with pytest.raises(CasebookError, match="cannot be opened"):
            reader(store)


def test_a_named_database_that_is_not_there_stops_the_run_without_telling_its_password(tmp_path):
    away = Store(tmp_path, casebook_url=f"postgresql+psycopg://hearth:hunter2hunter2@/gone?host={tmp_path}")
    with pytest.raises(CasebookError, match="cannot be opened") as refused:
        read.read_decisions(away)
    assert "hunter2" not in str(refused.value)


def test_a_file_that_a_spreadsheet_on_windows_saved_is_read(store):
    row = "school,pupils,A1,mash,people,M1,same,Zoë,2026-11-20,as her mother says\n"
    (store.casebook / "decisions.csv").write_bytes((DECIDED + row).encode("cp1252"))
    assert read.read_decisions(store)["decided_by"].tolist() == ["Zoë"]


@pytest.mark.parametrize("content", [b"", b'a,b\n"Zo\n', "a,b\n1,2\n".encode("utf-16"), b"a,b\n\x81Zo,2\n"])
def test_a_file_that_is_no_csv_is_refused_without_what_it_says(store, content):
    (store.casebook / "decisions.csv").write_bytes(content)
    with pytest.raises(CasebookError) as caught:
        read.read_decisions(store)
    assert "decisions.csv in the casebook" in str(caught.value)
    assert "Zo" not in str(caught.value)
