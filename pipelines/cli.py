"""The `hearth` command."""

import typer

from pipelines.commands import claims, demonstration, evaluation, linking, months, profiles

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
app.command(name="link")(linking.link_table)
app.command()(linking.explain)
app.command(name="what-if")(profiles.try_out)
app.add_typer(linking.models, name="model")
app.add_typer(profiles.app, name="profile")
app.add_typer(claims.app, name="claims")

if __name__ == "__main__":
    app()
