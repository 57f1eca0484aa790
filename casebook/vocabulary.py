"""The codes of casework, which are data: `casework.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from casebook.errors import RefusedWordError


@dataclass(frozen=True)
class ActivityKind:
    """A kind of activity: in words, whether it reached the family, and whether it may follow the work's end."""

    words: str
    is_contact: bool = False
    after_closure: bool = False


@cache
def activity_kinds() -> Mapping[str, ActivityKind]:
    """Each kind of activity by its code, in the order in which to offer them."""
    return {code: ActivityKind(**said) for code, said in _data()["activities"].items()}


@cache
def close_reasons() -> Mapping[str, str]:
    """Each reason for which work ends by its code, in words."""
    return dict(_data()["close_reasons"])


def allow(code: str, among: Mapping[str, Any], what: str) -> str:
    """The code, where it is among those known; raises RefusedWordError with those that are."""
    if code not in among:
        message = f"This is no {what} that the casebook knows. Known: {', '.join(among)}."
        raise RefusedWordError(message)
    return code


def _data() -> dict[str, Any]:
    return tomllib.loads(files("casebook").joinpath("casework.toml").read_text("utf-8"))
