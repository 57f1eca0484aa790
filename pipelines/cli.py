"""The `hearth` command."""

import typer

from pipelines.commands import demonstration, evaluation, months

app = typer.Typer(
    help="From four agencies' files to the families a programme should know about.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.command()(demonstration.demo)
app.command()(demonstration.borough)
app.command()(months.run)
app.command(name="list")(months.list_families)
app.command()(evaluation.evaluate)
