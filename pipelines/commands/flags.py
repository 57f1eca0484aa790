"""The flags that several commands share, and how a month is read."""

import re
from pathlib import Path
from typing import Annotated

import typer

from assets.settings import Settings, load

Landing = Annotated[
    Path | None, typer.Option(help="Folder where deliveries lie, a folder a month.", show_default=False)
]
StoreFolder = Annotated[Path | None, typer.Option("--store", help="Folder that Hearth keeps.", show_default=False)]
ProfileName = Annotated[
    str | None, typer.Option("--profile", help="The programme's rules: a name, or a file.", show_default=False)
]
_MONTH = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")


def month_text(value: str | None) -> str | None:
    """A month as YYYY-MM; anything else is refused with what was expected."""
    if value is not None and not _MONTH.match(value):
        raise typer.BadParameter("expected a month as YYYY-MM, such as 2026-10")
    return value


Month = Annotated[str | None, typer.Option(help="The month, as 2026-10; the newest if left out.", callback=month_text)]


def settings_with(*, landing: Path | None = None, store: Path | None = None, profile: str | None = None) -> Settings:
    """The settings with a command's flags laid over them."""
    return load({"landing": landing, "store": store, "profile": profile})
