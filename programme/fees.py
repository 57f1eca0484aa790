"""What is paid: attachment fees and results by cohort year, the share of families that is funded, and what is to come.

Whole numbers throughout: shares are rounded by the rule that the profile names, money is in pounds.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd

from programme.profile import Profile
from programme.results import Cap, Fee


def funded(families: Sequence[int], cap: Cap | None) -> list[int]:
    """How many of each year's families are funded; without a cap, all.

    The cumulative rule rounds the share of all families to date and takes off those already funded; halves go up.
    """
    if cap is None:
        return list(families)
    if cap.rounding != "cumulative nearest":
        return [_share(count, cap) for count in families]
    totals = [sum(families[: place + 1]) for place in range(len(families))]
    shares = [0, *(_share(total, cap) for total in totals)]
    return [later - earlier for earlier, later in pairwise(shares)]


def _share(count: int, cap: Cap) -> int:
    top, bottom = count * cap.numerator, cap.denominator
    if cap.rounding == "floor":
        return top // bottom
    if cap.rounding == "ceiling":
        return -(-top // bottom)
    return (2 * top + bottom) // (2 * bottom)


def cohort_year(profile: Profile, attached_on: pd.Timestamp) -> tuple[str, bool]:
    """The fee period of the day of attachment, and whether the day lies within it; outside all, the nearest."""
    for key, fee in profile.fees.items():
        if fee.starts_on <= attached_on.date() <= (fee.ends_on or attached_on.date()):
            return key, True
    return min(profile.fees, key=lambda key: _days_off(profile.fees[key], attached_on)), False


def _days_off(fee: Fee, day: pd.Timestamp) -> int:
    ends = [abs((day.date() - end).days) for end in (fee.starts_on, fee.ends_on) if end is not None]
    return min(ends)


def payable(profile: Profile, fee: Fee, standing: Sequence[str]) -> tuple[str, int]:
    """The route of those that stand which pays most, with what adds to it, and its pounds; none: an empty route, 0."""
    best = ("", 0)
    for key in standing:
        if profile.routes[key].adds_to is not None:
            continue
        parts = [key, *(each for each in standing if profile.routes[each].adds_to == key)]
        amount = sum(fee.results.get(part, 0) for part in parts)
        if not best[0] or amount > best[1]:
            best = ("+".join(parts), amount)
    return best


def forecast(profile: Profile, attached: Mapping[str, int], claims: pd.DataFrame | None = None) -> pd.DataFrame:
    """Money by cohort year: attached, capped, fees, the most that results can bring, received, claimed, still to earn.

    `attached`: cohort year to families; `capped`: how many of them are funded. `claims`: published claims with their
    `cohort_year` (see `with_years`). `received_gbp` is attachment fees and paid results; `claimed_gbp` results
    being checked or sent and not yet paid; `claimable_gbp` those that nobody has acted on; a withdrawn claim is none of
    these. Most, less all three, is still to earn.
    """
    years = [key for key in profile.fees if key in attached]
    cap = profile.claims.cap if profile.claims else None
    rows = []
    for year, count in zip(years, funded([attached[year] for year in years], cap), strict=True):
        fee = profile.fees[year]
        most = payable(profile, fee, list(profile.routes))[1]
        paying = count if cap is None or cap.covers_results else attached[year]
        fees = count * fee.attachment
        paid, claimed, claimable = (_amount(claims, year, statuses) for statuses in (_PAID, _CLAIMED, _CLAIMABLE))
        left = max(0, paying * most - paid - claimed - claimable)
        rows.append((year, attached[year], count, fees, paying * most, fees + paid, claimed, claimable, left))
    whole = ["attached", "capped", "attachment_gbp", "results_most_gbp", "received_gbp", "claimed_gbp", "claimable_gbp"]
    frame = pd.DataFrame(rows, columns=["cohort_year", *whole, "still_to_earn_gbp"])
    return frame.astype({"cohort_year": "string[pyarrow]", **dict.fromkeys([*whole, "still_to_earn_gbp"], "Int64")})


_PAID, _CLAIMED, _CLAIMABLE = ("paid",), ("checked", "approved", "submitted"), ("eligible",)


def _amount(claims: pd.DataFrame | None, year: str, statuses: Sequence[str]) -> int:
    if claims is None or claims.empty:
        return 0
    counted = claims["status"].isin(statuses)
    return int(claims.loc[counted & claims["cohort_year"].eq(year), "amount_gbp"].sum())


def with_years(profile: Profile, claims: pd.DataFrame, attachments: pd.DataFrame) -> pd.DataFrame:
    """The claims with `cohort_year`: the year in which the family was first attached; none where it never was."""
    return claims.assign(cohort_year=claims["family_id"].map(_first_years(profile, attachments)))


def attached_by_year(profile: Profile, attachments: pd.DataFrame) -> dict[str, int]:
    """Cohort year to families attached in it; each family counts in the year in which it was first attached."""
    years = _first_years(profile, attachments)
    return {key: int(count) for key in profile.fees if (count := (years == key).sum())}


def _first_years(profile: Profile, attachments: pd.DataFrame) -> pd.Series:
    first = attachments.groupby("family_id")["attached_on"].min()
    years = [cohort_year(profile, day)[0] for day in first] if profile.fees else [pd.NA] * len(first)
    return pd.Series(years, index=first.index, dtype="string[pyarrow]")


def needed_for(share_percent: int, families: int) -> int:
    """The least number of families that is at least the share: 85 % of 244 is 208."""
    return -(-families * share_percent // 100)
