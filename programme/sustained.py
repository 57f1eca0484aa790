"""What "for good" asks: which needs a result speaks of, and for how long each condition must stay away."""

from collections.abc import Iterator

from programme.catalogue import Shape
from programme.conditions import Condition, Window
from programme.measures import Asked
from programme.profile import Profile
from programme.results import NeedsResolved


def criteria_of(profile: Profile, outcome: NeedsResolved) -> list[str]:
    """The criteria whose needs the result must turn: all but the local filter's, or those of its headlines."""
    filtering = profile.identification.local_filter
    own = [key for key, each in profile.criteria.items() if filtering is None or each.headline != filtering.headline]
    return [key for key in own if not outcome.headlines or profile.criteria[key].headline in outcome.headlines]


def sustained(condition: Condition, outcome: NeedsResolved) -> Condition:
    """The same condition over the time for which it must stay away."""
    if condition.window.unit == "terms":
        return condition.model_copy(update={"window": Window(unit="terms", length=outcome.sustained_terms)})
    if condition.of.shape is Shape.STATUS:
        return condition
    lasting = condition.window.unit == "current" or condition.running
    window = Window(unit="months", length=outcome.sustained_months)
    return condition.model_copy(update={"window": window, "running": lasting})


def asked(profile: Profile) -> Iterator[Asked]:
    """Every such condition, under its result and its criterion: `P2.RES|P2.3.d`."""
    for key, outcome in profile.outcomes.items():
        if not isinstance(outcome, NeedsResolved):
            continue
        for criterion in criteria_of(profile, outcome):
            for place, each in enumerate(profile.criteria[criterion].any_of):
                yield Asked(f"{key}|{criterion}", place, sustained(each, outcome), leaves_out_leavers=True)
