"""What stood when a family was taken on: each condition seen at that day, recorded once and kept.

A baseline rests on the rows that were held, and on the people who were of the family, in the month of attachment. What
agencies send or correct later changes what stands now, never what stood then.
"""

import json
from collections.abc import Iterable, Mapping

import pandas as pd

from programme.conditions import Condition
from programme.describe import condition_in_words
from programme.facts import Month, gathered
from programme.measures import Asked
from programme.needs import asked as asked_of
from programme.profile import Profile
from programme.results import ConditionsMet, Reduction
from programme.sights import Judged, Sight, look
from schemas import frames, internal

_KEY = ["family_id", "attached_on", "rule", "position", "asked"]


def asked(profile: Profile) -> list[Asked]:
    """Every condition that is seen at attachment: those of criteria, and those that are read then and now."""
    return [*asked_of(profile.criteria), *read_twice(profile)]


def read_twice(profile: Profile) -> list[Asked]:
    """The conditions of results that are read at attachment and now, to be set side by side."""
    return [
        Asked(key, place, each, leaves_out_leavers=True)
        for key, outcome in profile.outcomes.items()
        for place, each in enumerate(_conditions(outcome))
    ]


def _conditions(outcome: object) -> tuple[Condition, ...]:
    if isinstance(outcome, ConditionsMet):
        return outcome.all_of
    return outcome.of if isinstance(outcome, Reduction) else ()


def record(
    profile: Profile, attached: pd.Series, month: Month, *, settings: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """What the month's rows and members show of each family at its day (`attached`: family to day of attachment).

    Returns the columns of `schemas.internal.Baseline`.
    """
    here = attached[attached.index.isin(month.families["family_id"])]
    wanted = asked(profile)
    if here.empty:
        return frames.empty(internal.Baseline)
    with gathered(month.of_families(here.index), settings=settings) as facts:
        seen = look(facts, wanted, here, month)
    rows = [
        {"family_id": family, "attached_on": day, "taken_from": f"{month.as_of:%Y-%m}", **row}
        for family, day in here.items()
        for row in _rows(str(family), wanted, seen)
    ]
    return frames.conform(pd.DataFrame(rows), internal.Baseline)


def _rows(family: str, wanted: Iterable[Asked], seen: Sight) -> Iterable[dict[str, object]]:
    for each in wanted:
        judged = seen.of(family, each.rule)[each.position]
        meeting = sorted(seen.meeting.get((family, each.rule), ()))
        yield {
            **vars(judged),
            "rule": each.rule,
            "position": each.position,
            "asked": condition_in_words(each.condition),
            "meeting": json.dumps(meeting),
        }


def still_asked(profile: Profile, recorded: pd.DataFrame, attached: pd.Series) -> pd.DataFrame:
    """The rows of cases that still stand, for the conditions that the profile still has.

    `attached`: family to day of attachment, once for each of its cases. Where two families that were taken on by one
    day have become one, what comes first in `recorded` is kept.
    """
    conditions = pd.DataFrame(
        [(each.rule, each.position, condition_in_words(each.condition)) for each in asked(profile)],
        columns=["rule", "position", "asked"],
    )
    days = attached.rename("attached_on").rename_axis("family_id").reset_index()
    kept = recorded.merge(conditions, on=["rule", "position", "asked"]).merge(days, on=["family_id", "attached_on"])
    return frames.conform(kept.drop_duplicates(_KEY), internal.Baseline)


def unrecorded(profile: Profile, recorded: pd.DataFrame, attached: pd.Series) -> pd.Series:
    """Of `attached`, the cases of which some condition has not been recorded."""
    counted = recorded.groupby(["family_id", "attached_on"]).size().to_dict()
    lacks = [counted.get(case, 0) < len(asked(profile)) for case in attached.items()]
    return attached[lacks]


def merged(recorded: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    """All baselines, what was recorded before standing against what is recorded anew."""
    both = pd.concat([recorded, fresh], ignore_index=True).drop_duplicates(_KEY)
    ordered = both.sort_values(["family_id", "attached_on", "rule", "position"], kind="stable", ignore_index=True)
    return frames.conform(ordered, internal.Baseline)


def as_seen(recorded: pd.DataFrame) -> Sight:
    """The recorded baselines, of each family those of one case, as what was seen of it at its attachment."""
    judged: dict[tuple[str, str], list[Judged]] = {}
    meeting: dict[tuple[str, str], set[str]] = {}
    for row in recorded.sort_values(["family_id", "rule", "position"]).itertuples(index=False):
        key = (str(row.family_id), str(row.rule))
        judged.setdefault(key, []).append(_judged(row))
        meeting.setdefault(key, set()).update(json.loads(str(row.meeting)))
    return Sight(judged, meeting, {})


def _judged(row: object) -> Judged:
    value = getattr(row, "value")  # noqa: B009 - the row's type is pandas' own
    return Judged(
        state=str(row.state),  # type: ignore[attr-defined]
        value=None if pd.isna(value) else float(value),
        is_available=bool(row.is_available),  # type: ignore[attr-defined]
        extract_on=row.extract_on,  # type: ignore[attr-defined]
        window_from=row.window_from,  # type: ignore[attr-defined]
        window_to=row.window_to,  # type: ignore[attr-defined]
        evidence=str(row.evidence),  # type: ignore[attr-defined]
    )
