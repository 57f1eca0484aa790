import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook import pairs
from casebook.following import Following
from casebook.ledgers import Saying
from casebook.opening import open_casebook, sqlite_url
from casebook.pairs import Pair, RecordKey
from casebook.people import NewUser
from casebook.people import add as add_user
from casebook.questions import Answer, Asked
from casebook.reviewing import marked
from casebook.signature import Signature
from schemas.casebook import PairAnswer
from schemas.frames import conform
from schemas.published import Review
from schemas.vocabulary import DeskRole

AT = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


def _record(name):
    return RecordKey("school", "pupils", name)


def _given(*said):
    answers = {}
    for number, (one, other, decision) in enumerate(said, start=1):
        pair = Pair.of(_record(one), _record(other))
        answers[tuple(pair.columns.values())] = Answer(number, decision, None, None, None, None, "why", "U1", AT)
    return answers


def _settles(following, one, other):
    return following.settles(Pair.of(_record(one), _record(other)))


def test_sameness_goes_on_through_a_third_record():
    found = _settles(Following.of(_given(("a", "b", "same"), ("c", "b", "same"))), "a", "c")
    assert (found.decision, found.through) == (PairAnswer.SAME, (1, 2))


def test_difference_goes_on_through_a_third_record():
    found = _settles(Following.of(_given(("a", "b", "same"), ("b", "c", "different"))), "c", "a")
    assert found.decision is PairAnswer.DIFFERENT
    assert set(found.through) == {1, 2}


def test_two_differences_settle_nothing():
    assert _settles(Following.of(_given(("a", "b", "different"), ("b", "c", "different"))), "a", "c") is None


def test_cannot_tell_settles_nothing():
    assert _settles(Following.of(_given(("a", "b", "same"), ("b", "c", "cannot_tell"))), "a", "c") is None


def test_a_pair_does_not_follow_from_its_own_answer():
    said = _given(("a", "b", "same"))
    assert _settles(Following.of(said, leaving_out=Pair.of(_record("b"), _record("a"))), "a", "b") is None


people = st.lists(st.integers(0, 3), min_size=4, max_size=8)


@given(people, st.data())
def test_what_follows_of_true_answers_is_true(of, data):
    records = [f"r{number}" for number in range(len(of))]
    both = st.tuples(st.integers(0, len(of) - 1), st.integers(0, len(of) - 1)).filter(lambda pair: pair[0] != pair[1])
    asked = data.draw(st.lists(both, max_size=12))
    following = Following.of(
        _given(*((records[a], records[b], "same" if of[a] == of[b] else "different") for a, b in asked))
    )
    for a in range(len(of)):
        for b in range(a):
            found = _settles(following, records[a], records[b])
            assert found is None or (found.decision is PairAnswer.SAME) == (of[a] == of[b])


def _question(number, one, other):
    sides = {"left": one, "right": other}
    keys = {
        f"{side}_{part}": value
        for side, name in sides.items()
        for part, value in (("feed", "school"), ("table", "pupils"), ("id", name), ("person_id", f"p{name}"))
    }
    counts = dict.fromkeys(["families_entering", "families_leaving", "needs_flipping", "claims_falling"], 0)
    words = {"question": "q", "why": "w", "effect": "e", "family_ids": "[]", "answer": "same"}
    return {
        "review_id": f"r{number}",
        "kind": "pair",
        "rank": number,
        "was_decided": False,
        "after_abuse": False,
        "fingerprint": f"f{number}",
        **keys,
        **counts,
        **words,
    }


@pytest.fixture
def casebook(tmp_path):
    opened = open_casebook(sqlite_url(tmp_path / "casebook.db"))
    yield opened
    opened.close()


def test_a_question_whose_answer_follows_is_not_asked(casebook):
    frame = pd.DataFrame(
        [_question(1, "a", "b"), _question(2, "b", "c"), _question(3, "a", "c"), _question(4, "a", "d")]
    )
    frame = conform(frame.reindex(columns=list(Review.to_schema().columns)), Review)
    with casebook.begin() as connection:
        user = add_user(connection, NewUser("jo", "Jo", DeskRole.COORDINATOR), Signature.now(None))
        saying = Saying(Signature.now(user.user_id), "the same school")
        for one, other, answer in (("a", "b", PairAnswer.SAME), ("b", "c", PairAnswer.DIFFERENT)):
            pairs.decide(connection, Pair.of(_record(one), _record(other)), answer, saying, asked=Asked())
        found = marked(connection, frame).set_index("review_id")
    assert found["standing"].tolist() == ["decided", "decided", "decided", "open"]
    assert found["follows"].tolist() == [False, False, True, False]
    assert found.loc["r3", "decision"] == "different"
