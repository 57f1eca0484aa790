"""Ids over random histories: the same whatever the order, never reused, never taken away for nothing."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.identity import identify
from linkage.ledger import Past, empty_ledger

TEXT = pd.StringDtype("pyarrow")
SECRET = b"a store's own secret"

# A month is a group number for each of some keys; keys that it does not name are not there.
months = st.lists(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), min_size=1, max_size=6), min_size=1, max_size=3
)


def groups(month):
    return pd.DataFrame([(f"g{group}", key) for key, group in month.items()], columns=["group", "key"]).astype(TEXT)


def partition(found, month):
    """The id of each key."""
    ids = found.ids.set_index("group")["id"]
    return {key: ids[f"g{group}"] for key, group in month.items()}


def history(story):
    ledger, found = empty_ledger(), []
    for number, month in enumerate(story, 1):
        found.append(identify(groups(month), "person", Past(f"2026-{number:02}", SECRET, ledger)))
        ledger = found[-1].ledger
    return found


@given(months)
@settings(max_examples=12, deadline=None)
def test_groups_of_one_month_have_ids_of_their_own(story):
    for found in history(story):
        assert found.ids["id"].is_unique
        assert found.ids["id"].notna().all()


@given(months, st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None)
def test_the_order_of_rows_and_the_names_of_groups_change_no_id(story, chance):
    plain = history(story)
    ledger = empty_ledger()
    for number, month in enumerate(story, 1):
        items = list(month.items())
        chance.shuffle(items)
        names = {group: (group * 7 + 3) % 11 for group in range(4)}
        shuffled = {key: names[group] for key, group in items}
        found = identify(groups(shuffled), "person", Past(f"2026-{number:02}", SECRET, ledger))
        ledger = found.ledger
        assert partition(found, shuffled) == partition(plain[number - 1], month)


@given(months)
@settings(max_examples=12, deadline=None)
def test_every_month_run_again_gives_the_same(story):
    ledger = empty_ledger()
    for number, month in enumerate(story, 1):
        once = identify(groups(month), "person", Past(f"2026-{number:02}", SECRET, ledger))
        again = identify(groups(month), "person", Past(f"2026-{number:02}", SECRET, ledger, own=once.ledger))
        pd.testing.assert_frame_equal(once.ids, again.ids)
        pd.testing.assert_frame_equal(once.events, again.events)
        pd.testing.assert_frame_equal(once.ledger, again.ledger)
        ledger = once.ledger


@given(months)
@settings(max_examples=12, deadline=None)
def test_a_group_to_which_nothing_happens_keeps_its_id(story):
    found = history([*story, story[-1]])
    assert partition(found[-1], story[-1]) == partition(found[-2], story[-1])
    assert set(found[-1].events["event"]) <= {"kept"}


@given(months)
@settings(max_examples=12, deadline=None)
def test_the_ledger_only_grows_and_events_account_for_every_id(story):
    before = empty_ledger()
    for found in history(story):
        known = set(zip(before["key"], before["id"], strict=True))
        assert known <= set(zip(found.ledger["key"], found.ledger["id"], strict=True))
        then, now = set(before.loc[before["current"], "id"]), set(found.ids["id"])
        told = found.events.set_index("id")["event"]
        assert set(told.index) == then | now
        assert set(told.index[told.eq("kept")]) == then & now
        assert set(told.index[told.isin(["new", "split"])]) == now - then
        before = found.ledger


@given(months, st.data())
@settings(max_examples=12, deadline=None)
def test_a_feed_that_comes_late_gives_known_people_the_ids_they_had(story, data):
    absent = data.draw(st.sets(st.sampled_from("abcdefgh")))
    full = story[0]
    without = {key: group for key, group in full.items() if key not in absent} or full
    first, _, caught_up = history([full, without, full])
    assert partition(first, full) == partition(caught_up, full)


@given(months)
@settings(max_examples=12, deadline=None)
def test_a_month_left_out_and_run_later_moves_nothing_of_the_months_around_it(story):
    first, last = story[0], story[-1]
    early = identify(groups(first), "person", Past("2026-01", SECRET))
    late = identify(groups(last), "person", Past("2026-03", SECRET, early.ledger))
    between = identify(groups(first), "person", Past("2026-02", SECRET, early.ledger, later=late.ledger))
    again = identify(groups(last), "person", Past("2026-03", SECRET, between.ledger, own=late.ledger))
    assert partition(again, last) == partition(late, last)
    assert partition(between, first) == partition(early, first)


@given(st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=8, unique=True), st.data())
@settings(max_examples=20, deadline=None)
def test_what_splits_and_comes_together_again_has_its_old_id(keys, data):
    whole = dict.fromkeys(keys, 0)
    gone = data.draw(st.sets(st.sampled_from(keys), min_size=1, max_size=len(keys) - 1))
    parted = {key: int(key in gone) for key in keys}
    first, second, third = history([whole, parted, whole])
    old = partition(first, whole)[keys[0]]
    assert old in set(second.ids["id"])
    assert set(partition(third, whole).values()) == {old}
    assert second.ids["id"].is_unique
    assert set(third.events.set_index("id").loc[lambda rows: rows["event"].eq("joined"), "other_id"]) == {old}


@given(st.integers(3, 8), st.integers(1, 7), st.integers(2, 5))
@settings(max_examples=20, deadline=None)
def test_somebody_who_comes_and_goes_every_month_never_takes_the_id_along(size, leavers, times):
    keys = "abcdefgh"[:size]
    leaving = set(keys[: min(leavers, (size - 1) // 2)])
    whole, parted = dict.fromkeys(keys, 0), {key: int(key in leaving) for key in keys}
    found = history([whole, parted] * times)
    stayer = next(key for key in keys if key not in leaving)
    held = [partition(each, month)[stayer] for each, month in zip(found, [whole, parted] * times, strict=True)]
    assert len(set(held)) == 1
