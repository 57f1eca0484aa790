"""Data minimisation: one headline is looked up only for families who already meet others, as phase 1 ordered for work.

Those who are not looked up are `unknown` there and say so; their members' rows are not read for it.
"""

from collections.abc import Callable, Mapping

import pandas as pd

from programme.profile import Profile
from programme.rules import Criterion, Minimisation

Look = Callable[[Mapping[str, Criterion], pd.DataFrame], pd.DataFrame]


def minimised(profile: Profile, subjects: pd.DataFrame, *, look: Look) -> pd.DataFrame:
    """The needs of all families, the minimised headline looked up only where the profile allows; as `needs.judge`."""
    rule = profile.identification.minimisation
    if rule is None:
        return look(profile.criteria, subjects)
    held_back = {key: each for key, each in profile.criteria.items() if each.headline == rule.headline}
    needs = look({key: each for key, each in profile.criteria.items() if key not in held_back}, subjects)
    allowed = subjects["family_id"].isin(_allowed(needs, rule, profile))
    looked_up = look(held_back, subjects[allowed])
    left = _not_looked_up(held_back, subjects[~allowed], profile).reindex(columns=needs.columns).astype(needs.dtypes)
    return _in_order(pd.concat([part for part in (needs, looked_up, left) if not part.empty] or [needs]), profile)


def _allowed(needs: pd.DataFrame, rule: Minimisation, profile: Profile) -> pd.Index:
    wanted = {profile.headlines[key] for key in rule.only_where}
    met = needs[(needs["state"] == "met") & needs["headline"].isin(wanted)]
    headlines = met.groupby("family_id")["headline"].nunique()
    return headlines[headlines >= (len(wanted) if rule.how == "all" else 1)].index


def _not_looked_up(criteria: Mapping[str, Criterion], subjects: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    rows = [
        {
            "criterion_id": key,
            "headline": profile.headlines[each.headline],
            "state": "unknown",
            "measure": "not looked up: the family does not meet the headlines that must come first",
            "operator": each.any_of[0].operator,
            "threshold": float(each.any_of[0].threshold),
            "feed": "+".join(sorted({condition.of.feed.value for condition in each.any_of})),
            "evidence": "[]",
        }
        for key, each in criteria.items()
    ]
    return subjects[["family_id"]].merge(pd.DataFrame(rows), how="cross")


def _in_order(needs: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    place = needs["criterion_id"].map({key: place for place, key in enumerate(profile.criteria)})
    ordered = needs.assign(place=place).sort_values(["family_id", "place"], kind="stable")
    return ordered.drop(columns="place").reset_index(drop=True)
