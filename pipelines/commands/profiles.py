"""A programme's rules: shown, checked, compared, and tried out on a published month."""

import json
from pathlib import Path
from typing import Annotated

import typer

from assets.snapshots import read_published
from pipelines.commands.console import out, spoken_errors
from pipelines.commands.flags import Landing, Month, ProfileName, StoreFolder, settings_with
from pipelines.commands.published import published_month
from programme import describe, pack_changes, what_if
from programme.editors import json_schema
from programme.profile import Profile, load, shipped, shipped_directory

app = typer.Typer(no_args_is_help=True, help="A programme's rules: show, check, compare.")

Name = Annotated[str, typer.Argument(help="A profile's name, or the path of its file.")]


def _load(name: str) -> Profile:
    return load(name, directories=[shipped_directory()])


@app.command("list")
def list_profiles() -> None:
    """Name the profiles that come with Hearth."""
    with spoken_errors():
        for name in shipped():
            profile = _load(name)
            out.print(
                f"{name:28} {profile.title} ({profile.starts_on} to {profile.ends_on or 'now'})",
                highlight=False,
                soft_wrap=True,
            )


@app.command()
def show(name: Name) -> None:
    """Print every rule of a profile in words, with its source and how sure it is."""
    with spoken_errors():
        out.print(describe.show(_load(name)), highlight=False, markup=False, soft_wrap=True)


@app.command()
def check(file: Annotated[Path, typer.Argument(help="A profile's file.", exists=True, dir_okay=False)]) -> None:
    """Check a profile's file; says which key is wrong and what is allowed."""
    with spoken_errors():
        profile = load(file, directories=[file.parent, shipped_directory()])
    out.print(f"{profile.name} {profile.version} is sound: {len(profile.criteria)} criteria.", highlight=False)


@app.command()
def diff(before: Name, after: Name) -> None:
    """Print what the second profile changes of the first, in words."""
    with spoken_errors():
        out.print(pack_changes.changes(_load(before), _load(after)), highlight=False, markup=False, soft_wrap=True)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a profile, for editors."""
    typer.echo(json.dumps(json_schema(), indent=2))


def try_out(
    moved: Annotated[list[str], typer.Option("--set", help="What to move, as identification.min_needs=2.")],
    month: Month = None,
    landing: Landing = None,
    store: StoreFolder = None,
    profile: ProfileName = None,
    ids: Annotated[bool, typer.Option("--ids", help="Also print the families' ids.")] = False,  # noqa: FBT002
) -> None:
    """Say which families would enter and leave the list if a threshold or a count moved; publishes nothing."""
    from assets.facts import facts_of  # noqa: PLC0415 - Dagster takes seconds to import
    from assets.profiles import profile_of  # noqa: PLC0415

    with spoken_errors():
        settings = settings_with(landing=landing, store=store, profile=profile)
        opened, chosen = published_month(settings, month)
        before = profile_of(settings)
        after = what_if.changed(before, moved)
        facts = facts_of(opened, settings, chosen, file=opened.published_file(chosen))
        attachments = read_published(opened, chosen, "attachments")
        found = what_if.compare(before, after, facts, attachments=attachments, settings=opened.engine_settings)
    _show(chosen, found, ids=ids)


def _show(month: str, found: what_if.Difference, *, ids: bool) -> None:
    out.print(f"{month}: {found.before:,} families on the list, {found.after:,} if so", highlight=False)
    out.print(f"  {len(found.entering):,} would enter, {len(found.leaving):,} would leave", highlight=False)
    out.print(found.by_headline.to_string(index=False), highlight=False)
    out.print(found.by_ward.to_string(index=False), highlight=False)
    if ids:
        out.print("entering: " + " ".join(found.entering), "leaving: " + " ".join(found.leaving), sep="\n")
