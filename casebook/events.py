"""Each thing that can happen, for the audit trail: ids, codes, counts and hashes, and never what could be a name.

What people write, such as a reason, stands in the ledgers, which the trail points to.
"""

import re
from dataclasses import dataclass, fields
from enum import StrEnum
from types import NoneType
from typing import Annotated, ClassVar, get_args, get_type_hints

from schemas.casebook import HomeAnswer, PairAnswer
from schemas.vocabulary import ClaimStatus, DeskRole

# An id begins with a letter and has a digit in it: neither a name nor a date does. One of the month's own, such as a
# family's, is a letter and eleven of base32, and one in eight of those happens to have no digit.
Id = Annotated[str, r"[A-Za-z](?=.*\d)[A-Za-z0-9_-]{0,63}|[a-z][a-z2-7]{11}"]
Hash = Annotated[str, r"[0-9a-f]{64}"]
Month = Annotated[str, r"\d{4}-(0[1-9]|1[0-2])"]


class Page(StrEnum):
    """A page of the desk."""

    HOME = "home"
    FAMILIES = "families"
    FAMILY = "family"
    REVIEWS = "reviews"
    REVIEW = "review"
    CASES = "cases"
    KEY_WORKERS = "key_workers"
    CLAIMS = "claims"
    RECORDS = "records"
    USERS = "users"
    AUDIT = "audit"
    PERSON = "person"


class ExportForm(StrEnum):
    """The form of an exported file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    PDF = "pdf"


class Ledger(StrEnum):
    """A ledger of decisions, by its table."""

    PAIRS = "pair_decisions"
    HOMES = "home_decisions"
    FAMILIES = "family_confirmations"
    CASES = "cases"
    CONSENTS = "consents"
    WORKERS = "workers"
    PLANS = "plans"
    ACTIVITIES = "activities"
    CLOSURES = "closures"
    CLAIMS = "claim_steps"


@dataclass(frozen=True)
class Event:
    """Something that happened. `ABOUT` names the field by which an auditor looks for it."""

    ABOUT: ClassVar[str | None] = None

    def __post_init__(self) -> None:
        hints = get_type_hints(type(self), include_extras=True)
        for field in fields(self):
            _check(type(self).__name__, field.name, getattr(self, field.name), hints[field.name])

    @property
    def about(self) -> str | None:
        """The id that it is about."""
        return getattr(self, self.ABOUT) if self.ABOUT else None


def _check(event: str, name: str, value: object, hint: object) -> None:
    kinds = get_args(hint) if NoneType in get_args(hint) else (hint,)
    if value is None and NoneType in kinds:
        return
    kind = next(kind for kind in kinds if kind is not NoneType)
    if not _fits(value, kind):
        # The value stays out of the message: it may be what has no place here.
        message = f"{event}.{name} is not of the kind that the audit trail keeps: an id, a code, a count or a hash."
        raise ValueError(message)


def _fits(value: object, kind: object) -> bool:
    if pattern := getattr(kind, "__metadata__", None):
        return isinstance(value, str) and re.fullmatch(pattern[0], value) is not None
    return type(value) is kind


@dataclass(frozen=True)
class SignedIn(Event):
    """Somebody signed in."""

    session_id: Id


@dataclass(frozen=True)
class SignInRefused(Event):
    """Somebody could not sign in; empty where nobody has the name."""

    ABOUT = "user_id"
    user_id: Id | None


@dataclass(frozen=True)
class UserLocked(Event):
    """An account was locked for a time, after failed attempts."""

    ABOUT = "user_id"
    user_id: Id


@dataclass(frozen=True)
class SignedOut(Event):
    """Somebody signed out."""

    session_id: Id


@dataclass(frozen=True)
class SessionsEnded(Event):
    """All of a user's sessions were ended."""

    ABOUT = "user_id"
    user_id: Id
    sessions: int


@dataclass(frozen=True)
class UserAdded(Event):
    """Somebody may use the desk from now on."""

    ABOUT = "user_id"
    user_id: Id
    role: DeskRole


@dataclass(frozen=True)
class RoleChanged(Event):
    """A user has another role."""

    ABOUT = "user_id"
    user_id: Id
    role: DeskRole


@dataclass(frozen=True)
class ClearanceChanged(Event):
    """A user may, or may no longer, see protected addresses."""

    ABOUT = "user_id"
    user_id: Id
    sees_protected_addresses: bool


