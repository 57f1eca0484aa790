"""Outcomes: each result of the profile judged for each attached family: what stood at attachment, what stands now.

An absent feed is `unknown`, never "improved". `neutral` is a result that a family cannot have: it never had the
problem, or the child of concern has left school.
"""

from collections.abc import Mapping

import pandas as pd

from programme import baselines as at_attachment
from programme import sustained, work
from programme.facts import Month, gathered
from programme.judging import Judging
from programme.measures import Asked
from programme.needs import asked as asked_of
from programme.profile import Profile
from programme.results import ContinuousWork
from programme.sights import Sight, look
from programme.standing import counted_from
from schemas import frames, published


def judge(  # noqa: PLR0913 - each is a table that results rest on
    profile: Profile,
    attachments: pd.DataFrame,
    month: Month,
    *,
    baselines: pd.DataFrame | None = None,
    history: pd.DataFrame | None = None,
    settings: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Judge every result of the profile for every attached family of the month.

    `attachments`: the columns of `schemas.published.Attachment`, of which the first that stands counts
    (`programme.standing`). `baselines`: what was recorded at attachment (`programme.baselines`); of a family without,
    the month's own rows are looked at as of that day. `history`: needs published in earlier months (with `month`), so
    that a need found after attachment and since gone is still one to be made good. Returns the columns of
    `schemas.published.Outcome`, by family and profile.
    """
    here = attachments["family_id"].isin(month.families["family_id"]).to_numpy(bool)
    attached = counted_from(attachments[here], month.as_of)
    if attached.empty or not profile.outcomes:
        return frames.empty(published.Outcome)
    own = month.of_families(attached.index)
    with gathered(own, settings=settings) as facts:
        looked_back = look(facts, at_attachment.asked(profile), attached, own)
        now = look(facts, _asked_now(profile), attached.where(attached.isna(), month.as_of), own)
    judging = Judging(
        profile=profile,
        month=own,
        attached={str(family): day for family, day in attached.items()},
        before=_recorded(baselines, attached).over(looked_back),
        looked_back=looked_back,
        now=now,
        since=_since(history, attached),
        worked=_worked(profile, own, attached),
    )
    rows = [row for family in attached.index for row in judging.of(str(family))]
    return frames.conform(pd.DataFrame(rows).reindex(columns=frames.column_names(published.Outcome)), published.Outcome)


def _recorded(baselines: pd.DataFrame | None, attached: pd.Series) -> Sight:
    if baselines is None:
        return Sight({}, {}, {})
    days = baselines["family_id"].map(attached)
    return at_attachment.as_seen(baselines[(days == baselines["attached_on"]).to_numpy(bool)])


def _since(history: pd.DataFrame | None, attached: pd.Series) -> dict[str, set[str]]:
    """Family to the criteria that it met in some published month since attachment."""
    if history is None or history.empty:
        return {}
    met = history[(history["state"] == "met") & history["family_id"].isin(attached.index)]
    after = met["month"] >= met["family_id"].map(attached).dt.strftime("%Y-%m")
    return {str(family): set(keys) for family, keys in met[after].groupby("family_id")["criterion_id"]}


def _asked_now(profile: Profile) -> list[Asked]:
    return [*asked_of(profile.criteria), *at_attachment.read_twice(profile), *sustained.asked(profile)]


def _worked(profile: Profile, month: Month, attached: pd.Series) -> dict[str, dict[str, work.Worked]]:
    rules = {key: each for key, each in profile.outcomes.items() if isinstance(each, ContinuousWork)}
    days = {str(family): day for family, day in attached.items()}
    return {key: work.judged(rule, month, days) for key, rule in rules.items()}
