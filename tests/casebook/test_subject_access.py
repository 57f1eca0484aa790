"""All that the casebook holds on one person, and nothing on anybody else."""

import json
from datetime import date

from casebook import cases, claims, homes, pairs
from casebook.cases import Attaching, Worker
from casebook.claims import PublishedClaim
from casebook.homes import Couple, Membership
from casebook.pairs import Pair, RecordKey
from casebook.questions import Asked
from casebook.subject_access import Subject, rows_about
from schemas.casebook import Consent, HomeAnswer, PairAnswer
from schemas.vocabulary import ClaimStatus

A1, M1, N1 = (
    RecordKey("school", "pupils", "A1"),
    RecordKey("mash", "people", "M1"),
    RecordKey("police", "nominals", "N1"),
)


def decided(book, says):
    """Of two people: p1 with record A1 in family f1, p2 with record N1 in family f2."""
    with book.begin() as connection:
        number = pairs.decide(connection, Pair.of(A1, M1), PairAnswer.SAME, says("ash"), asked=Asked())
        pairs.withdraw(connection, number, says("ash"))
        pairs.decide(connection, Pair.of(M1, N1), PairAnswer.SAME, says("ash"), asked=Asked())
        homes.decide(connection, Couple.of("p1", "p9"), HomeAnswer.APART, says("ash"), asked=Asked())
        homes.confirm(connection, Membership("f2", "p2", is_member=True), says("ash"))
        for family in ("f1", "f2"):
            taken = Attaching(family, date(2026, 9, 1), Consent.GIVEN, Worker("ash"))
            case = cases.attach(connection, taken, says("ash"))
            cases.record_activity(connection, case, "visit", says("ash"), done_on=date(2026, 9, 2))
        claims.take(connection, PublishedClaim("C1", "2026-10"), ClaimStatus.CHECKED, says("ash"))


def test_every_row_that_names_a_person_is_given_withdrawn_ones_too(book, says):
    decided(book, says)
    subject = Subject(records=[A1], person_ids=["p1"], family_ids=["f1"], claim_ids=["C1"])
    with book.reading() as connection:
        found = rows_about(connection, subject)
    assert {name: len(rows) for name, rows in found.items()} == {
        "pair_decisions": 2,
        "home_decisions": 1,
        "cases": 1,
        "consents": 1,
        "workers": 1,
        "activities": 1,
        "claim_steps": 1,
    }
    assert found["pair_decisions"][1]["withdraws"] == 1
    assert "N1" not in json.dumps(found)


def test_somebody_of_whom_nothing_was_decided_has_nothing(book, says):
    decided(book, says)
    with book.reading() as connection:
        assert rows_about(connection, Subject()) == {}
        assert rows_about(connection, Subject(person_ids=["p7"], records=[RecordKey("school", "pupils", "Z9")])) == {}
