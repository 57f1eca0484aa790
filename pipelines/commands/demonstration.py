"""A pretend council: `hearth borough` makes its deliveries, `hearth demo` runs three months of them."""

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from assets.settings import Settings, load
from assets.store import open_store
from borough.council import make as make_borough
from pipelines.commands.console import err, out, spoken_errors
from pipelines.commands.demo_accounts import demo_accounts, username
from pipelines.commands.desk import PORT
from pipelines.commands.flags import month_text
from pipelines.commands.months import make, published_list, show_month
from pipelines.commands.summary import show_list
from schemas.vocabulary import DeskRole

DEMO_PEOPLE = 12_000
DEMO_MONTHS = 3
NEWEST = "2026-10"


def borough(
    directory: Annotated[Path, typer.Argument(help="Folder to fill: it becomes a landing folder.")],
    people: Annotated[int, typer.Option(min=100, help="About how many people live there.")] = 20_000,
    months: Annotated[int, typer.Option(min=1, max=36, help="How many months of deliveries.")] = DEMO_MONTHS,
    until: Annotated[str, typer.Option(help="The newest month.", callback=month_text)] = NEWEST,
    seed: Annotated[int, typer.Option(help="The same seed makes the same council.")] = 7,
) -> None:
    """Make the deliveries of a council that does not exist, with the sealed truth beside them."""
    with spoken_errors():
        made = make_borough(directory, people=people, months=months, until=until, seed=seed, progress=_tell)
    out.print(made, highlight=False)


def demo(
    directory: Annotated[Path, typer.Argument(help="Folder for the demonstration.")] = Path("demo"),
    people: Annotated[int, typer.Option(min=500, help="About how many people live there.")] = DEMO_PEOPLE,
) -> None:
    """Make a synthetic council, run three months, show the list; what is there already is kept."""
    with spoken_errors():
        settings = _demo_settings(directory)
        if not (settings.landing / NEWEST).is_dir():
            err.print(f"Making a council of {people:,} people in {settings.landing}", highlight=False)
            make_borough(settings.landing, people=people, months=DEMO_MONTHS, until=NEWEST, seed=7, progress=_tell)
        store = open_store(settings)
        for month in _months():
            if month not in store.months():
                make(settings, month)
        for month in _months():
            show_month(store, month)
        listed = published_list(settings, NEWEST)
        show_list(listed, most=10)
        taken_on = dt.date.fromisoformat(f"{NEWEST}-15")
        accounts = demo_accounts(store, directory, listed.families["family_id"].tolist(), on=taken_on)
        _next_commands(directory, accounts)


def _demo_settings(directory: Path) -> Settings:
    file = directory / "hearth.toml"
    landing, store = directory / "landing", directory / "store"
    if not file.is_file():
        directory.mkdir(parents=True, exist_ok=True)
        file.write_text(
            f'landing = "{landing.as_posix()}"\nstore = "{store.as_posix()}"\n'
            f'postcode_lookup = "{(landing / "postcodes.csv").as_posix()}"\nallow_test_identifiers = true\n',
            "utf-8",
        )
    lookup = landing / "postcodes.csv"
    return load({"landing": landing, "store": store, "postcode_lookup": lookup, "allow_test_identifiers": True})


def _months() -> list[str]:
    return [str(month) for month in pd.period_range(end=NEWEST, periods=DEMO_MONTHS, freq="M")]


def _tell(step: str) -> None:
    err.print(f"  {step}", highlight=False)


def _next_commands(directory: Path, accounts: Path) -> None:
    store = directory / "store"
    coordinator = username(DeskRole.COORDINATOR)
    hearth = f"{_this_command()} --settings {directory / 'hearth.toml'}"
    out.print(
        f"""
[bold]Next[/]
  The desk             {hearth} desk      (then open http://127.0.0.1:{PORT} as {coordinator})
                       its password and the other demo accounts: {accounts}
  The whole list       {hearth} list
  As a workbook        {hearth} list --xlsx families.xlsx
  A month again        {hearth} run --month {NEWEST}
  Against the truth    {hearth} evaluate --truth {directory / "landing" / "truth"}
  Dagster's pages      make dev          (then open http://localhost:3000)

[bold]Files[/]
  Deliveries           {directory / "landing"}/<month>/<feed>/
  Published months     {store}/published/<month>.duckdb, the newest named in {store}/published/current
  Settings             {directory / "hearth.toml"}
""",
        highlight=False,
        soft_wrap=True,
    )


def _this_command() -> str:
    """The command as it was called, from here where it lies below."""
    called = Path(sys.argv[0]).absolute()
    return str(called.relative_to(Path.cwd()) if called.is_relative_to(Path.cwd()) else called)
