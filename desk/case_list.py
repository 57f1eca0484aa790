"""The families taken on as rows of a list: who works with them, and what is due."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from casebook import people
from casebook.case_files import last_done
from desk import forms
from desk.case_dates import FOLLOW_UPS, Days, Figures, days_of
from desk.visit import Visit
from schemas.casebook import Consent

_ROWS = """
    select c.*, r.surnames, r.is_identified, r.family_id is not null as in_month
    from every_case c left join family_rows r using (family_id)
    order by c.closed_on nulls first, c.attached_on, c.family_id
"""
CONSENT_WORDS: Mapping[str | None, str] = {
    Consent.GIVEN: "Given",
    Consent.DECLINED: "Declined",
    Consent.NOT_ASKED: "Not yet asked",
    None: "Not known",
}


@dataclass(frozen=True)
class CaseRow:
    """A family's newest case, with what is due."""

    row: Mapping[str, Any]
    days: Days
    worker: str

    @property
    def family(self) -> str:
        """What to call the family."""
        return family_name(self.row["surnames"], str(self.row["family_id"]))

    @property
    def is_open(self) -> bool:
        """Whether the work goes on."""
        return self.row["closed_on"] is None

    @property
    def consent(self) -> str:
        """The family's consent in words."""
        return CONSENT_WORDS.get(self.row["consent"], "Not known")


def family_name(surnames: list[str] | None, family_id: str) -> str:
    """What to call a family: by its surnames, else by its id."""
    names = list(surnames or [])[:3]
    if not names:
        return f"Family {family_id}"
    return f"{' and '.join([', '.join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]} family"


def case_rows(visit: Visit, connection: Connection) -> list[CaseRow]:
    """Every case of a family that the visitor may see, open ones first."""
    figures, today = Figures.of(visit), forms.today()
    followed, names = last_done(connection, *FOLLOW_UPS), worker_names(connection)
    return [
        CaseRow(row, _days(row, figures, followed, today), named(row["key_worker"], names)) for row in visit.rows(_ROWS)
    ]


def _days(row: Mapping[str, Any], figures: Figures, followed: Mapping[str, dt.date], today: dt.date) -> Days:
    return days_of(row, figures, followed_up=followed.get(str(row["case_id"])), today=today)


def worker_names(connection: Connection) -> dict[str, str]:
    """The names of those who use the desk, by their user names in small letters."""
    return {user.username.casefold(): user.display_name for user in people.everyone(connection)}


def named(key_worker: str | None, names: Mapping[str, str]) -> str:
    """A key worker by the name that people know."""
    return names.get((key_worker or "").casefold(), key_worker or "Nobody")


SHOWN: Mapping[str, tuple[str, Callable[[CaseRow], bool]]] = {
    "open": ("Open", lambda each: each.is_open),
    "consent": ("Not yet asked for consent", lambda each: each.is_open and each.row["consent"] == Consent.NOT_ASKED),
    "review": ("Plan to review", lambda each: each.days.is_review_due),
    "silent": ("Nothing recorded lately", lambda each: each.days.silent_days is not None),
    "follow_up": ("Follow-up due", lambda each: each.days.is_follow_up_due),
    "closed": ("Closed", lambda each: not each.is_open),
    "all": ("All", lambda _: True),
}
