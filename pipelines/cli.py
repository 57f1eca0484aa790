"""The `hearth` command."""

import os
from pathlib import Path
from typing import Annotated

import typer

from assets.settings import FILE_VARIABLE
from pipelines.commands import (
    casework,
    charts,
    claims,
    demonstration,
    desk,
    desk_access,
    differences,
    evaluation,
    linking,
    models,
    months,
    profiles,
    readings,
)

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def with_settings(
    settings: Annotated[
        Path | None, typer.Option(help="Settings file; hearth.toml in this folder if left out.", show_default=False)
    ] = None,
) -> None:
    """From four agencies' files to the families a programme should know about."""
    if settings is not None:
        os.environ[FILE_VARIABLE] = str(settings)


app.command()(demonstration.demo)
app.command()(demonstration.borough)
app.command()(months.run)
app.command(name="list")(months.list_families)
app.add_typer(evaluation.app, name="evaluate")
evaluation.app.command()(readings.draw)
evaluation.app.command()(readings.read)
evaluation.app.command()(readings.labels)
app.command(name="charts")(charts.draw_month)
app.command(name="link")(linking.link_table)
app.command()(linking.explain)
app.command(name="what-if")(profiles.try_out)
app.command(name="diff")(differences.compare_months)
app.command(name="reviews")(differences.list_reviews)
app.command(name="resolve")(differences.resolve_id)
app.add_typer(models.models, name="model")
app.add_typer(profiles.app, name="profile")
app.command(name="casework")(casework.show)
app.add_typer(claims.app, name="claims")
app.command(name="desk")(desk.serve)
app.add_typer(desk_access.users, name="users")
app.add_typer(desk_access.trail, name="audit")

if __name__ == "__main__":
    app()
