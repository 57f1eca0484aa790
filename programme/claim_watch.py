"""What this month says of the claims on record: which routes stand, and why one that was claimed stands no longer."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from programme import sustained, watch
from programme.profile import Profile
from programme.reservations import DECLINED, NOT_SHOWN
from programme.results import ConditionsMet, NeedsResolved, Reduction
from programme.watch import Standing


@dataclass(frozen=True)
class Compared:
    """The month in the making beside those in which claims stood.

    `then`: claim and family to the month in which the claim last stood or was submitted, none where there is no such;
    `now`: family to the month in the making; `events`: identity events of the months since.
    """

    then: Callable[[str, str], Standing | None] = field(repr=False)
    now: Callable[[str], Standing] = field(repr=False)
    events: pd.DataFrame = field(repr=False)


@dataclass(frozen=True)
class Watch:
    """What this month says of each family's results; `silent`: the feeds that have not delivered."""

    profile: Profile
    states: Mapping[tuple[str, str], str]
    silent: tuple[str, ...] = ()
    compared: Compared | None = None
    reservations: Mapping[str, str] = field(default_factory=dict)

    def standing(self, family: str) -> list[str]:
        """The routes whose results are all met or neutral, at least one of them met."""
        found = []
        for key, route in self.profile.routes.items():
            states = {self.states.get((family, result), "unknown") for result in route.results}
            if "met" in states and states <= {"met", "neutral"}:
                found.append(key)
        return found

    def kept(self, row: dict[str, object]) -> dict[str, object]:
        """A claim on record, with what of it no longer holds and why."""
        if row["status"] == "withdrawn":
            return row
        notes = (self.reservations.get(str(row["family_id"])), scheme_note(row))
        said = [each for each in (self._warning(row), *notes) if each]
        return {**row, "warning": "; ".join(said) or None}

    def _warning(self, row: Mapping[str, object]) -> str | None:
        family, parts = str(row["family_id"]), str(row["route"]).split("+")
        standing = self.standing(family)
        wanted = [part for part in parts if part in self.profile.routes and part not in standing]
        if not wanted:
            return None
        if not any(known == family for known, _ in self.states):
            gone = "the family is not among those judged: its people were matched anew, or it is no longer attached"
            return "; ".join([gone, *self._causes(row, [])])
        results = [result for part in wanted for result in self.profile.routes[part].results]
        fallen = [each for each in dict.fromkeys(results) if self.states.get((family, each), "unknown") not in _STANDS]
        said = [self._said(family, each) for each in fallen] or ["none of its results is met any more"]
        return "; ".join([*said, *dict.fromkeys(self._causes(row, fallen or results))])

    def _said(self, family: str, result: str) -> str:
        name = self.profile.outcomes[result].name
        if self.states.get((family, result)) == "not_met":
            return f"{result} ({name}) is no longer met"
        return f"{result} ({name}) cannot be judged this month"

    def _causes(self, row: Mapping[str, object], results: Iterable[str]) -> list[str]:
        claim, family = str(row["claim_id"]), str(row["family_id"])
        then = self.compared.then(claim, family) if self.compared else None
        unknown = [each for each in results if self.states.get((family, each), "unknown") == "unknown"]
        if self.compared is None or then is None:
            late = sorted({feed for each in unknown for feed in self._late(each, ())})
            return [f"no delivery from: {', '.join(late)}"] if late else []
        now = self.compared.now(family)
        parts = {each: watch.broken(then, now, each, self._parts(each)) for each in results}
        late = sorted({feed for each in unknown for feed in self._late(each, parts[each])})
        judged = list(dict.fromkeys(part for some in parts.values() for part in some))
        events = self.compared.events[self.compared.events["month"] > then.month]
        return watch.causes(then, now, judged, events=events, rules=list(parts), late=late)

    def _parts(self, result: str) -> list[str]:
        outcome = self.profile.outcomes[result]
        return sustained.criteria_of(self.profile, outcome) if isinstance(outcome, NeedsResolved) else []

    def _late(self, result: str, parts: Iterable[str]) -> list[str]:
        """The silent feeds that a result, or those of its criteria that fell, rests on."""
        outcome = self.profile.outcomes[result]
        if isinstance(outcome, NeedsResolved):
            keys = [each for each in parts if each in self.profile.criteria] or self._parts(result)
            rests_on = {one.of.feed.value for each in keys for one in self.profile.criteria[each].any_of}
        elif isinstance(outcome, ConditionsMet | Reduction):
            conditions = outcome.all_of if isinstance(outcome, ConditionsMet) else outcome.of
            rests_on = {one.of.feed.value for one in conditions}
        else:
            rests_on = {"jobcentre"}
        return [feed for feed in self.silent if feed in rests_on]


_STANDS = {"met", "neutral"}
OUTSIDE = "attached outside the scheme's years"
# What a claim may say although every result of it stands; it is said last.
_NOTES = (OUTSIDE, NOT_SHOWN, DECLINED)
_NOTE = re.compile(rf"{OUTSIDE}; [^;]+")


def stands(warning: object) -> bool:
    """Whether a claim's warning says nothing against its results."""
    return pd.isna(warning) or str(warning).startswith(_NOTES)  # type: ignore[call-overload]


def scheme_note(row: Mapping[str, object]) -> str | None:
    """A warning that the claim was made with, and that no month takes away."""
    found = _NOTE.search(str(row.get("warning") or ""))
    return found[0] if found else None
