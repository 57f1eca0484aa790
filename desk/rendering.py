"""Pages from templates: Jinja with everything escaped, GOV.UK's macros, and how days and counts are worded."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader, select_autoescape

from desk.sources import feed_words
from desk.styles import Styles


def make_environment(styles: Styles) -> Environment:
    """The templates of the desk and, under `govuk_frontend_jinja/`, the ported components."""
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("desk"), components]),
        autoescape=select_autoescape(default=True, default_for_string=True),
        # The ported macros ask for parts of what they were not given.
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = styles.address
    environment.filters.update(
        day=day,
        short_day=short_day,
        month=month,
        moment=moment,
        count=count,
        plural=plural,
        plain=plain,
        feed=feed_words,
        combine=combine,
    )
    return environment


def day(value: dt.date | None, missing: str = "not known") -> str:
    """A day as `3 October 2026`."""
    return missing if value is None else f"{value.day} {value:%B %Y}"


def short_day(value: dt.date | None, missing: str = "not known") -> str:
    """A day as `3 Oct 2026`, for narrow columns."""
    return missing if value is None else f"{value.day} {value:%b %Y}"


def month(value: str | None, missing: str = "not known") -> str:
    """A month `2026-10` as `October 2026`."""
    return missing if not value else f"{dt.date(int(value[:4]), int(value[5:7]), 1):%B %Y}"


def moment(value: dt.datetime | None, missing: str = "never") -> str:
    """An instant as `3 October 2026, 14:05 UTC`."""
    return missing if value is None else f"{value.day} {value:%B %Y, %H:%M} UTC"


def count(value: float | None, missing: str = "not known") -> str:
    """A count as `12,345`."""
    return missing if value is None else f"{value:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 family`, `3 families`: the number with the noun in the right form."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def plain(code: str | None) -> str:
    """A coded word as one reads it: `not_met` as `not met`."""
    return "" if code is None else code.replace("_", " ")


def combine(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two sets of a macro's parameters as one."""
    return {**one, **other}
