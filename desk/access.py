"""Who may see and do what: roles to permissions, here and nowhere else. What is not granted is denied."""

from collections.abc import Mapping
from enum import StrEnum

from schemas.vocabulary import DeskRole


class Permission(StrEnum):
    """What a route needs; the words say what it allows."""

    ANYONE = "open to anyone, signed in or not"
    SIGNED_IN = "open to whoever has signed in"
    SEE_MONTH = "see the month's counts"
    SEE_FAMILIES = "see the list of families"
    SEE_FAMILY = "open a family: members, needs, results"
    SEE_EVIDENCE = "see which records a need rests on"
    EXPORT_FAMILIES = "take the list away as a file"
    SEE_REVIEWS = "see doubtful pairs and households"
    DECIDE_REVIEWS = "decide doubtful pairs and households"
    SEE_CASES = "see attachments, plans and progress"
    ATTACH_FAMILIES = "attach a family, record consent, hand over, close"
    RECORD_PROGRESS = "record plans and coded events of a family"
    SEE_CASELOADS = "see every key worker's caseload"
    SEE_CLAIMS = "see claims and their evidence"
    CHECK_CLAIMS = "check a claim, submit it, record its payment"
    APPROVE_CLAIMS = "approve a claim that another person checked"
    SEE_RECORDS = "see deliveries, rejected rows and match rates"
    SEE_AUDIT = "see the audit trail"
    EXPORT_PERSON = "take away all that is held on one person, for a subject-access request"
    MANAGE_PEOPLE = "add people who use the desk, change roles, disable"
    GRANT_CLEARANCE = "let a person see protected addresses"


_P = Permission
_EVERYONE = frozenset({_P.ANYONE})
_MEMBER = _EVERYONE | {_P.SIGNED_IN}
_READER = _MEMBER | {_P.SEE_MONTH, _P.SEE_FAMILIES, _P.SEE_FAMILY, _P.SEE_CASES}

GRANTS: Mapping[DeskRole, frozenset[Permission]] = {
    DeskRole.DATA_ANALYST: _READER
    | {_P.SEE_EVIDENCE, _P.EXPORT_FAMILIES, _P.SEE_REVIEWS, _P.DECIDE_REVIEWS, _P.SEE_CLAIMS, _P.SEE_RECORDS},
    DeskRole.COORDINATOR: _READER
    | {_P.EXPORT_FAMILIES, _P.SEE_REVIEWS, _P.DECIDE_REVIEWS, _P.ATTACH_FAMILIES, _P.RECORD_PROGRESS}
    | {_P.SEE_CASELOADS, _P.SEE_CLAIMS, _P.CHECK_CLAIMS, _P.SEE_EVIDENCE},
    # Their own families only, everywhere: desk/scope.py.
    DeskRole.KEY_WORKER: _READER | {_P.EXPORT_FAMILIES, _P.RECORD_PROGRESS},
    DeskRole.MANAGER: _READER
    | {_P.EXPORT_FAMILIES, _P.SEE_REVIEWS, _P.DECIDE_REVIEWS, _P.ATTACH_FAMILIES, _P.RECORD_PROGRESS}
    | {_P.SEE_CASELOADS, _P.SEE_CLAIMS, _P.CHECK_CLAIMS, _P.APPROVE_CLAIMS, _P.SEE_EVIDENCE}
    | {_P.SEE_RECORDS, _P.SEE_AUDIT, _P.EXPORT_PERSON, _P.GRANT_CLEARANCE},
    DeskRole.AUDITOR: _READER | {_P.SEE_EVIDENCE, _P.SEE_CLAIMS, _P.SEE_AUDIT},
    DeskRole.SCRUTINY: _MEMBER | {_P.SEE_MONTH},
    # Who lets people in sees no family.
    DeskRole.ADMINISTRATOR: _MEMBER | {_P.MANAGE_PEOPLE},
}

ROLE_WORDS: Mapping[DeskRole, str] = {
    DeskRole.DATA_ANALYST: "Data analyst",
    DeskRole.COORDINATOR: "Coordinator",
    DeskRole.KEY_WORKER: "Key worker",
    DeskRole.MANAGER: "Manager",
    DeskRole.AUDITOR: "Auditor",
    DeskRole.SCRUTINY: "Scrutiny",
    DeskRole.ADMINISTRATOR: "Administrator",
}


def allowed(role: DeskRole | None) -> frozenset[Permission]:
    """What a role may see and do; without a role, only what is open to anyone."""
    return _EVERYONE if role is None else GRANTS.get(role, _EVERYONE)
