"""What a rule pack may say beyond its conditions: criteria, and how needs make a family one for the list."""

from datetime import date
from typing import Literal

from pydantic import Field

from programme.conditions import Condition, Rule

Confidence = Literal["A", "B", "C", "M-H", "M-M", "M-L", "DESIGN"]


class Sourced(Rule):
    """A rule with a name, where it comes from and how sure that is."""

    name: str
    source: str
    confidence: Confidence
    note: str = ""
    origin: str = Field(default="", description="the pack that last said something of it; filled in when read")


class Criterion(Sourced):
    """What makes a need: met when any one of its conditions is."""

    headline: str = Field(description="key of `headlines`")
    label: str = Field(description="two or three words for lists and reasons")
    any_of: tuple[Condition, ...] = Field(min_length=1)


class LocalFilter(Rule):
    """A council's own reason to take on a family that falls short: with it, fewer needs are enough."""

    headline: str = Field(description="headline whose criteria are the filter; they count as no need themselves")
    min_needs: int = Field(ge=1)


class Minimisation(Rule):
    """One headline is looked up only for families who already meet others."""

    enabled: bool
    headline: str
    only_where: tuple[str, ...] = Field(min_length=1)
    how: Literal["all", "any"] = "all"


class EarlierPhase(Rule):
    """Families attached within these days belong to an earlier phase and are not counted again."""

    attached_from: date
    attached_to: date


class Identification(Rule):
    """How needs make a family one for the list."""

    min_needs: int = Field(ge=1)
    distinct_headlines: bool = Field(description="whether needs under one headline count once")
    requires_dependent_child: bool = True
    local_filter: LocalFilter | None = None
    minimisation: Minimisation | None = None
    excluded_phase: EarlierPhase | None = None
    source: str = ""
    confidence: Confidence = "DESIGN"
    note: str = ""
    origin: str = ""
