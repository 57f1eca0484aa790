"""Claim watch: why a result that stood when a claim was made stands no longer, named by what changed since.

A feed that is late, a record that moved from one person to another, rows that came since, people who came into the
family or left it, families joined or split, a rule that changed. Told by ids, keys and files, never by a value.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from schemas import frames
from schemas.registry import FEED_TABLES, ROSTER_OF

_MOST_NAMED = 3
_RECORD = ["feed", "table_name", "source_id"]
_JUDGED_BY = ("criterion", "outcome", "route")
_WHY = {"human": "a person decided", "model": "a new matching model", "rule": "a rule"}


@dataclass(frozen=True)
class Standing:
    """What one month says of a claim's family, under the id that it bore then: tables of `schemas.published`."""

    month: str
    family_id: str
    outcomes: pd.DataFrame = field(repr=False)
    person_records: pd.DataFrame = field(repr=False)
    family_members: pd.DataFrame = field(repr=False)
    rules: pd.DataFrame = field(repr=False)

    def evidence(self, results: Iterable[str]) -> dict[tuple[str, str, str], dict[str, Any]]:
        """The rows that the family's results rest on, by feed, table and key."""
        own = self.outcomes[self.outcomes["family_id"] == self.family_id]
        told = own.loc[own["outcome_id"].isin(list(results)), "evidence"]
        rows = [row for text in told for row in json.loads(str(text)) if "source_id" in row]
        return {(row["feed"], row["table"], row["source_id"]): row for row in rows}

    def states(self) -> dict[str, str]:
        """Each result and criterion of the family, and how it was judged."""
        own = self.outcomes[self.outcomes["family_id"] == self.family_id]
        return dict(zip(own["outcome_id"], own["state"], strict=True))

    def members(self) -> set[str]:
        """Who was of the family."""
        own = self.family_members[self.family_members["family_id"] == self.family_id]
        return set(own["person_id"])


def broken(then: Standing, now: Standing, result: str, parts: Sequence[str]) -> list[str]:
    """Of a result's parts (the criteria that it turns), those that stand no longer; the result itself where none is."""
    before, after = then.states(), now.states()
    fallen = [part for part in parts if after.get(part) in {"not_met", "unknown"} and before.get(part) != after[part]]
    return fallen or [result]


def causes(  # noqa: PLR0913 - each is a place where a cause may lie
    then: Standing,
    now: Standing,
    results: Sequence[str],
    *,
    events: pd.DataFrame,
    rules: Sequence[str] = (),
    late: Sequence[str] = (),
) -> list[str]:
    """What changed between the two months that bears on these results, the likeliest cause first.

    `events`: identity events since. `rules`: those that may have changed. `late`: the feeds that the results rest on
    and that have not delivered. One sentence each; where nothing changed but the day, that is what is said.
    """
    found = [
        *(f"{feed} has delivered nothing for {now.month}" for feed in late),
        *_rules(then, now, [*results, *rules]),
        *_moved(then, now, events),
        *_families(then, now, events),
        *_people(then, now),
        *_rows(then, now, results),
    ]
    return found or [f"nothing that it rests on has changed since {then.month}: the time looked at has moved on"]


def _rules(then: Standing, now: Standing, results: Sequence[str]) -> Iterable[str]:
    before, after = (_words(each.rules, results) for each in (then, now))
    for key in sorted(before.keys() & after.keys()):
        if before[key] != after[key]:
            yield f"the rule {key} was changed: it asked for {before[key]!r}, it asks for {after[key]!r}"
    if len(then.rules):
        for key in sorted(after.keys() - before.keys()):
            yield f"the rule {key} was added"


def _words(rules: pd.DataFrame, results: Sequence[str]) -> dict[str, str]:
    chosen = rules[rules["kind"].isin(_JUDGED_BY) & rules["rule_id"].isin(list(results))]
    said = chosen["words"].fillna("").str.replace("\n", "; ")
    return dict(zip(chosen["rule_id"].astype(str), said.astype(str), strict=True))


