"""What people typed into a form: texts and days, and what is wrong with them in words."""

import datetime as dt
from collections.abc import Mapping

from desk.visit import Visit

_PARTS = ("day", "month", "year")


def text(visit: Visit, name: str, *, most: int = 500) -> str:
    """What was typed, without spaces around it, and no longer than a field may be."""
    value = visit.form.get(name, "")
    return value.strip()[:most] if isinstance(value, str) else ""


def texts(visit: Visit, name: str) -> list[str]:
    """Every value that was ticked."""
    return [value for value in visit.form.getlist(name) if isinstance(value, str)]


def day(visit: Visit, name: str) -> dt.date | None:
    """The day typed into three fields; None where they make none."""
    parts = [text(visit, f"{name}-{part}", most=4) for part in _PARTS]
    if not all(part.isascii() and part.isdecimal() for part in parts) or len(parts[2]) != 4:
        return None
    number, month, year = (int(part) for part in parts)
    try:
        return dt.date(year, month, number)
    except ValueError:
        return None


def is_empty(visit: Visit, name: str) -> bool:
    """Whether nothing was typed into any of a day's three fields."""
    return not any(text(visit, f"{name}-{part}") for part in _PARTS)


def typed(visit: Visit, *names: str, days: tuple[str, ...] = ()) -> dict[str, str]:
    """What was typed, to be shown again beside what is wrong with it."""
    wanted = [*names, *(f"{name}-{part}" for name in days for part in _PARTS)]
    return {name: text(visit, name, most=4_000) for name in wanted}


def day_typed(name: str, value: dt.date | None) -> Mapping[str, str]:
    """A day as its three fields would hold it."""
    if value is None:
        return {}
    return {f"{name}-{part}": str(getattr(value, part)) for part in _PARTS}


def today() -> dt.date:
    """The day that it is."""
    return dt.datetime.now(dt.UTC).date()
