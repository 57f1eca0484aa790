"""Ids that last: what a group's id is next month, and what the events say."""

import pandas as pd
import pytest

from linkage.by_people import Why
from linkage.identity import identify
from linkage.identity_events import history, resolve
from linkage.ledger import Past, empty_ledger

SECRET = b"a store's own secret"


def groups(**members):
    """`a="1 2"`: group a holds keys 1 and 2."""
    rows = [(name, key) for name, keys in members.items() for key in keys.split()]
    return pd.DataFrame(rows, columns=["group", "key"]).astype(pd.StringDtype("pyarrow"))


def past(month, earlier=None, **more):
    return Past(month, SECRET, earlier=empty_ledger() if earlier is None else earlier, **more)


def run(*months, kind="person"):
    """The months one after another; each is `groups(...)`."""
    ledger, found = empty_ledger(), []
    for number, month in enumerate(months, 1):
        found.append(identify(month, kind, past(f"2026-{number:02}", ledger)))
        ledger = found[-1].ledger
    return found


def ids(found):
    return found.ids.set_index("group")["id"].to_dict()


def events(found):
    return {row.id: (row.event, None if pd.isna(row.other_id) else row.other_id) for row in found.events.itertuples()}


def test_a_group_keeps_its_id_when_it_grows_and_is_called_otherwise():
    first, second = run(groups(a="1 2"), groups(z="1 2 3"))
    assert ids(first)["a"] == ids(second)["z"]
    assert events(second) == {ids(first)["a"]: ("kept", None)}


def test_ids_are_short_opaque_and_of_their_kind():
    found = run(groups(a="1 2", b="3"))[0]
    assert all(id_.startswith("p") and len(id_) == 12 and id_.isalnum() for id_ in ids(found).values())


def test_another_secret_gives_other_ids():
    one = identify(groups(a="1"), "person", Past("2026-01", b"one"))
    two = identify(groups(a="1"), "person", Past("2026-01", b"two"))
    assert ids(one) != ids(two)


def test_the_larger_part_of_a_split_keeps_the_id_and_the_other_says_where_it_came_from():
    first, second = run(groups(a="1 2 3"), groups(a="1 2", b="3"))
    assert ids(second)["a"] == ids(first)["a"]
    assert events(second)[ids(second)["b"]] == ("split", ids(first)["a"])


def test_groups_that_join_leave_one_id_that_says_what_it_joined():
    first, second = run(groups(a="1 2 3", b="4"), groups(c="1 2 3 4"))
    assert ids(second)["c"] == ids(first)["a"]
    assert events(second)[ids(first)["b"]] == ("joined", ids(first)["a"])


def test_a_split_that_joins_again_and_splits_again_has_the_same_two_ids():
    apart, together = groups(a="1 2", b="3 4"), groups(c="1 2 3 4")
    first, _, third, _, fifth = run(apart, together, apart, together, apart)
    assert ids(first) == ids(third) == ids(fifth)


def test_an_id_that_vanished_for_months_comes_back():
    first, gone, again = run(groups(a="1 2", b="9"), groups(b="9"), groups(a="1 2", b="9"))
    assert events(gone)[ids(first)["a"]] == ("gone", None)
    assert ids(again)["a"] == ids(first)["a"]
    assert events(again)[ids(first)["a"]] == ("new", None)


def test_a_small_remnant_does_not_carry_the_id_off():
    first, second = run(groups(a="1 2 3 4", b="5 6 7 8 9"), groups(b="2 3 4 5 6 7 8 9", c="1"))
    assert ids(second)["b"] == ids(first)["b"]
    assert ids(second)["c"] not in ids(first).values()
    assert events(second)[ids(first)["a"]] == ("joined", ids(first)["b"])


def test_a_hint_chooses_between_people_but_ties_nothing_by_itself():
    first = identify(groups(a="1 2").assign(is_hint=[False, True]), "household", past("2026-01"))
    moved_in = groups(b="3 2").assign(is_hint=[False, True])
    second = identify(moved_in, "household", past("2026-02", first.ledger))
    assert ids(second)["b"] != ids(first)["a"]
    parted = groups(c="1 5", d="1x 2").assign(is_hint=False)
    assert len(ids(identify(parted, "household", past("2026-02", first.ledger)))) == 2


def test_running_a_month_twice_changes_nothing():
    first = run(groups(a="1 2", b="3"))[0]
    month = groups(a="1", b="3 2", c="7")
    once = identify(month, "person", past("2026-02", first.ledger))
    twice = identify(month, "person", past("2026-02", first.ledger, own=once.ledger))
    pd.testing.assert_frame_equal(once.ids, twice.ids)
    pd.testing.assert_frame_equal(once.events, twice.events)
    pd.testing.assert_frame_equal(once.ledger, twice.ledger)


