"""Claims: which results may be claimed, each family once in a phase, and which of those made a later month would undo.

A claim that is on record is never lost, nor made smaller: it keeps its row, and a warning says what no longer holds.
"""

import hashlib
from collections.abc import Iterable, Mapping

import pandas as pd

from programme import fees
from programme.claim_watch import OUTSIDE, Compared, Watch
from programme.errors import ClaimError
from programme.profile import Profile
from programme.reservations import declined, reservations
from schemas import frames, published

_STEPS = ("eligible", "checked", "approved", "submitted", "paid")


def assess(  # noqa: PLR0913 - each is a table that claims rest on
    profile: Profile,
    outcomes: pd.DataFrame,
    attachments: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    previous: pd.DataFrame | None = None,
    feeds: pd.DataFrame | None = None,
    compared: Compared | None = None,
    short: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """The claims on record, warned where this month would undo them, and the new ones that families may now make.

    `previous`: the claims published last, with the statuses that people have since given them. `feeds`
    and `compared`, where given, let a warning name its cause. `short`: families who were not shown to meet the
    programme's criteria, in words (`programme.reservations`). A family that declined makes no claim. Returns the
    columns of `schemas.published.Claim`.
    """
    said_no = declined(attachments, as_of)
    against = reservations(short or {}, said_no)
    watch = Watch(profile, _states(outcomes), _silent(feeds), compared, against)
    kept = [watch.kept(row) for row in _rows(previous)]
    standing = {str(row["family_id"]) for row in kept if row["status"] != "withdrawn"}
    made = _made_before(kept)
    taken_on = _attached_on(attachments, as_of)
    new = [
        _new(profile, family, day, as_of, watch=watch, made=made.get(family, 0))
        for family, day in taken_on.items()
        if family not in standing | said_no
    ]
    grown = [_grown(profile, row, taken_on, watch) for row in kept]
    rows = [*grown, *(row for row in new if row)]
    frame = pd.DataFrame(rows).reindex(columns=frames.column_names(published.Claim))
    return frames.conform(frame.sort_values(["family_id", "claim_id"], kind="stable"), published.Claim)


def statuses(claims: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """The claims with the steps that people took: `decisions` in order, with claim_id, status and decided_by.

    Raises ClaimError for a step out of order, or where one person both checks and approves.
    """
    at = dict(zip(claims["claim_id"], claims["status"], strict=True))
    checked_by: dict[str, str] = {}
    for step in decisions.itertuples(index=False):
        claim, to, who = str(step.claim_id), str(step.status), str(step.decided_by)
        if claim not in at:
            msg = f"Claim {claim} is not on record; a decision can only be taken on a claim of the list."
            raise ClaimError(msg)
        _allow(claim, at[claim], to)
        if to == "approved" and checked_by.get(claim) == who:
            msg = f"Claim {claim} was checked and approved by one person; the approval must be another's."
            raise ClaimError(msg)
        checked_by |= {claim: who} if to == "checked" else {}
        at[claim] = to
    return claims.assign(status=claims["claim_id"].map(at).astype("string[pyarrow]"))


def _allow(claim: str, now: str, to: str) -> None:
    following = _STEPS[_STEPS.index(now) + 1 :][:1] if now in _STEPS else ()
    allowed = (*following, *(("withdrawn",) if now != "withdrawn" else ()))
    if to not in allowed:
        msg = f"Claim {claim} is {now} and cannot become {to}; allowed: {', '.join(allowed) or 'nothing'}."
        raise ClaimError(msg)


def by_route(claims: pd.DataFrame) -> pd.DataFrame:
    """How many claims stand by each route, withdrawn ones left out: route, claims."""
    standing = claims[claims["status"] != "withdrawn"]
    return standing.groupby("route").size().astype("Int64").rename("claims").reset_index()


def claim_window(profile: Profile, as_of: pd.Timestamp) -> str:
    """The claim window that a day falls into, in financial years: `2026-27`, `2026-27 Q3`, or the month."""
    year = as_of.year if as_of.month >= 4 else as_of.year - 1
    name = f"{year}-{(year + 1) % 100:02}"
    kind = profile.claims.window if profile.claims else "quarter"
    if kind == "month":
        return f"{as_of:%Y-%m}"
    return name if kind == "year" else f"{name} Q{(as_of.month - 4) % 12 // 3 + 1}"


def _new(  # noqa: PLR0913 - what one claim is made of
    profile: Profile,
    family: str,
    attached_on: pd.Timestamp,
    as_of: pd.Timestamp,
    *,
    watch: Watch,
    made: int,
) -> dict[str, object] | None:
    if not profile.fees:
        return None
    year, is_within = fees.cohort_year(profile, attached_on)
    route, amount = fees.payable(profile, profile.fees[year], watch.standing(family))
    if not route:
        return None
    note = "" if is_within else f"{OUTSIDE}; reckoned at the rates of {year}"
    return {
        "claim_id": _claim_id(profile.phase, family, made),
        "family_id": family,
        "route": route,
        "amount_gbp": amount,
        "window": claim_window(profile, as_of),
        "status": "eligible",
        "warning": "; ".join(filter(None, (watch.reservations.get(family), note))) or None,
    }


def _grown(
    profile: Profile,
    row: dict[str, object],
    attached: Mapping[str, pd.Timestamp],
    watch: Watch,
) -> dict[str, object]:
    """A claim that nobody has acted on yet takes the better route that its family has reached since."""
    family = str(row["family_id"])
    if row["status"] != "eligible" or family not in attached:
        return row
    year, _ = fees.cohort_year(profile, attached[family])
    route, amount = fees.payable(profile, profile.fees[year], watch.standing(family))
    return {**row, "route": route, "amount_gbp": amount} if amount > int(str(row["amount_gbp"])) else row


def _claim_id(phase: str, family: str, made: int) -> str:
    return "C" + hashlib.sha256(f"{phase}|{family}|{made}".encode()).hexdigest()[:15]


def _made_before(kept: Iterable[Mapping[str, object]]) -> dict[str, int]:
    made: dict[str, int] = {}
    for row in kept:
        made[str(row["family_id"])] = made.get(str(row["family_id"]), 0) + 1
    return made


def _rows(previous: pd.DataFrame | None) -> list[dict[str, object]]:
    if previous is None:
        return []
    records = previous.astype(object).to_dict("records")
    return [{str(key): None if pd.isna(value) else value for key, value in row.items()} for row in records]


def _states(outcomes: pd.DataFrame) -> dict[tuple[str, str], str]:
    keys = zip(outcomes["family_id"], outcomes["outcome_id"], strict=True)
    return dict(zip(keys, outcomes["state"], strict=True))


def _silent(feeds: pd.DataFrame | None) -> tuple[str, ...]:
    if feeds is None:
        return ()
    return tuple(sorted(set(feeds.loc[feeds["is_late"] | feeds["never_delivered"], "feed"])))


def _attached_on(attachments: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, pd.Timestamp]:
    """Family to the day of its first attachment: fees belong to that year, whatever the date of the claim."""
    known = attachments[attachments["attached_on"] <= as_of]
    return {str(family): day for family, day in known.groupby("family_id")["attached_on"].min().items()}
