"""Outcomes: each result of the profile judged for each attached family: what stood at attachment, what stands now.

An absent feed is `unknown`, never "improved". `neutral` is a result that a family cannot have: it never had the
problem, or the child of concern has left school.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from programme import work
from programme.catalogue import Shape
from programme.conditions import Condition, Window
from programme.facts import Month, gathered
from programme.measures import Asked
from programme.needs import asked as asked_of
from programme.profile import Profile
from programme.results import ConditionsMet, ContinuousWork, NeedsResolved, Reduction
from programme.sights import Judged, Sight, look, merged_evidence
from schemas import frames, published


def judge(
    profile: Profile,
    attachments: pd.DataFrame,
    month: Month,
    *,
    history: pd.DataFrame | None = None,
    settings: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Judge every result of the profile for every attached family of the month.

    `attachments`: the columns of `schemas.published.Attachment`; a family taken on again is reckoned from the newest
    day. `history`: needs published in earlier months (with `month`), so that a need found after attachment and since
    gone is still one to be made good. Returns the columns of `schemas.published.Outcome`, by family and profile.
    """
    attached = _attached(attachments, month)
    if attached.empty or not profile.outcomes:
        return frames.empty(published.Outcome)
    members = month.family_members[month.family_members["family_id"].isin(attached.index)]
    own = replace(month, family_members=members)
    with gathered(own, settings=settings) as engine:
        before = look(engine, _asked_before(profile), attached, month)
        now = look(engine, _asked_now(profile), attached.where(attached.isna(), month.as_of), month)
    days = {str(family): day for family, day in attached.items()}
    judging = _Judging(profile, own, days, before, now, _since(history, attached))
    rows = [row for family in attached.index for row in judging.of(str(family))]
    return frames.conform(pd.DataFrame(rows).reindex(columns=frames.column_names(published.Outcome)), published.Outcome)


def _attached(attachments: pd.DataFrame, month: Month) -> pd.Series:
    """Family to the day on which it was last taken on, for families that still are."""
    here = attachments["family_id"].isin(month.families["family_id"]) & (attachments["attached_on"] <= month.as_of)
    return attachments[here].groupby("family_id")["attached_on"].max().sort_index()


def _since(history: pd.DataFrame | None, attached: pd.Series) -> dict[str, set[str]]:
    """Family to the criteria that it met in some published month since attachment."""
    if history is None or history.empty:
        return {}
    met = history[(history["state"] == "met") & history["family_id"].isin(attached.index)]
    after = met["month"] >= met["family_id"].map(attached).dt.strftime("%Y-%m")
    return {str(family): set(keys) for family, keys in met[after].groupby("family_id")["criterion_id"]}


def _asked_before(profile: Profile) -> list[Asked]:
    return [*asked_of(profile.criteria), *_asked_both(profile)]


def _asked_now(profile: Profile) -> list[Asked]:
    sustained = [
        Asked(f"{key}|{criterion_id}", place, _sustained(each, outcome), leaves_out_leavers=True)
        for key, outcome in profile.outcomes.items()
        if isinstance(outcome, NeedsResolved)
        for criterion_id in _criteria(profile, outcome)
        for place, each in enumerate(profile.criteria[criterion_id].any_of)
    ]
    return [*asked_of(profile.criteria), *_asked_both(profile), *sustained]


def _asked_both(profile: Profile) -> list[Asked]:
    """The conditions that are read at attachment and now, to be set side by side."""
    of = {
        key: each.all_of if isinstance(each, ConditionsMet) else each.of if isinstance(each, Reduction) else ()
        for key, each in profile.outcomes.items()
    }
    return [Asked(key, n, each, leaves_out_leavers=True) for key, some in of.items() for n, each in enumerate(some)]


def _criteria(profile: Profile, outcome: NeedsResolved) -> list[str]:
    filtering = profile.identification.local_filter
    own = [key for key, each in profile.criteria.items() if filtering is None or each.headline != filtering.headline]
    return [key for key in own if not outcome.headlines or profile.criteria[key].headline in outcome.headlines]


def _sustained(condition: Condition, outcome: NeedsResolved) -> Condition:
    """The same condition over the time for which it must stay away."""
    if condition.window.unit == "terms":
        return condition.model_copy(update={"window": Window(unit="terms", length=outcome.sustained_terms)})
    if condition.of.shape is Shape.STATUS:
        return condition
    lasting = condition.window.unit == "current" or condition.running
    window = Window(unit="months", length=outcome.sustained_months)
    return condition.model_copy(update={"window": window, "running": lasting})


