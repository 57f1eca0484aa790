"""How what was seen comes to a verdict: `met`, `not_met`, `unknown`, or `neutral` for a result a family cannot have.

Silence never satisfies: what a feed did not say counts neither as change nor as its absence.
"""

from collections.abc import Iterable, Sequence

from programme.results import Reduction
from programme.sights import Judged


def total(seen: Iterable[Judged]) -> float | None:
    """The conditions' values together; nothing where one of them is not known."""
    values = [each.value for each in seen]
    return None if any(value is None for value in values) else sum(value for value in values if value is not None)


def fallen(
    baseline: float | None, latest: float | None, outcome: Reduction, *, spoke_then: bool, spoke_now: bool
) -> str:
    """Whole counts compared: by 60 % from 10 means 4 or fewer. Nothing before and nothing now is nothing to mend.

    A feed that did not speak then can only have counted too little then, and one that does not now, too little now.
    """
    if baseline is None or latest is None:
        return "unknown"
    is_enough = baseline > 0 and 100 * (baseline - latest) >= outcome.by_percent * int(baseline)
    if not spoke_now:
        return "unknown" if is_enough or latest == 0 or not spoke_then else "not_met"
    if not spoke_then:
        return "met" if is_enough else "unknown"
    if baseline == latest == 0:
        return "neutral"
    return "met" if is_enough else "not_met"


def all_of(seen: Iterable[Judged]) -> str:
    """Conditions that must all be met; `nobody` where none has anyone to count."""
    return _first([each.state for each in seen], ("not_met", "unknown", "met"), "nobody")


def none_of(seen: Sequence[Judged]) -> str:
    """Conditions of a problem that must all stay away: `met` is a problem still there."""
    if any(each.state == "met" for each in seen):
        return "not_met"
    if any(each.state == "unknown" or not each.is_available for each in seen):
        return "unknown"
    return "met" if any(each.state == "not_met" for each in seen) else "neutral"


def every(states: Sequence[str]) -> str:
    """Results that must all be met; neutral where none can be had."""
    return _first(states, ("not_met", "unknown", "met"), "neutral")


def _first(states: Sequence[str], order: Iterable[str], otherwise: str) -> str:
    return next((state for state in order if state in states), otherwise)