def _moved(then: Standing, now: Standing, events: pd.DataFrame) -> Iterable[str]:
    """Records that stood under a member then and under another person now, or the other way round."""
    both = then.person_records[[*_RECORD, "person_id"]].merge(
        now.person_records[[*_RECORD, "person_id"]], on=_RECORD, suffixes=("_then", "_now")
    )
    changed = both[(both["person_id_then"] != both["person_id_now"]).to_numpy(bool)]
    ours = changed["person_id_then"].isin(then.members()) | changed["person_id_now"].isin(now.members())
    moved = changed[ours.to_numpy(bool)].sort_values(_RECORD)
    told = [
        f"record {row.feed}/{row.table_name} {row.source_id} was moved from person {row.person_id_then} to person "
        f"{row.person_id_now}{_why(events, row.person_id_then, row.person_id_now)}"
        for row in moved.head(_MOST_NAMED).itertuples(index=False)
    ]
    return _with_more(told, len(moved), "records moved")


def _why(events: pd.DataFrame, *people: object) -> str:
    mine = events[events["id"].isin(list(people)) & (events["event"] != "kept")]
    known = [_WHY[cause] for cause in mine["cause"] if cause in _WHY]
    return f" ({known[0]})" if known else ""


def _families(then: Standing, now: Standing, events: pd.DataFrame) -> Iterable[str]:
    own = {then.family_id, now.family_id}
    changed = events[(events["kind"] == "family") & events["event"].isin(["joined", "split"])]
    for row in changed.itertuples(index=False):
        if row.event == "joined" and own & {row.id, row.other_id}:
            yield f"family {row.id} was joined to family {row.other_id} in {row.month}"
        elif row.event == "split" and own & {row.id, row.other_id}:
            yield f"family {row.id} was split from family {row.other_id} in {row.month}"


def _people(then: Standing, now: Standing) -> Iterable[str]:
    before, after = then.members(), now.members()
    came, left = sorted(after - before), sorted(before - after)
    yield from _with_more([f"person {each} came into the family" for each in came[:_MOST_NAMED]], len(came), "came")
    yield from _with_more([f"person {each} left the family" for each in left[:_MOST_NAMED]], len(left), "left")


def _rows(then: Standing, now: Standing, results: Sequence[str]) -> Iterable[str]:
    """Rows that the results rest on now and did not then; else rows that were sent again since."""
    before, after = then.evidence(results), now.evidence(results)
    fresh = [after[key] for key in sorted(after.keys() - before.keys())]
    if fresh:
        people = _people_of(now)
        told = [f"new since {then.month}: {_told(row, people)}" for row in fresh[:_MOST_NAMED]]
        yield from _with_more(told, len(fresh), "rows new")
        return
    again = [row for key, row in sorted(after.items()) if row["received_for"] > then.month]
    told = [f"sent again since {then.month}: {_told(row, _people_of(now))}" for row in again[:_MOST_NAMED]]
    yield from _with_more(told, len(again), "rows sent again")


def _people_of(standing: Standing) -> dict[tuple[str, str, str], str]:
    own = standing.person_records[standing.person_records["person_id"].isin(list(standing.members()))]
    return dict(zip(zip(*(own[name] for name in _RECORD), strict=True), own["person_id"], strict=True))


def _told(row: dict[str, Any], people: dict[tuple[str, str, str], str]) -> str:
    person = people.get(_roster_record(row))
    of = f" of person {person}" if person else ""
    return (
        f"{row['feed']}/{row['table']} {row['source_id']}{of}, line {row['line']} of the file for {row['received_for']}"
    )


def _roster_record(row: dict[str, Any]) -> tuple[str, str, str]:
    """The record of the person whom an event's key names, where it does."""
    key = (row["feed"], row["table"])
    if key not in ROSTER_OF:
        return (*key, row["source_id"])
    roster, column = ROSTER_OF[key]
    keys = [name for name, each in frames.contract_columns(FEED_TABLES[key]).items() if each.key]
    parts = str(row["source_id"]).split("|")
    named = parts[keys.index(column)] if column in keys and len(parts) == len(keys) else ""
    return row["feed"], roster, named


def _with_more(told: list[str], count: int, what: str) -> list[str]:
    more = count - len(told)
    return [*told, *([f"and {more} more {what}"] if more > 0 else [])]
