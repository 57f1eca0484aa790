"""Why something differs between two months: traced to records, rules, models or decisions, in words and ids only."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from schemas.vocabulary import Cause

PLACE = ["feed", "table_name", "source_id"]
_MOST_NAMED = 5
_ORDER = ("new", "gone", "changed", "matched anew")


@dataclass(frozen=True)
class Traced:
    """A cause and what it comes from."""

    cause: str
    because: str


@dataclass(frozen=True)
class Runs:
    """What made each month: rows of the published `run`, as dictionaries; and its last day."""

    before: Mapping[str, object]
    after: Mapping[str, object]

    def differ_in(self, column: str) -> bool:
        """Whether both months say something of it, and not the same."""
        one, other = self.before.get(column), self.after.get(column)
        return isinstance(one, str) and isinstance(other, str) and one != other

    def software(self) -> Traced | None:
        """The other version of Hearth that made one of the months, if so."""
        if not self.differ_in("software_version"):
            return None
        said = f"made by Hearth {self.after['software_version']}, before by {self.before['software_version']}"
        return Traced(Cause.RULE.value, said)


class Records:
    """What became of the records of people between the months."""

    def __init__(self, before: pd.DataFrame, after: pd.DataFrame, decided: pd.DataFrame | None = None) -> None:
        """Of feed, table_name, source_id, person_id and fingerprint; `decided`: records newly decided on."""
        both = before.merge(after, how="outer", on=PLACE, suffixes=("_before", "_after"))
        names = both["feed"] + "/" + both["table_name"] + " " + both["source_id"]
        chosen = set() if decided is None else set(map(tuple, decided[PLACE].astype(object).to_numpy()))
        keys = zip(both["feed"], both["table_name"], both["source_id"], strict=True)
        human = [key in chosen for key in keys]
        self._of: dict[str, list[tuple[str, str, bool]]] = {}
        rows = zip(names, _became(both), human, both["person_id_before"], both["person_id_after"], strict=True)
        for name, became, is_human, was, now in rows:
            if became is None and not is_human:
                continue
            for person in {was, now} - {pd.NA}:
                self._of.setdefault(str(person), []).append((str(name), str(became), is_human))

    def of(self, people: Iterable[str]) -> dict[str, list[str]]:
        """The people's records by what became of them: new, gone, changed, matched anew."""
        found: dict[str, set[str]] = {}
        for person in people:
            for name, became, _ in self._of.get(person, []):
                found.setdefault(became, set()).add(name)
        return {became: sorted(found[became]) for became in _ORDER if became in found}

    def decided(self, people: Iterable[str]) -> list[str]:
        """The people's records that a coordinator newly decided on."""
        return sorted({name for person in people for name, _, human in self._of.get(person, []) if human})


def _became(both: pd.DataFrame) -> pd.Series:
    was, now = both["person_id_before"], both["person_id_after"]
    prints = both["fingerprint_before"], both["fingerprint_after"]
    became = pd.Series(None, index=both.index, dtype=object)
    became[(was != now).fillna(value=False).to_numpy(bool)] = "matched anew"
    became[(prints[0] != prints[1]).fillna(value=False).to_numpy(bool)] = "changed"
    became[was.isna().to_numpy(bool)] = "new"
    became[now.isna().to_numpy(bool)] = "gone"
    return became


