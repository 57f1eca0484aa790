"""The words of the field as closed sets: what a coded column may hold."""

from enum import StrEnum


class Feed(StrEnum):
    """An agency's standing supply."""

    SCHOOL = "school"
    POLICE = "police"
    MASH = "mash"
    JOBCENTRE = "jobcentre"
    NOMINATIONS = "nominations"


class DeliveryStatus(StrEnum):
    """What became of one table of a delivery."""

    USED = "used"
    REFUSED = "refused"
    LATE = "late"


class Basis(StrEnum):
    """What ties a record to its person."""

    IDENTIFIER = "identifier"
    MODEL = "model"
    CLERICAL = "clerical"
    ALONE = "alone"


class Decision(StrEnum):
    """What was decided of two records."""

    SAME = "same"
    REVIEW = "review"
    DIFFERENT = "different"


class DecidedBy(StrEnum):
    """Who or what decided it."""

    MODEL = "model"
    RULE = "rule"
    CLERICAL = "clerical"


class MatchGrouping(StrEnum):
    """By what match rates are told apart."""

    ALL = "all"
    SEX = "sex"
    AGE = "age"
    ETHNICITY = "ethnicity"
    NAME_ORIGIN = "name_origin"
    WARD = "ward"
    UNMATCHED = "unmatched"


class RuleKind(StrEnum):
    """What sort of rule a profile states."""

    IDENTIFICATION = "identification"
    HEADLINE = "headline"
    CRITERION = "criterion"
    OUTCOME = "outcome"
    ROUTE = "route"
    CASEWORK = "casework"
    TARGET = "target"


class ReviewKind(StrEnum):
    """What a question to a person is about."""

    PAIR = "pair"
    HOUSEHOLD = "household"


class Answer(StrEnum):
    """The answer to a question that would change something."""

    SAME = "same"
    DIFFERENT = "different"
    TOGETHER = "together"
    APART = "apart"


class ChangeKind(StrEnum):
    """What changed between two months."""

    FAMILY = "family"
    LISTING = "listing"
    NEED = "need"
    FEED = "feed"


class Change(StrEnum):
    """What became of it."""

    CAME = "came"
    WENT = "went"
    SPLIT = "split"
    JOINED = "joined"
    TURNED = "turned"
    MEMBERS = "members"
    MOVED = "moved"


class Contact(StrEnum):
    """What says that an agency knows a person: something that happened, or only its roster."""

    EVENT = "event"
    ROSTER = "roster"


class IdentityKind(StrEnum):
    """What an id stands for."""

    PERSON = "person"
    HOUSEHOLD = "household"
    FAMILY = "family"


class IdentityEvent(StrEnum):
    """What became of an id in a month."""

    NEW = "new"
    KEPT = "kept"
    JOINED = "joined"
    SPLIT = "split"
    GONE = "gone"


class Cause(StrEnum):
    """Why an id changed."""

    DATA = "data"
    MODEL = "model"
    RULE = "rule"
    HUMAN = "human"


class Role(StrEnum):
    """A person's part in a family."""

    PARENT = "parent"
    ADULT = "adult"
    CHILD = "child"


class NeedState(StrEnum):
    """A criterion judged for a family: absence of data is a state of its own."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class OutcomeState(StrEnum):
    """A result judged for an attached family."""

    MET = "met"
    NOT_MET = "not_met"
    NEUTRAL = "neutral"
    UNKNOWN = "unknown"


class CohortChange(StrEnum):
    """A family's place on the list against the month before."""

    NEW = "new"
    SAME = "same"
    RETURNED = "returned"
    LEFT = "left"


class ClaimStatus(StrEnum):
    """How far a claim has come."""

    ELIGIBLE = "eligible"
    CHECKED = "checked"
    APPROVED = "approved"
    SUBMITTED = "submitted"
    PAID = "paid"
    WITHDRAWN = "withdrawn"


class DeskRole(StrEnum):
    """What a person who uses the desk is there for; what each may see and do is `desk/access.py`'s alone."""

    DATA_ANALYST = "data_analyst"
    COORDINATOR = "coordinator"
    KEY_WORKER = "key_worker"
    MANAGER = "manager"
    AUDITOR = "auditor"
    SCRUTINY = "scrutiny"
    ADMINISTRATOR = "administrator"


SEX = frozenset({"F", "M", "U"})
ETHNICITY = frozenset(
    "WBRI WIRI WIRT WOTH WROM MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH BCRB BAFR BOTH CHNE OOTH REFU NOBT".split()
)
# A data standard in wide use prints the Chinese code with two letters swapped.
ETHNICITY_REPAIRS = {"CNHE": "CHNE"}
ENROLMENT = frozenset({"C", "M", "S", "G", "P"})
SEN = frozenset({"N", "K", "E", "A", "P", "S"})
CONTACT_RELATIONSHIP = frozenset(
    {"mother", "father", "parent", "step_parent", "grandparent", "carer", "sibling", "other"}
)
TERM = frozenset({"autumn", "spring", "summer"})
EXCLUSION = frozenset({"PERM", "SUSP", "LNCH"})
EXCLUSION_REPAIRS = {"FIXD": "SUSP"}

PRESENT_CODES = frozenset({"/", "\\", "L"})
ELSEWHERE_CODES = frozenset({"B", "K", "P", "V", "W"})
AUTHORISED_CODES = frozenset({"C", "C1", "C2", "E", "I", "J1", "M", "R", "S", "T", "H", "F"})
UNAUTHORISED_CODES = frozenset({"G", "N", "O", "U"})
# Not counted as possible: unable to attend, not required, dual registered (counted at the other school).
OUTSIDE_CODES = frozenset({"Q", "Y", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "X", "Z", "#", "D"})
# Until August 2024 `J` was an interview and counted as attending.
ATTENDING_CODES = PRESENT_CODES | ELSEWHERE_CODES | {"J"}
ATTENDANCE_CODES = ATTENDING_CODES | AUTHORISED_CODES | UNAUTHORISED_CODES | OUTSIDE_CODES

POLICE_ROLE = frozenset({"offender", "suspect", "victim", "witness", "caller", "involved", "missing_person"})
OCCURRENCE_KIND = frozenset({"crime", "asb", "domestic_abuse", "missing"})
INTERVENTION = frozenset({"ASBO", "ASBI", "ABC", "CI", "CBO", "CPN", "closure", "tenancy"})

MASH_RELATIONSHIP = frozenset({"parent", "child", "sibling", "partner", "grandparent", "carer", "other"})
REFERRAL_SOURCE = frozenset("1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 5D 6 7 8 9 10".split())
REFERRAL_DECISION = frozenset({"NFA", "advice", "early_help", "assessment", "strategy", "programme"})
EPISODE_KIND = frozenset({"early_help", "assessment", "child_in_need", "s47", "child_protection", "looked_after"})

BENEFIT = frozenset({"JSA", "IS", "ESA", "IB", "SDA", "CA", "UC"})
CONDITIONALITY = frozenset(
    {
        "searching for work",
        "working - with requirements",
        "no work requirements",
        "working - no requirements",
        "planning for work",
        "preparing for work",
    }
)
PROGRESS = frozenset({"work_programme", "family_provision", "training", "interview", "cv", "other"})
