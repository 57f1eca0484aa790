"""Claims as they were published last, and the months in which each of them stood: what claim watch looks back to."""

from functools import cache

import pandas as pd

from assets.attached import living_families
from assets.casebook import read_claim_steps
from assets.identity import events_until
from assets.partitions import as_of
from assets.snapshots import read, read_published
from assets.store import Store
from programme import claims as claiming
from programme.claim_watch import Compared, stands
from programme.watch import Standing
from schemas.vocabulary import ClaimStatus

_TABLES = ("outcomes", "person_records", "family_members", "rules")


def claims_before(store: Store, month: str, identity_events: pd.DataFrame) -> pd.DataFrame:
    """The claims published last, as far as the casebook's steps took them by the month's end, under living families."""
    before = read_published(store, store.month_before(month), "claims").assign(status=ClaimStatus.ELIGIBLE.value)
    living = living_families(store, month, identity_events, before["family_id"])
    steps = read_claim_steps(store)
    due = steps["claim_id"].isin(before["claim_id"]) & ~steps["decided_on"].gt(as_of(month))
    return claiming.statuses(before.assign(family_id=before["family_id"].map(living)), steps[due])


def compared(store: Store, month: str, identity_events: pd.DataFrame) -> Compared:
    """The month in the making beside the months in which claims stood; each is read when a claim asks for it."""
    submitted = _submitted(read_claim_steps(store))

    @cache
    def published(earlier: str) -> dict[str, pd.DataFrame]:
        return {name: read_published(store, earlier, name) for name in _TABLES}

    @cache
    def in_the_making() -> dict[str, pd.DataFrame]:
        return {name: read(store, store.work_file(month), name) for name in _TABLES}

    @cache
    def claims(earlier: str) -> pd.DataFrame:
        return read_published(store, earlier, "claims").set_index("claim_id")

    def then(claim: str, family: str) -> Standing | None:  # noqa: ARG001 - the claim knows what its family was called
        stood = [each for each in store.months() if each < month and _stands(claims(each), claim)]
        by_then = [each for each in stood if each <= submitted.get(claim, month)]
        if not stood:
            return None
        chosen = max(by_then) if by_then else min(stood)
        name = str(claims(chosen).loc[claim, "family_id"])
        return Standing(chosen, name, **published(chosen))

    def now(family: str) -> Standing:
        return Standing(month, family, **in_the_making())

    events = pd.concat([events_until(store, month), identity_events], ignore_index=True)
    return Compared(then, now, events)


def _submitted(steps: pd.DataFrame) -> dict[str, str]:
    """Claim to the month on whose figures it was submitted: the one before the day of submission."""
    sent = steps[steps["status"].eq(ClaimStatus.SUBMITTED.value)].dropna(subset="decided_on")
    months = (sent["decided_on"].dt.to_period("M") - 1).astype(str)
    return dict(zip(sent["claim_id"].astype(str), months, strict=True))


def _stands(claims: pd.DataFrame, claim: str) -> bool:
    if claim not in claims.index:
        return False
    return stands(claims.loc[claim, "warning"])
