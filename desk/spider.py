"""A spider chart as places for its parts; `spider.html` draws it as SVG, beside a table that says the same."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_SIZE, _CENTRE, _RADIUS, _OUTSIDE = 320, 160.0, 118.0, 140.0
_FEWEST, _SMALLEST_SCALE = 3, 3


@dataclass(frozen=True)
class Spoke:
    """One axis: its number and words, its figure, and where its end, its point and its number lie."""

    number: int
    label: str
    value: int
    end: tuple[float, float]
    point: tuple[float, float]
    mark: tuple[float, float]


@dataclass(frozen=True)
class Spider:
    """The spokes, the rings behind them and the shape that joins the points, in a box of `size` units."""

    spokes: tuple[Spoke, ...]
    rings: tuple[str, ...]
    shape: str
    size: int
    scale: int


def spider(values: Sequence[tuple[str, int]]) -> Spider | None:
    """One spoke for each label and count, the first one upwards, clockwise; None of fewer than three."""
    if len(values) < _FEWEST:
        return None
    scale = max(_SMALLEST_SCALE, *(value for _, value in values))
    turns = [2 * math.pi * number / len(values) for number in range(len(values))]
    spokes = tuple(
        Spoke(
            number,
            label,
            value,
            _place(turn, _RADIUS),
            _place(turn, _RADIUS * value / scale),
            _place(turn, _OUTSIDE),
        )
        for number, (turn, (label, value)) in enumerate(zip(turns, values, strict=True), start=1)
    )
    rings = tuple(_joined([_place(turn, _RADIUS * ring / scale) for turn in turns]) for ring in range(1, scale + 1))
    return Spider(spokes, rings, _joined([spoke.point for spoke in spokes]), _SIZE, scale)


def _place(turn: float, distance: float) -> tuple[float, float]:
    return round(_CENTRE + distance * math.sin(turn), 1), round(_CENTRE - distance * math.cos(turn), 1)


def _joined(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)