def test_an_id_that_a_run_again_takes_back_is_said_to_be_gone_each_time():
    first = run(groups(a="1 2"))[0]
    once = identify(groups(a="1 2", b="3"), "person", past("2026-02", first.ledger))
    mended = groups(a="1 2 3")
    twice = identify(mended, "person", past("2026-02", first.ledger, own=once.ledger))
    thrice = identify(mended, "person", past("2026-02", first.ledger, own=twice.ledger))
    assert events(twice)[ids(once)["b"]] == ("joined", ids(first)["a"])
    pd.testing.assert_frame_equal(twice.events, thrice.events)
    after = identify(mended, "person", past("2026-03", twice.ledger))
    assert events(after) == {ids(first)["a"]: ("kept", None)}


def test_a_month_run_late_takes_the_ids_that_the_later_month_gave():
    first, third = run(groups(a="1"), groups(a="1", b="2 3"))
    late = identify(groups(a="1", b="2"), "person", past("2026-01", first.ledger, later=third.ledger))
    assert ids(late)["b"] == ids(third)["b"]


def test_rows_in_another_order_give_the_same_ids():
    month = groups(a="1 2", b="3", c="4 5 6")
    shuffled = month.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(run(month)[0].ids, run(shuffled)[0].ids)


def test_an_id_once_given_is_never_given_again():
    found = run(groups(a="1"), groups(), groups(b="1 2 3 4 5 6"), groups(a="1", b="2 3 4 5 6"))
    assert ids(found[3])["a"] != ids(found[3])["b"]


def test_the_cause_is_data_unless_a_coordinator_decided():
    first = run(groups(a="1 2", b="3 4"))[0]
    second = identify(
        groups(a="1", c="2", b="3", d="4"), "person", past("2026-02", first.ledger), why=Why(frozenset({"2"}))
    )
    causes = second.events.set_index("id")["cause"]
    assert causes[ids(second)["c"]] == "human"
    assert causes[ids(second)["d"]] == "data"


@pytest.mark.parametrize(
    ("decided", "cause"),
    [([("1", "2")], "human"), ([("1", "5")], "human"), ([("1", "4"), ("3", "4")], "data"), ([("2", "9")], "data")],
    ids=["parted", "joined", "what stood already", "one that is in no group"],
)
def test_a_decision_is_the_cause_only_where_it_moved_those_of_whom_it_was(decided, cause):
    first = run(groups(a="1 2 6", b="3 4", e="5"))[0]
    pairs = pd.DataFrame(decided, columns=["left", "right"], dtype="string[pyarrow]")
    second = identify(
        groups(a="1 6 5", c="2", b="3 4"), "person", past("2026-02", first.ledger), why=Why(decided=pairs)
    )
    changed = second.events[second.events["event"] != "kept"].set_index("id")["cause"]
    assert changed[ids(first)["e"] if ("1", "5") in decided else ids(second)["c"]] == cause


def test_a_month_made_again_after_a_decision_was_undone_puts_what_comes_back_down_to_people():
    first = run(groups(a="1 2"))[0]
    parted = identify(groups(a="1", b="2"), "person", past("2026-02", first.ledger))
    pairs = pd.DataFrame([("1", "2")], columns=["left", "right"], dtype="string[pyarrow]")
    again = past("2026-02", first.ledger, own=parted.ledger)
    undone = identify(groups(a="1 2"), "person", again, why=Why(decided=pairs))
    assert undone.events.set_index("id").loc[ids(parted)["b"], ["event", "cause"]].tolist() == ["joined", "human"]


@pytest.fixture
def story():
    found = run(groups(a="1 2 3", b="4", c="9"), groups(a="1 2 3 4", d="5"), groups(a="1 2 4", e="3", d="5"))
    return found, pd.concat([month.events for month in found], ignore_index=True)


def test_an_old_id_resolves_to_what_it_became(story):
    found, told = story
    lost, kept = ids(found[0])["b"], ids(found[0])["a"]
    answer = resolve(told, lost)
    assert (answer.state, answer.id, answer.since) == ("joined", kept, "2026-02")
    split = history(told, kept)
    assert split[["id", "event", "other_id"]].astype(object).to_numpy().tolist()[-1] == [
        ids(found[2])["e"],
        "split",
        kept,
    ]
    assert "kept" not in set(split["event"])
    assert resolve(told, ids(found[0])["c"]).state == "gone"
    assert resolve(told, "pnothing").state == "unknown"
