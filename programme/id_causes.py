"""Why an id changed, traced as `programme.differences` traces why a family did: one change has one cause.

Another model, or other software, may move records of which nothing changed. Where records came, went or say something
else, these are what can be shown, and the model is not blamed.
"""

from collections.abc import Mapping

import pandas as pd

from programme.differences import Snapshot
from programme.tracing import PLACE, Records, Runs, Tracing
from schemas.vocabulary import Cause

_GROUPS = {"household": "household_members", "family": "family_members"}
_Groups = Mapping[str, set[str]]


def retraced(events: pd.DataFrame, before: Snapshot, after: Snapshot, runs: Runs) -> pd.DataFrame:
    """The month's `identity_events` with the cause of each change that is not a person's doing.

    Read are `person_records` with `fingerprint`, persons, family_members and household_members (those who are there).
    """
    asked = (events["event"].ne("kept") & events["cause"].ne(Cause.HUMAN.value)).fillna(value=False).to_numpy(bool)
    changed = events.loc[asked, ["kind", "id", "other_id"]].astype(object).replace({pd.NA: None})
    groups = {kind: tuple(_groups(side, kind) for side in (before, after)) for kind in _GROUPS}
    circles = [_circle(groups, *row) for row in changed.itertuples(index=False)]
    concerned = set().union(*circles)
    tracing = Tracing(
        runs,
        Records(*_records(before, after, concerned)),
        _born(before, concerned) | _born(after, concerned),
        (before.as_of, after.as_of),
        (frozenset(), frozenset()),
    )
    causes = [
        tracing.of_family(people, _members(groups, kind, id_)).cause
        for people, kind, id_ in zip(circles, changed["kind"], changed["id"], strict=True)
    ]
    told = events["cause"].copy()
    told[asked] = causes
    return events.assign(cause=told)


def _groups(side: Snapshot, kind: str) -> _Groups:
    rows, groups = side.tables[_GROUPS[kind]], dict[str, set[str]]()
    for group, person in zip(rows[f"{kind}_id"], rows["person_id"], strict=True):
        groups.setdefault(str(group), set()).add(str(person))
    return groups


def _circle(groups: Mapping[str, tuple[_Groups, ...]], kind: str, id_: str, other: str | None) -> set[str]:
    """The people whom it is about: of the id and of the one that it came from or went to, in both months."""
    ids = [id_] if other is None else [id_, other]
    if kind not in groups:
        return set(ids)
    return {person for each in ids for months in groups[kind] for person in months.get(each, ())}


def _members(groups: Mapping[str, tuple[_Groups, ...]], kind: str, id_: str) -> tuple[set[str], set[str]]:
    was, now = (months.get(id_, set()) for months in groups.get(kind, ({}, {})))
    return was, now


def _records(before: Snapshot, after: Snapshot, people: set[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The records that these people have in either month, as both months tell them."""
    frames = [side.tables["person_records"][[*PLACE, "person_id", "fingerprint"]] for side in (before, after)]
    theirs = pd.concat([frame.loc[frame["person_id"].isin(people), PLACE] for frame in frames]).drop_duplicates()
    was, now = (frame.merge(theirs, on=PLACE) for frame in frames)
    return was, now


def _born(side: Snapshot, people: set[str]) -> dict[str, pd.Timestamp]:
    persons = side.tables["persons"]
    known = persons[persons["person_id"].isin(people)]
    return dict(zip(known["person_id"], known["date_of_birth"], strict=True))
