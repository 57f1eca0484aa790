"""What an old id has become: chains of joins are followed to their end, and never run in a circle."""

import itertools

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.identity_events import resolve

IDS = [f"f{number}" for number in range(6)]
MONTHS = [f"2026-{month:02}" for month in range(1, 9)]


@st.composite
def histories(draw):
    """Events as runs would write them: an id that has joined another or is gone may come back in a later month."""
    rows, living = [], set()
    for month in MONTHS[: draw(st.integers(1, len(MONTHS)))]:
        here = set(draw(st.sets(st.sampled_from(IDS))))
        rows += [(month, each, "kept" if each in living else "new", None) for each in sorted(here)]
        for gone in sorted(living - here):
            into = draw(st.sampled_from([None, *sorted(here)]))
            rows.append((month, gone, "joined" if into else "gone", into))
        living = here
    columns = ["month", "id", "event", "other_id"]
    events = pd.DataFrame(rows, columns=columns, dtype="string[pyarrow]").assign(kind="family", cause="data")
    return events, living


@given(histories(), st.sampled_from(IDS))
@settings(max_examples=200, deadline=None)
def test_an_id_becomes_what_lives_or_nothing(history, asked):
    events, living = history
    found = resolve(events, asked)
    assert found.state in {"lives", "joined", "gone", "unknown"}
    if found.state in {"lives", "joined"}:
        assert found.id in living
    if asked in living:
        assert (found.state, found.id) == ("lives", asked)
    if found.state == "unknown":
        assert asked not in set(events["id"])


@given(histories(), st.sampled_from(IDS))
@settings(max_examples=100, deadline=None)
def test_what_an_id_has_become_becomes_nothing_else(history, asked):
    events, _ = history
    found = resolve(events, asked)
    if found.id is not None:
        assert resolve(events, found.id).id == found.id


@given(st.permutations(IDS))
def test_a_chain_of_joins_ends_at_its_last(order):
    rows = [("2026-01", each, "new", None) for each in order]
    rows += [(MONTHS[place + 1], each, "joined", into) for place, (each, into) in enumerate(itertools.pairwise(order))]
    events = pd.DataFrame(rows, columns=["month", "id", "event", "other_id"], dtype="string[pyarrow]")
    found = resolve(events, order[0])
    assert (found.state, found.id) == ("joined", order[-1])


def test_a_circle_that_no_run_would_write_is_no_endless_walk():
    rows = [("2026-01", "f1", "joined", "f2"), ("2026-01", "f2", "joined", "f1")]
    events = pd.DataFrame(rows, columns=["month", "id", "event", "other_id"], dtype="string[pyarrow]")
    assert resolve(events, "f1").state == "unknown"
