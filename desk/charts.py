"""Charts as places for their parts; templates draw them as SVG, each beside a table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH, _ROW, _LEAST = 360.0, 44, 2.0


@dataclass(frozen=True)
class Bar:
    """A bar of a waterfall: its words, its figure, and where it lies; `kind` is for, against or sum."""

    label: str
    figure: str
    kind: str
    x: float
    width: float
    y: int


@dataclass(frozen=True)
class Waterfall:
    """The bars in a box of the chart's own units, and where nought is."""

    bars: tuple[Bar, ...]
    zero: float
    width: float
    height: int


def waterfall(steps: Sequence[tuple[str, float]], *, start: tuple[str, float] | None, end: str | None) -> Waterfall:
    """Steps as bars, each from where the one before it ended. `start` stands first, `end` names the sum at last."""
    spans, so_far = [], 0.0
    if start is not None:
        so_far = start[1]
        spans.append((start[0], 0.0, so_far, "sum"))
    for label, amount in steps:
        spans.append((label, so_far, so_far + amount, "for" if amount >= 0 else "against"))
        so_far += amount
    if end is not None:
        spans.append((end, 0.0, so_far, "sum"))
    ends = [0.0, *(place for _, one, other, _ in spans for place in (one, other))]
    low, scale = min(ends), _WIDTH / max(max(ends) - min(ends), 1.0)
    bars = tuple(
        Bar(
            label,
            f"{other - one:+.1f}",
            kind,
            round((min(one, other) - low) * scale, 1),
            round(max(abs(other - one) * scale, _LEAST), 1),
            number * _ROW,
        )
        for number, (label, one, other, kind) in enumerate(spans)
    )
    return Waterfall(bars, round(-low * scale, 1), _WIDTH, len(bars) * _ROW)
