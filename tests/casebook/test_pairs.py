"""Whether two records are one person: what binds after any sequence of decisions and withdrawals by two people."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casebook import audit, ledgers, pairs, reading
from casebook.errors import AlreadyWithdrawnError, CasebookError, ReasonMissingError, RefusedWordError, UnknownRowError
from casebook.ledgers import Saying
from casebook.pairs import Pair, RecordKey
from casebook.questions import Asked
from casebook.reviewing import marked
from casebook.signature import Signature
from schemas.casebook import PairAnswer
from schemas.frames import conform, empty
from schemas.published import Review

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SCHOOL, MASH, POLICE = (
    RecordKey("school", "pupils", "A1"),
    RecordKey("mash", "people", "M1"),
    RecordKey("police", "nominals", "N1"),
)
PAIR = Pair.of(SCHOOL, MASH)
ASKED = Asked("r1", "print-1", "2026-10")


def decide(book, saying, answer=PairAnswer.SAME, pair=PAIR, asked=ASKED):
    with book.begin() as connection:
        return pairs.decide(connection, pair, answer, saying, asked=asked)


def withdraw(book, number, saying):
    with book.begin() as connection:
        return pairs.withdraw(connection, number, saying)


def bound(book, pair=PAIR):
    with book.reading() as connection:
        answer = pairs.bound(connection, pair)
        return answer and answer.decision


def test_a_pair_is_the_same_whichever_record_is_named_first(book, says):
    assert Pair.of(MASH, SCHOOL) == PAIR
    decide(book, says("ash"), pair=Pair.of(MASH, SCHOOL))
    assert bound(book) == "same"
    with pytest.raises(RefusedWordError, match="one and the same"):
        Pair.of(MASH, MASH)


def test_two_people_who_decide_at_once_both_stay_on_record_and_the_newer_binds(book, users, says):
    first = decide(book, says("ash"), PairAnswer.SAME)
    second = decide(book, says("birch", "two birth dates"), PairAnswer.DIFFERENT)
    assert (first < second, bound(book)) == (True, "different")
    with book.reading() as connection:
        told = pairs.history(connection, PAIR)
    assert [(each.decision, each.decided_by, each.reason) for each in told] == [
        ("same", users["ash"].user_id, "looked at both records"),
        ("different", users["birch"].user_id, "two birth dates"),
    ]


def test_what_is_withdrawn_gives_way_to_what_stood_before(book, says):
    decide(book, says("ash"), PairAnswer.SAME)
    newer = decide(book, says("birch"), PairAnswer.DIFFERENT)
    withdraw(book, newer, says("birch", "the wrong pair"))
    assert bound(book) == "same"
    with book.reading() as connection:
        assert [each.withdraws for each in pairs.history(connection, PAIR)] == [None, None, newer]


def test_withdrawing_twice_or_withdrawing_a_withdrawal_is_refused(book, says):
    number = decide(book, says("ash"))
    undone = withdraw(book, number, says("ash"))
    with pytest.raises(AlreadyWithdrawnError, match="withdrawn before"):
        withdraw(book, number, says("birch"))
    with pytest.raises(UnknownRowError, match="decide anew"):
        withdraw(book, undone, says("ash"))
    with pytest.raises(UnknownRowError):
        withdraw(book, 999, says("ash"))


def test_a_decision_needs_a_reason_and_somebody_who_makes_it(book, says):
    for reason in (None, "", "   "):
        with pytest.raises(ReasonMissingError, match="Say why"):
            decide(book, says("ash", reason))
    with pytest.raises(CasebookError, match="always somebody's"):
        decide(book, Saying(Signature(None, NOW), "because"))
    with pytest.raises(ValueError, match="perhaps"):
        decide(book, says("ash"), "perhaps")


def test_none_of_these_is_undone_as_a_whole(book, says):
    several = [Pair.of(SCHOOL, MASH), Pair.of(SCHOOL, POLICE), Pair.of(MASH, POLICE)]
    decide(book, says("birch"), PairAnswer.SAME, pair=several[0])
    with book.begin() as connection:
        group = pairs.none_of_these(connection, [(pair, Asked(f"r{n}")) for n, pair in enumerate(several)], says("ash"))
    assert [bound(book, pair) for pair in several] == ["different"] * 3
    with book.begin() as connection:
        assert len(pairs.withdraw_group(connection, group, says("ash", "they may be"))) == 3
    assert [bound(book, pair) for pair in several] == ["same", None, None]
    with book.begin() as connection, pytest.raises(UnknownRowError, match="Nothing stands"):
        pairs.withdraw_group(connection, group, says("ash"))


def test_only_what_settles_something_goes_to_the_run_under_the_user_name(book, says):
    decide(book, says("ash"), PairAnswer.SAME)
    decide(book, says("ash"), PairAnswer.CANNOT_TELL, pair=Pair.of(SCHOOL, POLICE))
    decide(book, says("birch"), PairAnswer.DIFFERENT, pair=Pair.of(MASH, POLICE))
    with book.reading() as connection:
        read = reading.decisions(connection)
    assert read[["left_id", "right_id", "decision", "decided_by", "fingerprint"]].to_numpy().tolist() == [
        ["M1", "A1", "same", "ash", "print-1"],
        ["M1", "N1", "different", "birch", "print-1"],
    ]
    assert read["decided_on"].tolist() == [pd.Timestamp("2026-11-20")] * 2


def test_somebody_who_cannot_tell_takes_an_earlier_answer_out_of_the_run(book, says):
    decide(book, says("ash"), PairAnswer.SAME)
    decide(book, says("birch"), PairAnswer.CANNOT_TELL)
    with book.reading() as connection:
        assert reading.decisions(connection).empty
        assert reading.answers(connection)["decision"].tolist() == ["cannot_tell"]


def question(review_id, one, other, fingerprint, kind="pair"):
    sides = {"left": one, "right": other}
    parts = {
        f"{side}_{part}": getattr(record, part) for side, record in sides.items() for part in ("feed", "table", "id")
    }
    counts = dict.fromkeys(("families_entering", "families_leaving", "needs_flipping", "claims_falling"), 0)
    words = {"question": "Are these two records one person?", "why": "alike", "effect": "none", "family_ids": "[]"}
    people = {"left_person_id": f"p{one.id}", "right_person_id": f"p{other.id}"}
    own = {"review_id": review_id, "kind": kind, "fingerprint": fingerprint, "answer": "same"}
    own |= {"was_decided": False, "after_abuse": False}
    return {**own, **parts, **counts, **words, **people, "rank": int(review_id[1:])}


def reviews(*rows):
    return conform(pd.DataFrame(rows).reindex(columns=empty(Review).columns), Review)


def test_a_question_is_open_then_decided_and_stale_once_a_record_behind_it_has_changed(book, says):
    month = reviews(question("r1", SCHOOL, MASH, "print-1"), question("r2", POLICE, MASH, "print-2"))
    changed = reviews(question("r1", SCHOOL, MASH, "print-9"), question("r2", POLICE, MASH, "print-2"))
    with book.reading() as connection:
        assert marked(connection, month)["standing"].tolist() == ["open", "open"]
    number = decide(book, says("ash", "same mother"), PairAnswer.SAME)
    with book.reading() as connection:
        found = marked(connection, month)
        assert found["standing"].tolist() == ["decided", "open"]
        again = marked(connection, changed).iloc[0]
    assert again["standing"] == "stale"
    assert (again["sequence"], again["decision"], again["reason"]) == (number, "same", "same mother")
    assert (again["decided_by"], again["decided_month"]) == ("ash", "2026-10")
    decide(book, says("birch"), PairAnswer.SAME, asked=Asked("r1", "print-9", "2026-11"))
    with book.reading() as connection:
        assert marked(connection, changed)["standing"].tolist() == ["decided", "open"]


def test_a_question_is_found_whichever_record_it_names_first(book, says):
    decide(book, says("ash"))
    with book.reading() as connection:
        assert marked(connection, reviews(question("r1", MASH, SCHOOL, "print-1")))["standing"].tolist() == ["decided"]


def test_an_undone_decision_opens_the_question_again(book, says):
    withdraw(book, decide(book, says("ash")), says("ash"))
    with book.reading() as connection:
        assert marked(connection, reviews(question("r1", SCHOOL, MASH, "print-1")))["standing"].tolist() == ["open"]


def test_a_decision_taken_without_a_fingerprint_does_not_turn_stale(book, says):
    decide(book, says("ash"), asked=Asked())
    with book.reading() as connection:
        assert marked(connection, reviews(question("r1", SCHOOL, MASH, "print-1")))["standing"].tolist() == ["decided"]


def test_marking_a_month_without_questions_gives_none(book):
    with book.reading() as connection:
        assert marked(connection, empty(Review)).empty


def test_what_was_decided_or_withdrawn_since_a_moment_is_told(book, says):
    later = datetime(2026, 12, 1, tzinfo=UTC)
    early = decide(book, says("ash"))
    decide(book, says("ash", at=later), pair=Pair.of(MASH, POLICE))
    first, second = ("mash|people|M1", "school|pupils|A1"), ("mash|people|M1", "police|nominals|N1")
    with book.reading() as connection:
        assert reading.pairs_touched(connection) == [second, first]
        assert reading.pairs_touched(connection, since=NOW) == [second]
    withdraw(book, early, says("ash", at=later))
    with book.reading() as connection:
        assert reading.pairs_touched(connection, since=NOW) == [second, first]
        assert reading.pairs_touched(connection, since=later) == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), st.sampled_from(["ash", "birch"]), st.sampled_from(list(PairAnswer))),
        st.tuples(st.just("withdraw"), st.sampled_from(["ash", "birch"]), st.integers(0, 9)),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_newest_decision_that_nobody_withdrew_binds_and_nothing_is_lost(book, says, steps):
    made, standing = [], []
    with book.engine.connect() as connection, connection.begin() as transaction:
        for step, who, what in steps:
            if step == "decide":
                number = pairs.decide(connection, PAIR, what, says(who), asked=ASKED)
                made.append((number, what))
                standing.append((number, what))
            elif made:
                number, _ = made[what % len(made)]
                stands = any(number == each for each, _ in standing)
                try:
                    pairs.withdraw(connection, number, says(who))
                except AlreadyWithdrawnError:
                    assert not stands
                else:
                    assert stands
                standing = [each for each in standing if each[0] != number]
        found = pairs.bound(connection, PAIR)
        assert (found and (found.sequence, found.decision)) == (standing[-1] if standing else None)
        told = pairs.history(connection, PAIR)
        assert [(each.sequence, each.decision) for each in told if each.withdraws is None] == made
        assert len(told) == 2 * len(made) - len(standing)
        settled = [each for each in standing[-1:] if each[1] != "cannot_tell"]
        assert reading.decisions(connection)["decision"].tolist() == [decision for _, decision in settled]
        assert ledgers.verify(connection) is None
        assert audit.verify(connection) is None
        transaction.rollback()
