"""Shares as reports print them: reckoned in whole numbers, halves up, never without what they are a share of."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd


def percent(part: int, whole: int, *, places: int = 1) -> Decimal | None:
    """The share in percent, halves up; nothing where there is nothing to be a share of."""
    if whole == 0:
        return None
    return (Decimal(100 * part) / Decimal(whole)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def of_each(part: int, wholes: Mapping[str, int]) -> pd.DataFrame:
    """One count as a share of several: denominator, of, percent. A rate is told with each denominator in use."""
    rows = [(name, whole, percent(part, whole)) for name, whole in wholes.items()]
    frame = pd.DataFrame(rows, columns=["denominator", "of", "percent"])
    return frame.astype({"denominator": "string[pyarrow]", "of": "Int64", "percent": "float64"})


def hours(count: int, *, minutes_each: int) -> Decimal:
    """How many hours so many pieces of work take, to one decimal."""
    return (Decimal(count * minutes_each) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)
