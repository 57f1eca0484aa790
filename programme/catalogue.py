"""The measures that a criterion may be built of: what each counts, from which table, and what may be set.

A criterion picks a measure and says how much, how long and of whom; a new criterion of these measures is data. Only a
measure of a new kind is added here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from schemas import vocabulary as words

CURRENT_WORK_CONDITIONALITY = (
    "searching for work",
    "no work requirements",
    "planning for work",
    "preparing for work",
)
# A benefit that has no conditionality of its own stands with this mark.
NO_CONDITIONALITY = "*"


class Shape(StrEnum):
    """What a reading of a measure is."""

    PERCENT = "percent"
    COUNT = "count"
    STATUS = "status"


@dataclass(frozen=True)
class Choice:
    """An option that picks codes: those allowed (none: any text), those meant when nothing is said (none: all)."""

    allowed: frozenset[str] = frozenset()
    default: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Measure:
    """One measure: the facts it is counted from and the options it takes.

    `kinds` names the option that picks the fact's kind, `details` the one that picks its detail (a role, a benefit's
    conditionality). A measure of `spells` lasts from a start to an end and may be asked for as it stands today.
    """

    name: str
    says: str
    shape: Shape
    feed: words.Feed
    table: str
    topic: str
    kinds: Mapping[str, Choice] = field(default_factory=dict)
    details: Mapping[str, Choice] = field(default_factory=dict)
    fixed_kinds: tuple[str, ...] = ()
    options: frozenset[str] = frozenset()
    spells: bool = False
    sums_sessions: bool = False
    proven: bool | None = None
    age_on_event: bool = False

    @property
    def option_names(self) -> frozenset[str]:
        """Every option that a condition of this measure may set."""
        return self.options | self.kinds.keys() | self.details.keys()


def _attendance(name: str, said: str, *more: str) -> Measure:
    options = frozenset({"pooling", "min_possible", *more})
    return Measure(name, said, Shape.PERCENT, words.Feed.SCHOOL, "attendance", "attendance", options=options)


def _exclusions(name: str, said: str, kind: str, *, sums_sessions: bool = False) -> Measure:
    return Measure(
        name,
        said,
        Shape.COUNT,
        words.Feed.SCHOOL,
        "exclusions",
        "exclusions",
        fixed_kinds=(kind,),
        sums_sessions=sums_sessions,
    )


def _occurrences(  # noqa: PLR0913 - one line of the table below each
    name: str,
    said: str,
    kind: str,
    roles: tuple[str, ...],
    *,
    proven: bool | None = None,
    age_on_event: bool = False,
) -> Measure:
    return Measure(
        name,
        said,
        Shape.COUNT,
        words.Feed.POLICE,
        "occurrences",
        "occurrences",
        fixed_kinds=(kind,),
        details={"roles": Choice(words.POLICE_ROLE, roles)},
        options=frozenset({"proven", "age_on"}),
        proven=proven,
        age_on_event=age_on_event,
    )


def _claims(name: str, said: str, conditionality: tuple[str, ...]) -> Measure:
    return Measure(
        name,
        said,
        Shape.COUNT,
        words.Feed.JOBCENTRE,
        "claims",
        "claims",
        kinds={"benefits": Choice(words.BENEFIT)},
        details={"conditionality": Choice(words.CONDITIONALITY, conditionality)},
        options=frozenset({"running"}),
        spells=True,
    )


_SPELL = frozenset({"running"})
_ANY_TEXT = Choice(required=True)

_MEASURES = (
    _attendance("attendance", "attendance, % of possible sessions", "authorised"),
    _attendance("absence", "absence, % of possible sessions"),
    _attendance("unauthorised_absence", "unauthorised absence, % of possible sessions"),
    _exclusions("suspensions", "suspensions", "SUSP"),
    _exclusions("suspension_sessions", "half days of suspension", "SUSP", sums_sessions=True),
    _exclusions("permanent_exclusions", "permanent exclusions", "PERM"),
    _occurrences("proven_offences", "proven offences", "crime", ("offender",), proven=True, age_on_event=True),
    _occurrences("offences", "offences, proven or not", "crime", ("offender", "suspect"), age_on_event=True),
    _occurrences("asb_incidents", "incidents of anti-social behaviour", "asb", ("offender", "suspect")),
    _occurrences(
        "domestic_abuse_incidents",
        "incidents of domestic abuse",
        "domestic_abuse",
        ("offender", "suspect", "victim"),
    ),
    _occurrences("missing_reports", "reports as a missing person", "missing", ("missing_person",)),
    Measure(
        "asb_interventions",
        "interventions against anti-social behaviour",
        Shape.COUNT,
        words.Feed.POLICE,
        "asb_interventions",
        "asb_interventions",
        kinds={"types": Choice(words.INTERVENTION)},
        options=_SPELL,
        spells=True,
    ),
    Measure(
        "referrals",
        "referrals",
        Shape.COUNT,
        words.Feed.MASH,
        "referrals",
        "referrals",
        kinds={"decisions": Choice(words.REFERRAL_DECISION)},
        details={"sources": Choice(words.REFERRAL_SOURCE)},
    ),
    Measure(
        "concerns",
        "referrals and assessments that name a factor",
        Shape.COUNT,
        words.Feed.MASH,
        "referrals",
        "concerns",
        kinds={"factors": _ANY_TEXT},
    ),
    Measure(
        "episodes",
        "episodes of early help or social care",
        Shape.COUNT,
        words.Feed.MASH,
        "episodes",
        "episodes",
        kinds={"episode_kinds": Choice(words.EPISODE_KIND)},
        options=_SPELL,
        spells=True,
    ),
    Measure(
        "expected_births",
        "children expected",
        Shape.COUNT,
        words.Feed.MASH,
        "people",
        "expected_births",
        fixed_kinds=("expected",),
        options=_SPELL,
        spells=True,
    ),
    _claims("out_of_work", "out-of-work benefits in payment", CURRENT_WORK_CONDITIONALITY),
    _claims("benefit_claims", "benefits in payment", ()),
    Measure(
        "employment",
        "spells of work",
        Shape.COUNT,
        words.Feed.JOBCENTRE,
        "employment",
        "employment",
        fixed_kinds=("employment",),
        options=_SPELL,
        spells=True,
    ),
    Measure(
        "work_progress",
        "steps towards work",
        Shape.COUNT,
        words.Feed.JOBCENTRE,
        "progress",
        "progress",
        kinds={"actions": Choice(words.PROGRESS)},
    ),
    Measure(
        "nominations",
        "nominations",
        Shape.COUNT,
        words.Feed.NOMINATIONS,
        "nominations",
        "nominations",
        kinds={"indicators": _ANY_TEXT},
        options=_SPELL,
        spells=True,
    ),
    Measure(
        "young_carer",
        "young carer on the school's record",
        Shape.STATUS,
        words.Feed.SCHOOL,
        "pupils",
        "young_carer",
        kinds={"values": Choice(frozenset("PSYN"), ("P", "S", "Y"))},
        spells=True,
    ),
    Measure(
        "off_roll",
        "of school age and on no school's roll",
        Shape.STATUS,
        words.Feed.SCHOOL,
        "pupils",
        "off_roll",
        fixed_kinds=("off",),
        options=frozenset({"term_days"}),
        spells=True,
    ),
)

MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in _MEASURES}