class _Judging:
    """One month's judging: what was seen at attachment, what is seen now, and the rules between."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is one side of the comparison
        self,
        profile: Profile,
        month: Month,
        attached: Mapping[str, pd.Timestamp],
        before: Sight,
        now: Sight,
        since: Mapping[str, set[str]],
    ) -> None:
        self.profile, self.month, self.attached = profile, month, attached
        self.before, self.now, self.since = before, now, since
        self.worked = {
            key: work.judged(each, month, attached)
            for key, each in profile.outcomes.items()
            if isinstance(each, ContinuousWork)
        }
        self.jobcentre_spoke = _spoke(month, "jobcentre")

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
        state = _all_of(seen)
        if state in {"met", "nobody"}:
            state = "met" if state == "met" and self._concerns(family, outcome.problem) else "neutral"
        telling = next((n for n, each in enumerate(seen) if each.state == state), 0)
        return self._row(family, key, state, baseline=then[telling].value, seen=[seen[telling]], proof=seen)

    def _concerns(self, family: str, problem: str | None) -> bool:
        """Whether the family had the problem, and one who had it is still at school."""
        if problem is None:
            return True
        own = [key for key, each in self.profile.criteria.items() if each.headline == problem]
        if not any(each.state == "met" for key in own for each in self.before.of(family, key)):
            return False
        of_concern = {person for key in own for person in self.before.meeting.get((family, key), ())}
        return not of_concern or not of_concern <= self.now.leavers.get(family, set())

    def _reduction(self, family: str, key: str, outcome: Reduction) -> dict[str, object]:
        seen, then = self.now.of(family, key), self.before.of(family, key)
        baseline, latest = _total(then), _total(seen)
        state = _fallen(baseline, latest, outcome, spoke=all(each.is_available for each in seen))
        return self._row(family, key, state, baseline=baseline, latest=latest, seen=seen, proof=[*then, *seen])

    def _work(self, family: str, key: str) -> dict[str, object]:
        worked = self.worked[key].get(family)
        row = self._row(family, key, "not_met" if self.jobcentre_spoke else "unknown")
        if worked is None:
            return row
        state = "met" if worked.is_enough else row["state"]
        weeks, days = float(worked.weeks), (self.attached[family], self.month.as_of)
        counts = {"baseline": 0.0, "latest": weeks, "change": weeks, "window_from": days[0], "window_to": days[1]}
        return {**row, **counts, "state": state, "evidence": worked.evidence}

    def _resolved(self, family: str, key: str, outcome: NeedsResolved) -> list[dict[str, object]]:
        had = [each for each in _criteria(self.profile, outcome) if self._had(family, each)]
        rows = [self._turned(family, key, criterion, outcome) for criterion in had]
        states = [str(row["state"]) for row in rows]
        evidence = merged_evidence([str(row["evidence"]) for row in rows])
        whole = self._row(family, key, _every(states)) | {"evidence": evidence}
        # A need found since has to be made good as well, but it does not change what stood at attachment.
        came_with = sum(any(each.state == "met" for each in self.before.of(family, criterion)) for criterion in had)
        left = sum(state not in {"met", "neutral"} for state in states)
        counts = {"baseline": float(came_with), "latest": float(left), "change": float(left - came_with)}
        return [*rows, {**whole, **counts}]

    def _had(self, family: str, criterion: str) -> bool:
        seen = [*self.before.of(family, criterion), *self.now.of(family, criterion)]
        return criterion in self.since.get(family, ()) or any(each.state == "met" for each in seen)

    def _turned(self, family: str, key: str, criterion: str, outcome: NeedsResolved) -> dict[str, object]:
        seen = self.now.of(family, f"{key}|{criterion}")
        then = self.before.of(family, criterion)
        state = _none_of(seen)
        if state == "met" and not all(self._long_enough(family, each) for each in self._sustained(criterion, outcome)):
            state = "not_met"
        telling = next((n for n, each in enumerate(then) if each.state == "met"), 0)
        return self._row(family, criterion, state, baseline=then[telling].value, seen=[seen[telling]], proof=seen)

    def _sustained(self, criterion: str, outcome: NeedsResolved) -> list[Condition]:
        return [_sustained(each, outcome) for each in self.profile.criteria[criterion].any_of]

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


def _total(seen: list[Judged]) -> float | None:
    values = [each.value for each in seen]
    return None if any(value is None for value in values) else sum(value for value in values if value is not None)


def _fallen(baseline: float | None, latest: float | None, outcome: Reduction, *, spoke: bool) -> str:
    """Whole counts compared: by 60 % from 10 means 4 or fewer. Nothing before and nothing now is nothing to mend."""
    if baseline is None or latest is None:
        return "unknown"
    is_enough = baseline > 0 and 100 * (baseline - latest) >= outcome.by_percent * int(baseline)
    if not spoke:
        return "unknown" if is_enough or latest == 0 else "not_met"
    if baseline == latest == 0:
        return "neutral"
    return "met" if is_enough else "not_met"


def _all_of(seen: list[Judged]) -> str:
    states = {each.state for each in seen}
    return next((state for state in ("not_met", "unknown", "met") if state in states), "nobody")


def _none_of(seen: list[Judged]) -> str:
    """Conditions of a problem that must all stay away: `met` is a problem still there."""
    if any(each.state == "met" for each in seen):
        return "not_met"
    if any(each.state == "unknown" or not each.is_available for each in seen):
        return "unknown"
    return "met" if any(each.state == "not_met" for each in seen) else "neutral"


def _every(states: list[str]) -> str:
    return next((state for state in ("not_met", "unknown", "met") if state in states), "neutral")