@dataclass(frozen=True)
class IdentityTied(Event):
    """An account of the council's own sign-in service was tied to a user, or untied."""

    ABOUT = "user_id"
    user_id: Id
    is_tied: bool


@dataclass(frozen=True)
class UserDisabled(Event):
    """A user may no longer sign in."""

    ABOUT = "user_id"
    user_id: Id


@dataclass(frozen=True)
class UserEnabled(Event):
    """A user may sign in again."""

    ABOUT = "user_id"
    user_id: Id


@dataclass(frozen=True)
class PasswordChanged(Event):
    """A user has another password; whether somebody else set it."""

    ABOUT = "user_id"
    user_id: Id
    must_change: bool


@dataclass(frozen=True)
class PageViewed(Event):
    """A page that is about nobody in particular was looked at."""

    page: Page
    month: Month | None
    rows: int


@dataclass(frozen=True)
class FamilyViewed(Event):
    """A family was looked at."""

    ABOUT = "family_id"
    family_id: Id
    month: Month


@dataclass(frozen=True)
class PersonViewed(Event):
    """A person was looked at."""

    ABOUT = "person_id"
    person_id: Id
    month: Month


@dataclass(frozen=True)
class ReviewViewed(Event):
    """A question was looked at, with the records or people that it is about."""

    ABOUT = "review_id"
    review_id: Id
    month: Month


@dataclass(frozen=True)
class AddressRevealed(Event):
    """Somebody with the clearance saw a protected address."""

    ABOUT = "family_id"
    family_id: Id
    month: Month


@dataclass(frozen=True)
class Searched(Event):
    """A search; its text as keyed hash (`casebook.tokens.keyed_hash`) and length."""

    text_hash: Hash
    length: int
    found: int
    month: Month


@dataclass(frozen=True)
class Exported(Event):
    """A list was taken away as a file."""

    ABOUT = "file_sha256"
    page: Page
    form: ExportForm
    month: Month
    rows: int
    file_sha256: Hash


@dataclass(frozen=True)
class EvidenceOpened(Event):
    """A claim's evidence pack was opened."""

    ABOUT = "claim_id"
    claim_id: Id
    form: ExportForm
    month: Month


@dataclass(frozen=True)
class PersonExported(Event):
    """All that is held on one person was taken away, for their own request."""

    ABOUT = "person_id"
    person_id: Id
    month: Month
    file_sha256: Hash


@dataclass(frozen=True)
class AuditRead(Event):
    """The trail was looked at."""

    found: int


@dataclass(frozen=True)
class AccessRefused(Event):
    """Somebody asked for what their role does not allow."""

    page: Page


@dataclass(frozen=True)
class ViewSaved(Event):
    """A view of a list was saved."""

    ABOUT = "view_id"
    view_id: Id


@dataclass(frozen=True)
class ViewDropped(Event):
    """A saved view was dropped."""

    ABOUT = "view_id"
    view_id: Id


@dataclass(frozen=True)
class LedgerEvent(Event):
    """A row that was added to a ledger, with its keyed hash: a row altered later no longer agrees with it."""

    ledger: Ledger
    row: int
    row_hash: Hash


@dataclass(frozen=True)
class Withdrawn(LedgerEvent):
    """An earlier row was withdrawn; both stay."""

    withdraws: int


@dataclass(frozen=True)
class PairDecided(LedgerEvent):
    """Somebody decided of two records whether they are one person."""

    ABOUT = "review_id"
    review_id: Id | None
    decision: PairAnswer


@dataclass(frozen=True)
class HomeDecided(LedgerEvent):
    """Somebody decided whether two people live together."""

    ABOUT = "review_id"
    review_id: Id | None
    decision: HomeAnswer


@dataclass(frozen=True)
class FamilyConfirmed(LedgerEvent):
    """Somebody said that a person belongs to a family, or does not."""

    ABOUT = "family_id"
    family_id: Id


@dataclass(frozen=True)
class FamilyAttached(LedgerEvent):
    """A family was taken on."""

    ABOUT = "family_id"
    family_id: Id


@dataclass(frozen=True)
class CaseChanged(LedgerEvent):
    """Consent, key worker, plan, activity or closure of a case."""

    ABOUT = "case_id"
    case_id: Id


@dataclass(frozen=True)
class ClaimMoved(LedgerEvent):
    """A claim was taken a step further."""

    ABOUT = "claim_id"
    claim_id: Id
    status: ClaimStatus
