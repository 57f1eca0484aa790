"""A typed cell of a spreadsheet or a Parquet file as the text that the contract would write for it."""

from datetime import datetime
from decimal import Decimal


def cell_text(value: object) -> str:
    """Days as YYYY-MM-DD, whole numbers without a point, yes and no as Y and N, nothing as empty text."""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, float | Decimal):
        return _number_text(value)
    if isinstance(value, datetime):
        return _moment_text(value)
    return "" if value is None else str(value)


def _number_text(value: float | Decimal) -> str:
    if value != value:  # noqa: PLR0124 - only a number that is none differs from itself
        return ""
    if abs(value) != float("inf") and value == int(value):
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)


def _moment_text(value: datetime) -> str:
    naive = value.replace(tzinfo=None)
    if naive == datetime.combine(naive.date(), datetime.min.time()):
        return naive.date().isoformat()
    return naive.isoformat(sep=" ", timespec="seconds")
