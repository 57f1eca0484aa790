"""How the command speaks: one console for results, one for progress and failures, and failures without traceback."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from assets.settings import SettingsError
from assets.snapshots import OlderMonthError
from assets.store import StoreBusyError
from casebook.errors import CasebookError
from desk.errors import DeskError
from linkage.errors import LinkageError
from programme.errors import ProgrammeError

out = Console()
err = Console(stderr=True)

# What these say is written for people and holds no personal value.
_SPOKEN = (
    SettingsError,
    StoreBusyError,
    OlderMonthError,
    LinkageError,
    ProgrammeError,
    CasebookError,
    DeskError,
    typer.BadParameter,
)


@contextmanager
def spoken_errors() -> Iterator[None]:
    """Show an error that was written for people as one sentence, and end with exit status 1."""
    try:
        yield
    except _SPOKEN as error:
        fail(str(error))


def fail(sentence: str) -> NoReturn:
    """End with a sentence and exit status 1."""
    _say("[bold red]hearth:[/]", sentence)
    raise typer.Exit(1)


def warn(sentence: str) -> None:
    """Say what is doubtful of an answer, beside it."""
    _say("[bold yellow]WARNING[/]", sentence)


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its word: 1 record, 2,000 records."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _say(head: str, sentence: str) -> None:
    # A sentence may hold square brackets, which the console would take for a style and leave out.
    err.print(f"{head} {escape(sentence)}", highlight=False, soft_wrap=True)
