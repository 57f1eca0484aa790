"""What a rule pack may say of results: which change counts, which routes a claim takes, what is paid, what is followed.

How results are judged stands in `outcomes` and `work`, how they are claimed in `claims`, what is paid in `fees`.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from programme.conditions import Condition, Rule
from programme.rules import Sourced


class ConditionsMet(Sourced):
    """A result that is there when all its conditions are; neutral for a family that never had the problem."""

    kind: Literal["conditions"]
    all_of: tuple[Condition, ...] = Field(min_length=1)
    problem: str | None = Field(default=None, description="headline that the result makes good; none: any family's")


class Reduction(Sourced):
    """A count that fell by a share: in the window before attachment against the same window now."""

    kind: Literal["reduction"]
    of: tuple[Condition, ...] = Field(min_length=1, description="counted together; the thresholds are not read")
    by_percent: Decimal = Field(gt=0, le=100)


class WorkRule(Rule):
    """How long one who left one of these benefits must have worked: so many weeks of so many."""

    benefits: tuple[str, ...] = Field(min_length=1)
    weeks: int = Field(ge=1)
    out_of: int = Field(ge=1)


class ContinuousWork(Sourced):
    """An adult who moved off an out-of-work benefit into lasting work."""

    kind: Literal["continuous work"]
    rules: tuple[WorkRule, ...] = Field(min_length=1)
    not_after: tuple[str, ...] = Field(default=(), description="steps that another scheme pays for")


class NeedsResolved(Sourced):
    """Every need that the family had or has since had, turned for good."""

    kind: Literal["needs resolved"]
    sustained_terms: int = Field(ge=1, le=6)
    sustained_months: int = Field(ge=1)
    headlines: tuple[str, ...] = Field(default=(), description="only the needs under these; none: all")
    need_must_have_ended: bool = Field(
        default=False,
        description="whether the criterion itself, over its own and perhaps longer window, must be over too",
    )


Outcome = Annotated[ConditionsMet | Reduction | ContinuousWork | NeedsResolved, Field(discriminator="kind")]


class Route(Sourced):
    """A way to a claim: results that must all be met or neutral, at least one of them met.

    An `adds_to` route pays only on top of another; all others exclude each other.
    """

    results: tuple[str, ...] = Field(min_length=1)
    adds_to: str | None = None


class Fee(Sourced):
    """What is paid for families attached within these days."""

    starts_on: date
    ends_on: date
    attachment: int = Field(ge=0)
    results: Mapping[str, int] = Field(default_factory=dict, description="route to pounds")


class Cap(Rule):
    """The share of families that is funded, and how a share that is no whole number is rounded."""

    numerator: int = Field(ge=1)
    denominator: int = Field(ge=1)
    rounding: Literal["cumulative nearest", "floor", "nearest", "ceiling"]
    covers_results: bool = False


class Claims(Sourced):
    """How claims are made: the windows they fall into, the cap, and who must sign."""

    window: Literal["month", "quarter", "year"]
    cap: Cap | None = None
    sample_percent: Decimal = Decimal(10)


class Casework(Sourced):
    """What a council follows after attachment, and how many families it can work with."""

    follow_up_months: int | None = Field(default=None, ge=1, description="after closure")
    sustainment_months: int | None = Field(default=None, ge=1, description="after closure")
    longest_work_months: int | None = Field(default=None, ge=1)
    average_work_months: int | None = Field(default=None, ge=1)
    key_workers: int | None = Field(default=None, ge=1)
    families_at_once: int | None = Field(default=None, ge=1)
    caseload_low: int | None = Field(default=None, ge=0)
    caseload_high: int | None = Field(default=None, ge=0)
    drift_days: int = Field(default=60, ge=1, description="without any activity")
    engagement_percent: Decimal | None = None


class Target(Sourced):
    """A figure that the council set itself, or reported; shares are reckoned, never written down."""

    figure: Decimal
    unit: str
    up_to: Decimal | None = Field(default=None, description="the upper end, where the document gives a range")
    when: str = Field(default="", description="of what day or years, in the document's words")
    of: tuple[str, ...] = Field(default=(), description="keys of `targets` that this is told as a share of")


class Requirement(Sourced):
    """What the council's document asks of the system that supports its programme."""

    met_by: str = Field(default="", description="where this software does it; empty: it does not")