@dataclass(frozen=True)
class Tracing:
    """All that a cause is looked for in.

    `born`: person to date of birth. `late`: feeds of which nothing was usable, of each month. `held_before`,
    `held_after`: (feed, table, source id) to what the event's row said, of the rows that needs rest on. `decided`:
    people of whom somebody has said since where they live or to whom they belong. `off_roll`: person to the pupil's
    records that say in either month that the roll was left.
    """

    runs: Runs
    records: Records = field(repr=False)
    born: Mapping[str, pd.Timestamp] = field(repr=False)
    days: tuple[pd.Timestamp, pd.Timestamp]
    late: tuple[frozenset[str], frozenset[str]]
    held_before: Mapping[tuple[str, str, str], str] = field(default_factory=dict, repr=False)
    held_after: Mapping[tuple[str, str, str], str] = field(default_factory=dict, repr=False)
    decided: frozenset[str] = frozenset()
    off_roll: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def of_people(self, people: Iterable[str]) -> Traced | None:
        """What moved these people: a decision, another model, or what their records say; None where nothing did."""
        people = sorted(people)
        if decided := self.records.decided(people):
            return Traced(Cause.HUMAN.value, f"a coordinator decided on {listed(decided)}")
        if settled := sorted(self.decided & set(people)):
            return Traced(Cause.HUMAN.value, f"a coordinator decided with whom {listed(settled)} lives or belongs")
        became = self.records.of(people)
        if not became:
            return None
        said = "; ".join(f"{what}: {listed(names)}" for what, names in became.items())
        if self.runs.differ_in("model_sha256") and set(became) == {"matched anew"}:
            return Traced(Cause.MODEL.value, f"another matching model; {said}")
        return Traced(Cause.DATA.value, said)

    def _of_age(self, people: Iterable[str]) -> Traced | None:
        """Whether one of them became 18 between the two days."""
        first, last = sorted(self.days)
        births = [self.born[person] for person in people if not pd.isna(self.born.get(person, pd.NaT))]
        grown = any(first < born + pd.DateOffset(years=18) <= last for born in births)
        return Traced(Cause.DATA.value, "a child came of age") if grown else None

    def of_family(self, people: Iterable[str], members: tuple[set[str], set[str]]) -> Traced:
        """Why a family is another than before; `members` are those before and after."""
        people = sorted(people)
        if found := self.of_people(people):
            return found
        if found := self._of_age(people) or self.runs.software():
            return found
        moved = members[0] ^ members[1]
        return Traced(Cause.DATA.value, f"the month moved on; {self._since_then(moved)}")

    def _since_then(self, moved: set[str]) -> str:
        """What time alone did to people of whom no record changed."""
        if left := sorted({record for person in moved for record in self.off_roll.get(person, ())}):
            return f"off the roll, and by now on no other: {listed(left)}"
        return "what else is known of where they live changed" if moved else "nothing of its records changed"

    def of_need(
        self, before: Mapping[str, object], after: Mapping[str, object], *, people: set[str], moved: set[str]
    ) -> Traced:
        """Why a need turned: its published rows `before` and `after`, the family's people, and who came or left."""
        looked = (
            self._of_rules(before, after)
            or self._of_feeds(before, after)
            or self._of_rows(before, after)
            or self._of_decisions(people)
            or self._of_members(moved)
            or self._of_matching(people)
            or self._of_calendar(before, after)
            or self.of_people(people)
            or self._of_age(people)
            or self.runs.software()
        )
        return looked or Traced(Cause.DATA.value, "no row that it rests on changed: what else the feeds say did")

    def _of_rules(self, before: Mapping[str, object], after: Mapping[str, object]) -> Traced | None:
        if not self.runs.differ_in("programme_sha256"):
            return None
        parts = [
            f"{name} {_text(before[name])} became {_text(after[name])}"
            for name in ("operator", "threshold")
            if before[name] != after[name]
        ]
        if not parts and _rule(before) != _rule(after):
            parts = ["what is counted, or over what time"]
        return Traced(Cause.RULE.value, f"the programme's rule changed: {', '.join(parts)}") if parts else None

    def _of_feeds(self, before: Mapping[str, object], after: Mapping[str, object]) -> Traced | None:
        if "unknown" not in {before["state"], after["state"]}:
            return None
        named = {*str(before["feed"]).split("+"), *str(after["feed"]).split("+")}
        lost, back = self.late[1] - self.late[0], self.late[0] - self.late[1]
        if stayed := sorted(named & lost):
            return Traced(Cause.DATA.value, f"no usable delivery from {' and '.join(stayed)}")
        if came := sorted(named & back):
            return Traced(Cause.DATA.value, f"{' and '.join(came)} delivered again")
        return None

    def _of_decisions(self, people: set[str]) -> Traced | None:
        found = self.of_people(people)
        return found if found and found.cause != Cause.DATA.value else None

    def _of_matching(self, people: set[str]) -> Traced | None:
        anew = self.records.of(people).get("matched anew")
        return Traced(Cause.DATA.value, f"matched anew: {listed(anew)}") if anew else None

    def _of_rows(self, before: Mapping[str, object], after: Mapping[str, object]) -> Traced | None:
        was, now = evidence_rows(before["evidence"]), evidence_rows(after["evidence"])
        looked_at = was | now
        became = {
            "new": [row for row in looked_at if self.held_before.get(row) is None and row in self.held_after],
            "gone": [row for row in looked_at if row in self.held_before and self.held_after.get(row) is None],
            "changed": [
                row
                for row in looked_at
                if row in self.held_before and row in self.held_after and self.held_before[row] != self.held_after[row]
            ],
        }
        if not self.held_before and not self.held_after:
            became = {"new": sorted(now - was), "gone": sorted(was - now)}
        told = [f"{what}: {listed(map(_row, sorted(rows)))}" for what, rows in became.items() if rows]
        return Traced(Cause.DATA.value, "; ".join(told)) if told else None

    def _of_members(self, moved: set[str]) -> Traced | None:
        if not moved:
            return None
        found = self.of_people(moved)
        return Traced(Cause.DATA.value, "other members" + (f"; {found.because}" if found else ""))

    def _of_calendar(self, before: Mapping[str, object], after: Mapping[str, object]) -> Traced | None:
        if before["window_from"] == after["window_from"] and before["window_to"] == after["window_to"]:
            return None
        was, now = evidence_rows(before["evidence"]), evidence_rows(after["evidence"])
        outside, inside = listed(map(_row, sorted(was - now))), listed(map(_row, sorted(now - was)))
        parts = [f"no longer in it: {outside}"] * bool(outside) + [f"now in it: {inside}"] * bool(inside)
        return Traced(Cause.DATA.value, "; ".join(["the window moved on", *parts]))


def evidence_rows(evidence: object) -> set[tuple[str, str, str]]:
    """The rows that a need rests on: feed, table, source id."""
    rows = json.loads(str(evidence)) if isinstance(evidence, str) else []
    return {(row["feed"], row["table"], row["source_id"]) for row in rows if "source_id" in row}


def listed(names: Iterable[str]) -> str:
    """The first few names, and how many more."""
    names = list(names)
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _row(row: tuple[str, str, str]) -> str:
    return f"{row[0]}/{row[1]} {row[2]}"


def _rule(need: Mapping[str, object]) -> str:
    return str(need["measure"]).partition("; thin")[0]


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
