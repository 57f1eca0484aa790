"""The days that follow from a case: follow-up, sustainment, silence; by the programme's figures."""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.visit import Visit
from schemas.casebook import Consent

# A follow-up a little before its day is that follow-up; a call soon after the closure is not.
_EARLY = dt.timedelta(days=31)
# What was not done within a quarter of its day is no longer waited for, and said to be missed.
_LATE = dt.timedelta(days=92)
FOLLOW_UPS = ("follow_up",)
_FIGURES = "select rule_id, figure from rules where kind = 'casework' and figure is not null"


@dataclass(frozen=True)
class Figures:
    """What the programme says of casework; None where it says nothing."""

    follow_up_months: int | None
    sustainment_months: int | None
    drift_days: int
    caseload_low: int | None
    caseload_high: int | None

    @classmethod
    def of(cls, visit: Visit) -> "Figures":
        """From the rules that the month was judged by."""
        told = {row["rule_id"]: int(row["figure"]) for row in visit.rows(_FIGURES)}
        return cls(
            told.get("follow_up_months"),
            told.get("sustainment_months"),
            told.get("drift_days", 60),
            told.get("caseload_low"),
            told.get("caseload_high"),
        )

    def norm(self, families: int) -> str:
        """How a caseload stands to the norm, in words."""
        if self.caseload_low is None or self.caseload_high is None:
            return "No norm stated"
        if families < self.caseload_low:
            return f"Under the norm by {self.caseload_low - families}"
        over = families - self.caseload_high
        return f"Over the norm by {over}" if over > 0 else "Within the norm"

    @property
    def norm_words(self) -> str:
        """The norm itself, in words."""
        if self.caseload_low is None or self.caseload_high is None:
            return "The programme states no norm for caseloads."
        if self.caseload_low == self.caseload_high:
            return f"The norm is {self.caseload_low} families for each key worker."
        return f"The norm is {self.caseload_low} to {self.caseload_high} families for each key worker."


def after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; where that month is shorter, its last day."""
    month = day.year * 12 + day.month - 1 + months
    year, number = divmod(month, 12)
    return dt.date(year, number + 1, min(day.day, calendar.monthrange(year, number + 1)[1]))


@dataclass(frozen=True)
class Days:
    """What is due of a case on a day. `silent_days` is None while it is not too long."""

    follow_up_on: dt.date | None
    followed_up_on: dt.date | None
    sustained_from: dt.date | None
    silent_days: int | None
    is_review_due: bool
    is_follow_up_due: bool
    is_follow_up_missed: bool


def days_of(case: Mapping[str, Any], figures: Figures, *, followed_up: dt.date | None, today: dt.date) -> Days:
    """The days of a row of `cases_now`; `followed_up` is when the family was last followed up after closure."""
    closed = case["closed_on"]
    # Nothing is due of a family that said no, but that somebody closes the case.
    is_worked_with = closed is None and case["consent"] != Consent.DECLINED
    follow_up = after(closed, figures.follow_up_months) if closed and figures.follow_up_months else None
    done = followed_up if follow_up and followed_up and followed_up >= follow_up - _EARLY else None
    waits = bool(case["case_id"] and follow_up and follow_up <= today and not done)
    sustained = after(closed, figures.sustainment_months) if closed and figures.sustainment_months else None
    # Of a case that came from a file nobody knows what was done.
    silent = (
        (today - (case["last_activity_on"] or case["attached_on"])).days if is_worked_with and case["case_id"] else 0
    )
    return Days(
        follow_up,
        done,
        sustained,
        silent if silent > figures.drift_days else None,
        is_review_due=bool(is_worked_with and case["review_on"] and case["review_on"] <= today),
        is_follow_up_due=waits and follow_up is not None and today <= follow_up + _LATE,
        is_follow_up_missed=waits and follow_up is not None and today > follow_up + _LATE,
    )
