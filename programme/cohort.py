"""The cohort: which families are on the programme's list this month, in what order, and why each is in or out."""

from dataclasses import dataclass

import pandas as pd

from programme.profile import Profile
from programme.rules import EarlierPhase, LocalFilter

_MOST_NAMED = 12


def identify(  # noqa: PLR0913 - each is a table that it rests on
    profile: Profile,
    needs: pd.DataFrame,
    families: pd.DataFrame,
    *,
    month: str,
    previous: pd.DataFrame | None = None,
    attachments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row for each family: in or out, and why, in order of rank and then of family.

    `previous`: cohort rows of earlier months (`family_id`, `is_identified`, `first_identified`, and `month` where it
    holds more than one); `change` is against the newest. A family that is gone has no row. `attachments` are read only
    where the profile leaves out families of an earlier phase. Returns the columns of `schemas.published.CohortMember`.
    """
    tally = _tallied(profile, needs, families)
    tally["is_excluded"] = tally["family_id"].isin(_earlier(profile.identification.excluded_phase, attachments))
    tally["is_identified"] = _qualifies(profile, tally) & ~tally["is_excluded"]
    tally["reason"] = _reasons(profile, tally)
    listed = _with_history(tally, previous, month)
    listed["rank"] = _ranks(listed)
    return _published(listed, profile)


def counted(profile: Profile, needs: pd.DataFrame, family_ids: pd.Series) -> pd.DataFrame:
    """How far the needs go, whoever is at home: family_id, counted (needs or headlines), is_enough to be identified."""
    families = pd.DataFrame({"family_id": family_ids.drop_duplicates(), "children": 1}).reset_index(drop=True)
    tally = _tallied(profile, needs, families)
    column = "headlines_met" if profile.identification.distinct_headlines else "needs_met"
    return pd.DataFrame(
        {"family_id": tally["family_id"], "counted": tally[column], "is_enough": _qualifies(profile, tally)}
    )


def _tallied(profile: Profile, needs: pd.DataFrame, families: pd.DataFrame) -> pd.DataFrame:
    """Each family with how many needs and headlines it meets, what they are called, and whether the filter is met."""
    rule = profile.identification.local_filter
    filtering = profile.headlines[rule.headline] if rule else None
    labels = pd.Series({key: each.label for key, each in profile.criteria.items()}, dtype="string[pyarrow]")
    own = needs["headline"] != filtering if filtering else pd.Series(data=True, index=needs.index)
    met = needs[(needs["state"] == "met") & own]
    met = met.assign(label=met["criterion_id"].map(labels))
    tally = families[["family_id", "children"]].drop_duplicates("family_id").set_index("family_id")
    by_family = met.groupby("family_id")
    tally["needs_met"] = by_family.size()
    tally["headlines_met"] = by_family["headline"].nunique()
    tally["named"] = _named(met["family_id"], met["label"])
    tally["unknown"] = needs[(needs["state"] == "unknown") & own].groupby("family_id").size()
    tally["expecting"] = _expecting(profile, needs)
    tally["filter_met"] = _any_met(needs, needs["headline"] == filtering)
    counts = ["needs_met", "headlines_met", "unknown", "children"]
    tally = tally.fillna(dict.fromkeys(counts, 0)).astype(dict.fromkeys(counts, "Int64"))
    return tally.astype({"named": "string[pyarrow]"}).reset_index()


def _named(families: pd.Series, labels: pd.Series) -> pd.Series:
    """What each family's needs are called, each name once and the first few of them."""
    names: dict[str, dict[str, None]] = {}
    for family, label in zip(families.to_numpy(object), labels.to_numpy(object), strict=True):
        names.setdefault(family, {})[label] = None
    return pd.Series({family: _few(list(each)) for family, each in names.items()}, dtype="string[pyarrow]")


def _few(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _any_met(needs: pd.DataFrame, which: pd.Series) -> pd.Series:
    families = needs.loc[which & (needs["state"] == "met"), "family_id"].unique()
    return pd.Series(data=True, index=families, dtype="boolean")


def _expecting(profile: Profile, needs: pd.DataFrame) -> pd.Series:
    births = [key for key, each in profile.criteria.items() if any(c.measure == "expected_births" for c in each.any_of)]
    return _any_met(needs, needs["criterion_id"].isin(births))


def _qualifies(profile: Profile, tally: pd.DataFrame) -> pd.Series:
    rule = profile.identification
    counted = tally["headlines_met"] if rule.distinct_headlines else tally["needs_met"]
    enough = counted >= rule.min_needs
    if rule.local_filter:
        enough |= (counted >= rule.local_filter.min_needs) & tally["filter_met"].fillna(value=False)
    if rule.requires_dependent_child:
        enough &= (tally["children"] > 0) | tally["expecting"].fillna(value=False)
    return enough.astype("boolean")


def _earlier(phase: EarlierPhase | None, attachments: pd.DataFrame | None) -> pd.Series:
    if phase is None or attachments is None:
        return pd.Series(dtype="string[pyarrow]")
    within = attachments["attached_on"].between(pd.Timestamp(phase.attached_from), pd.Timestamp(phase.attached_to))
    return attachments.loc[within, "family_id"]


@dataclass(frozen=True)
class _Words:
    """The fixed parts of a reason: what is counted, how many are needed, what the local filter does."""

    thing: str
    needed: int
    filter: LocalFilter | None

    def __call__(self, row: object) -> str:
        counted = getattr(row, "headlines_met" if self.thing == "headline" else "needs_met")
        parts = [_count(counted, self.thing) + " met" + (f": {row.named}" if counted else ""), f"{self.needed} needed"]  # type: ignore[attr-defined]
        if self.filter and self.filter.min_needs <= counted < self.needed:
            state = "met" if row.filter_met is True else "not met"  # type: ignore[attr-defined]
            parts.append(f"{self.filter.min_needs} are enough with the local filter, which is {state}")
        if row.unknown:  # type: ignore[attr-defined]
            parts.append(f"{row.unknown} could not be judged")  # type: ignore[attr-defined]
        if row.is_excluded:  # type: ignore[attr-defined]
            parts.append("left out: taken on in the phase before")
        return "; ".join(parts)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _reasons(profile: Profile, tally: pd.DataFrame) -> pd.Series:
    rule = profile.identification
    words = _Words("headline" if rule.distinct_headlines else "need", rule.min_needs, rule.local_filter)
    return pd.Series([words(row) for row in tally.itertuples(index=False)], index=tally.index, dtype="string[pyarrow]")


def _with_history(tally: pd.DataFrame, previous: pd.DataFrame | None, month: str) -> pd.DataFrame:
    """The tally with what earlier months said: when first on the list, and what changed since the newest of them."""
    if previous is None or previous.empty:
        first = pd.Series(month, index=tally.index, dtype="string[pyarrow]").where(tally["is_identified"])
        change = pd.Series("new", index=tally.index, dtype="string[pyarrow]").where(tally["is_identified"])
        return tally.assign(first_identified=first, change=change)
    newest = previous if "month" not in previous else previous.sort_values("month", kind="stable")
    newest = newest.drop_duplicates("family_id", keep="last").set_index("family_id")
    last = newest if "month" not in newest else newest[newest["month"] == newest["month"].max()]
    was = tally["family_id"].map(last["is_identified"]).fillna(value=False).astype("boolean")
    earlier = previous.dropna(subset=["first_identified"]).groupby("family_id")["first_identified"].min()
    first = tally["family_id"].map(earlier).astype("string[pyarrow]")
    change = _changes(tally["is_identified"], was, first.notna())
    return tally.assign(
        first_identified=first.fillna(month).where(tally["is_identified"] | first.notna()), change=change
    )


def _changes(now: pd.Series, was: pd.Series, ever: pd.Series) -> pd.Series:
    """Against the month before: new, same, returned or left; `same` also for one that left earlier and is still off."""
    change = pd.Series(pd.NA, index=now.index, dtype="string[pyarrow]")
    change = change.mask((now & was) | (~now & ~was & ever), "same").mask(~now & was, "left")
    return change.mask(now & ~was & ever, "returned").mask(now & ~was & ~ever, "new")


def _ranks(listed: pd.DataFrame) -> pd.Series:
    """Place on the list: needs met, then headlines, then children, most first; the id settles the rest."""
    order = ["needs_met", "headlines_met", "children", "family_id"]
    ranked = listed[listed["is_identified"]].sort_values(order, ascending=[False, False, False, True])
    places = pd.Series(range(1, len(ranked) + 1), index=ranked.index, dtype="Int64")
    return places.reindex(listed.index)


def _published(listed: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    listed = listed.assign(programme=pd.Series(profile.name, index=listed.index, dtype="string[pyarrow]"))
    columns = "family_id programme is_identified needs_met headlines_met rank first_identified change reason".split()
    return listed.sort_values(["rank", "family_id"], na_position="last")[columns].reset_index(drop=True)
