"""How the command speaks: one console for results, one for progress and failures, and failures without traceback."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console

from assets.settings import SettingsError
from assets.store import StoreBusyError
from casebook.errors import CasebookError
from desk.errors import DeskError
from linkage.errors import LinkageError
from programme.errors import ProgrammeError

out = Console()
err = Console(stderr=True)

# What these say is written for people and holds no personal value.
_SPOKEN = (SettingsError, StoreBusyError, LinkageError, ProgrammeError, CasebookError, DeskError, typer.BadParameter)


@contextmanager
def spoken_errors() -> Iterator[None]:
    """Show an error that was written for people as one sentence, and end with exit status 1."""
    try:
        yield
    except _SPOKEN as error:
        fail(str(error))


def fail(sentence: str) -> NoReturn:
    """End with a sentence and exit status 1."""
    err.print(f"[bold red]hearth:[/] {sentence}", highlight=False, soft_wrap=True)
    raise typer.Exit(1)
