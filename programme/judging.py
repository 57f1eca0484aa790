"""One attached family's results, from what was seen at attachment, what is seen now, and the rules between."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from programme import verdicts
from programme.conditions import Condition
from programme.facts import Month
from programme.profile import Profile
from programme.results import ConditionsMet, ContinuousWork, NeedsResolved, Reduction
from programme.sights import Judged, Sight, merged_evidence
from programme.sustained import criteria_of, sustained
from programme.work import Worked


@dataclass(frozen=True)
class Judging:
    """All that a month's results rest on.

    `before`: what stood at attachment; `looked_back`: the same day as the rows held now show it, for what was found
    later; `since`: criteria that published months have met since; `worked`: result to family to its best adult's work.
    """

    profile: Profile
    month: Month
    attached: Mapping[str, pd.Timestamp]
    before: Sight
    looked_back: Sight
    now: Sight
    since: Mapping[str, set[str]]
    worked: Mapping[str, Mapping[str, Worked]] = field(repr=False)

    def of(self, family: str) -> list[dict[str, object]]:
        """Every result of one family."""
        rows: list[dict[str, object]] = []
        for key, outcome in self.profile.outcomes.items():
            if isinstance(outcome, ConditionsMet):
                rows.append(self._conditions(family, key, outcome))
            elif isinstance(outcome, Reduction):
                rows.append(self._reduction(family, key, outcome))
            elif isinstance(outcome, ContinuousWork):
                rows.append(self._work(family, key))
            else:
                rows.extend(self._resolved(family, key, outcome))
        return rows

    def _conditions(self, family: str, key: str, outcome: ConditionsMet) -> dict[str, object]:
        seen, then = self.now.of(family, key), self.before.of(family, key)
        state = verdicts.all_of(seen)
        if state in {"met", "nobody"}:
            state = "met" if state == "met" and self._concerns(family, outcome.problem) else "neutral"
        telling = next((n for n, each in enumerate(seen) if each.state == state), 0)
        return self._row(family, key, state, baseline=then[telling].value, seen=[seen[telling]], proof=[*then, *seen])

    def _concerns(self, family: str, problem: str | None) -> bool:
        """Whether the family had the problem, and one who had it is still at school."""
        if problem is None:
            return True
        own = [key for key, each in self.profile.criteria.items() if each.headline == problem]
        sights = (self.before, self.looked_back)
        if not any(each.state == "met" for sight in sights for key in own for each in sight.of(family, key)):
            return False
        of_concern = {person for sight in sights for key in own for person in sight.meeting.get((family, key), ())}
        return not of_concern or not of_concern <= self.now.leavers.get(family, set())

    def _reduction(self, family: str, key: str, outcome: Reduction) -> dict[str, object]:
        seen, then = self.now.of(family, key), self.before.of(family, key)
        baseline, latest = verdicts.total(then), verdicts.total(seen)
        spoke_then = all(each.is_available or each.extract_on >= self.attached[family] for each in then)
        spoke_now = all(each.is_available for each in seen)
        state = verdicts.fallen(baseline, latest, outcome, spoke_then=spoke_then, spoke_now=spoke_now)
        return self._row(family, key, state, baseline=baseline, latest=latest, seen=seen, proof=[*then, *seen])

    def _work(self, family: str, key: str) -> dict[str, object]:
        worked = self.worked[key].get(family)
        row = self._row(family, key, "not_met" if _spoke(self.month, "jobcentre") else "unknown")
        if worked is None:
            return row
        state = "met" if worked.is_enough else row["state"]
        weeks, days = float(worked.weeks), (self.attached[family], self.month.as_of)
        counts = {"baseline": 0.0, "latest": weeks, "change": weeks, "window_from": days[0], "window_to": days[1]}
        return {**row, **counts, "state": state, "evidence": worked.evidence}

    def _resolved(self, family: str, key: str, outcome: NeedsResolved) -> list[dict[str, object]]:
        had = [each for each in criteria_of(self.profile, outcome) if self._had(family, each)]
        rows = [self._turned(family, key, criterion, outcome) for criterion in had]
        states = [str(row["state"]) for row in rows]
        evidence = merged_evidence([str(row["evidence"]) for row in rows])
        whole = self._row(family, key, verdicts.every(states)) | {"evidence": evidence}
        # A need found since has to be made good as well, but it does not change what stood at attachment.
        came_with = sum(any(each.state == "met" for each in self.before.of(family, criterion)) for criterion in had)
        left = sum(state not in {"met", "neutral"} for state in states)
        counts = {"baseline": float(came_with), "latest": float(left), "change": float(left - came_with)}
        return [*rows, {**whole, **counts}]

    def _had(self, family: str, criterion: str) -> bool:
        """Whether the need was there at attachment, by all that is known of that day now, or has been found since."""
        sights = (self.before, self.looked_back, self.now)
        seen = [each for sight in sights for each in sight.of(family, criterion)]
        return criterion in self.since.get(family, ()) or any(each.state == "met" for each in seen)

    def _turned(self, family: str, key: str, criterion: str, outcome: NeedsResolved) -> dict[str, object]:
        seen, then = self.now.of(family, f"{key}|{criterion}"), self.before.of(family, criterion)
        state = verdicts.none_of(seen)
        lasting = [sustained(each, outcome) for each in self.profile.criteria[criterion].any_of]
        if state == "met" and not all(self._long_enough(family, each) for each in lasting):
            state = "not_met"
        if state == "met" and outcome.need_must_have_ended:
            state = verdicts.none_of(self.now.of(family, criterion))
        telling = next((n for n, each in enumerate(then) if each.state == "met"), 0)
        proof = [*(each for each in then if each.state == "met"), *seen]
        return self._row(family, criterion, state, baseline=then[telling].value, seen=[seen[telling]], proof=proof)

    def _long_enough(self, family: str, condition: Condition) -> bool:
        """Whether the whole time for which a problem must stay away lies after attachment (terms: their ends)."""
        attached_on, window = self.attached[family], condition.window
        if window.unit == "terms":
            ends = self.month.terms["ends_on"]
            return bool(((ends > attached_on) & (ends <= self.month.as_of)).sum() >= window.length)
        return bool(attached_on + pd.DateOffset(months=window.length) <= self.month.as_of)

    def _row(  # noqa: PLR0913 - the columns of the published row
        self,
        family: str,
        key: str,
        state: str,
        *,
        baseline: float | None = None,
        latest: float | None = None,
        seen: list[Judged] | None = None,
        proof: list[Judged] | None = None,
    ) -> dict[str, object]:
        seen = seen or []
        if latest is None and seen:
            latest = seen[0].value
        return {
            "family_id": family,
            "outcome_id": key,
            "state": state,
            "baseline": baseline,
            "latest": latest,
            "change": None if baseline is None or latest is None else latest - baseline,
            "window_from": min((each.window_from for each in seen), default=pd.NaT),
            "window_to": max((each.window_to for each in seen), default=pd.NaT),
            "evidence": merged_evidence([each.evidence for each in proof or []]),
        }


def _spoke(month: Month, feed: str) -> bool:
    rows = month.feeds[month.feeds["feed"] == feed]
    return bool(len(rows)) and not (rows["is_late"] | rows["never_delivered"]).any()
