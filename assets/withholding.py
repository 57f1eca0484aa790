"""Errors that nobody wrote for people: what a library says may quote a value, so it is told without its message.

Dagster keeps the whole chain of an exception, so the stand-in is raised when the handler has ended. That is also why
this is a decorator and no context manager: what leaves a `with` block stays behind as the context of what replaces it.
"""

import functools
import inspect
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from assets.casebook import CasebookError
from assets.settings import SettingsError
from assets.snapshots import OlderMonthError
from assets.store import StoreBusyError
from feeds.errors import FeedsError
from linkage.errors import LinkageError
from programme.errors import ProgrammeError
from schemas.frames import TableContractError

P = ParamSpec("P")
R = TypeVar("R")

# What these say is ours, and holds counts, rules and places only.
SPOKEN = (
    SettingsError,
    StoreBusyError,
    OlderMonthError,
    CasebookError,
    FeedsError,
    LinkageError,
    ProgrammeError,
    TableContractError,
)


class WithheldError(RuntimeError):
    """An unexpected failure: its kind and place, without what it said."""


def withholding(function: Callable[P, R]) -> Callable[P, R]:
    """The function, or generator function, letting an error that may hold a value out only as its kind and place."""
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def generate(*args: P.args, **kwargs: P.kwargs) -> R:  # type: ignore[misc] # R is the generator
            try:
                return (yield from function(*args, **kwargs))
            except SPOKEN:
                raise
            except Exception as error:
                withheld = _told(error)
            raise WithheldError(withheld)

        return generate

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except SPOKEN:
            raise
        except Exception as error:
            withheld = _told(error)
        raise WithheldError(withheld)

    return call


def _told(error: Exception) -> str:
    return (
        f"{type(error).__name__} at {_place(error)}. What it said is withheld, for it may quote a record. This is a "
        "fault in Hearth: report the place, or run the month under a debugger on the machine that holds the store."
    )


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1]
    ours = next((frame for frame in reversed(frames) if "site-packages" not in frame.filename), last)
    return f"{Path(ours.filename).parent.name}/{Path(ours.filename).name}:{ours.lineno} ({ours.name})"
