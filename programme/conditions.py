"""A condition: a measure of the catalogue, an operator, a threshold, a window and whom it counts.

What conditions add up to (criteria, results, routes) stands in `rules`.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from programme.catalogue import MEASURES, Choice, Measure, Shape

_WINDOW = re.compile(r"(?P<length>[1-9]\d?) (?P<unit>terms?|months?)")
# Anti-social behaviour is counted against those who did it, never against who called or suffered it.
_ASB_ROLES = frozenset({"offender", "suspect"})
_OF_EVERY_MEASURE = frozenset({"measure", "operator", "threshold", "window", "counts", "age_from", "age_to"})

Operator = Literal["<", "<=", ">", ">=", "="]
Counts = Literal["any child", "each child", "any adult", "any member", "family", "children together", "adults together"]


class Rule(BaseModel):
    """Anything in a rule pack: unknown keys are errors, nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Window(Rule):
    """How long is looked at: completed terms, whole months, or the day itself."""

    unit: Literal["terms", "months", "current"]
    length: int = 0

    @classmethod
    def read(cls, text: object) -> object:
        """The window that words such as `3 terms`, `12 months` or `current` stand for."""
        if not isinstance(text, str):
            return text
        if text == "current":
            return cls(unit="current")
        if found := _WINDOW.fullmatch(text):
            unit: Literal["terms", "months"] = "terms" if found["unit"].startswith("term") else "months"
            return cls(unit=unit, length=int(found["length"]))
        raise ValueError("expected `current`, or a count of terms or months such as `3 terms` or `12 months`")

    def __str__(self) -> str:
        """The window in words."""
        if self.unit == "current":
            return "current"
        thing = self.unit if self.length != 1 else self.unit[:-1]
        return f"last {self.length} completed {thing}" if self.unit == "terms" else f"last {self.length} {thing}"


WindowText = Annotated[
    Window,
    BeforeValidator(
        Window.read, json_schema_input_type=Annotated[str, Field(pattern=r"^(current|\d+ (term|month)s?)$")]
    ),
]


class Condition(Rule):
    """A measure, how it is compared, over what window, and of whom."""

    measure: Literal[tuple(MEASURES)]  # type: ignore[valid-type]
    operator: Operator = ">="
    threshold: Decimal = Decimal(1)
    window: WindowText
    counts: Counts
    pooling: Literal["sessions", "mean of terms"] = "sessions"
    min_possible: int = Field(default=0, ge=0)
    authorised: Literal["absent", "attended", "left out"] = "absent"
    proven: bool | None = None
    age_on: Literal["as_of", "event"] | None = None
    running: bool = False
    age_from: int = Field(default=0, ge=0, description="years, on the day reckoned from")
    age_to: int = Field(default=200, ge=0, description="years, on the day reckoned from; both ends counted")
    term_days: int = Field(default=14, ge=0)
    roles: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    episode_kinds: tuple[str, ...] = ()
    benefits: tuple[str, ...] = ()
    conditionality: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def of(self) -> Measure:
        """The catalogue's entry for the measure."""
        return MEASURES[str(self.measure)]

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        given = self.model_fields_set - _OF_EVERY_MEASURE
        if strangers := sorted(given - self.of.option_names):
            allowed = ", ".join(sorted(self.of.option_names)) or "none"
            msg = f"measure {self.measure} takes no {', '.join(strangers)}; its options are: {allowed}"
            raise ValueError(msg)
        for name, choice in {**self.of.kinds, **self.of.details}.items():
            self._codes_fit(name, choice)
        return self

    def _codes_fit(self, name: str, choice: Choice) -> None:
        chosen = getattr(self, name)
        if choice.required and not chosen:
            msg = f"measure {self.measure} needs {name}: a list of codes"
            raise ValueError(msg)
        if choice.allowed and not choice.allowed.issuperset(chosen):
            msg = f"{name} may hold: {', '.join(sorted(choice.allowed))}"
            raise ValueError(msg)

    @model_validator(mode="after")
    def _measure_and_window_fit(self) -> Self:
        if self.window.unit == "current" and not self.of.spells:
            msg = f"measure {self.measure} counts over terms or months; `current` is for spells and states"
            raise ValueError(msg)
        if self.of.shape is Shape.STATUS and self.window.unit != "current":
            msg = f"measure {self.measure} is a state; its window is `current`"
            raise ValueError(msg)
        if self.of.topic == "attendance" and self.window.unit != "terms":
            msg = f"measure {self.measure} is recorded by term; its window is a count of terms"
            raise ValueError(msg)
        if self.pooling == "mean of terms" and self.window.length > 6:
            raise ValueError("a mean of term rates is taken over at most 6 terms")
        return self

    @model_validator(mode="after")
    def _asb_counts_its_doers_only(self) -> Self:
        if self.measure == "asb_incidents" and not _ASB_ROLES.issuperset(self.roles):
            raise ValueError(
                "asb_incidents may count the roles offender and suspect, never a caller, victim or witness"
            )
        return self

    def chosen(self, options: Mapping[str, Choice]) -> tuple[str, ...]:
        """The codes meant by the one option of `options` that this measure has; none means all."""
        for name, choice in options.items():
            return tuple(getattr(self, name)) or choice.default
        return ()

    def __str__(self) -> str:
        """The condition in words."""
        ages = f" aged {self.age_from} to {self.age_to}" if {"age_from", "age_to"} & self.model_fields_set else ""
        return f"{self.of.says} {self.operator} {self.threshold.normalize():f}, {self.counts}{ages}, {self.window}"
