"""What a command tells people to type next works as it is typed: same settings, store and month."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.settings import FILE_VARIABLE
from assets.store import Store
from casebook.ledgers import Saying
from casebook.opening import open_casebook
from casebook.pairs import Pair, RecordKey, decide
from casebook.people import NewUser, add
from casebook.questions import Asked
from casebook.signature import Signature
from pipelines.cli import app
from pipelines.commands.typed import typed
from schemas.casebook import PairAnswer
from schemas.vocabulary import DeskRole

ASKED = {
    "review_id": "r1",
    "kind": "pair",
    "question": "Are these two records one person?",
    "why": "they are alike",
    "weight": 1.0,
    "household_id": None,
    "left_feed": "school",
    "left_table": "contacts",
    "left_id": "C1|P1",
    "right_feed": "police",
    "right_table": "nominals",
    "right_id": "N1",
    "left_person_id": "p1",
    "right_person_id": "p2",
    "family_ids": "[]",
    "answer": "same",
    "effect": "Nothing would change.",
    "families_entering": 0,
    "families_leaving": 0,
    "claims_falling": 0,
    "needs_flipping": 0,
    "rank": 1,
    "was_decided": False,
    "fingerprint": "x",
    "after_abuse": False,
}


def test_settings_store_and_month_are_named_and_what_a_shell_takes_apart_is_quoted(monkeypatch):
    monkeypatch.setenv(FILE_VARIABLE, "my council/hearth.toml")
    assert typed("explain", "a|b", "c", store=Path("store"), month="2026-10") == (
        'hearth --settings "my council/hearth.toml" explain "a|b" c --month 2026-10 --store store'
    )
    monkeypatch.delenv(FILE_VARIABLE)
    assert typed("list") == "hearth list"


def test_a_question_tells_how_it_is_explained_by_the_same_settings(tmp_path, publish, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("own.toml").write_text('store = "kept"\n')
    monkeypatch.setenv(FILE_VARIABLE, "")
    publish(Store(tmp_path / "kept"), "2026-10", reviews=[ASKED])
    told = CliRunner().invoke(app, ["--settings", "own.toml", "reviews", "--month", "2026-10"])
    assert told.exit_code == 0, told.stderr
    assert (
        'hearth --settings own.toml explain "school|contacts|C1|P1" "police|nominals|N1" --month 2026-10' in told.stdout
    )


def test_a_question_that_was_answered_since_the_month_was_made_says_so(tmp_path, publish):
    store = Store(tmp_path)
    publish(store, "2026-10", reviews=[ASKED])
    words = ["reviews", "--store", str(tmp_path)]
    assert "answered since" not in CliRunner().invoke(app, words).stdout
    pair = Pair.of(RecordKey("school", "contacts", "C1|P1"), RecordKey("police", "nominals", "N1"))
    book = open_casebook(store.casebook_url)
    with book.begin() as connection:
        kim = add(connection, NewUser("kim", "Kim", DeskRole.COORDINATOR), Signature.now(None))
        decide(
            connection,
            pair,
            PairAnswer.CANNOT_TELL,
            Saying(Signature.now(kim.user_id), "no more is known"),
            asked=Asked(),
        )
    book.close()
    told = CliRunner().invoke(app, words, catch_exceptions=False)
    assert "answered since this month was made: cannot tell" in told.stdout


def test_a_month_that_is_not_there_is_told_how_to_be_made_by_its_own_name(tmp_path, publish):
    store = tmp_path / "kept"
    publish(Store(store), "2026-10")
    told = CliRunner().invoke(app, ["reviews", "--month", "2026-07", "--store", str(store)])
    assert told.exit_code == 1
    assert "Make it with: hearth run --month 2026-07" in told.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["list", "--csv"],
        ["list", "--xlsx"],
        ["charts", "--out"],
        ["diff", "2026-10", "2026-10", "--json"],
        ["evaluate", "draw", "--out"],
        ["explain", "a", "b", "--svg"],
        ["model", "train", "--out"],
    ],
    ids=" ".join,
)
def test_an_answer_that_has_nowhere_to_go_is_refused_in_words(tmp_path, publish, words):
    store = tmp_path / "kept"
    publish(Store(store), "2026-10")
    told = CliRunner().invoke(app, [*words, str(tmp_path / "nowhere" / "file"), "--store", str(store)])
    assert told.exit_code == 1
    assert "there is no folder" in told.stderr
    assert not (tmp_path / "nowhere").exists()
