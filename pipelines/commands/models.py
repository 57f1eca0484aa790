"""The matching model: learnt from a table, shown, adopted, compared."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assets.store import open_store
from pipelines.commands.console import out, spoken_errors
from pipelines.commands.flags import Month, StoreFolder, settings_with
from pipelines.commands.linking import link_people, read_model
from pipelines.commands.people_tables import refuse_unwritable
from pipelines.commands.published import published_month
from pipelines.commands.typed import typed

if TYPE_CHECKING:
    from linkage.model import Model

models = typer.Typer(no_args_is_help=True, help="The matching model: train, show, adopt, compare.")


@models.command()
def train(
    to: Annotated[Path, typer.Option("--out", help="Where to write the model.")],
    table: Annotated[
        Path | None, typer.Argument(help="A table: .parquet, .xlsx or text; a month if left out.", exists=True)
    ] = None,
    spec: Annotated[
        Path | None, typer.Option(help="TOML: which column of the table is of which kind.", exists=True)
    ] = None,
    month: Month = None,
    store: StoreFolder = None,
) -> None:
    """Learn a model from a table of people, or without one from the records of a published month."""
    with spoken_errors():
        if (table is None) != (spec is None) or (table and (month or store)):
            raise typer.BadParameter("name a table with its --spec, or a month with --month and --store, not both")
        refuse_unwritable(to, beside=table)
        trained = link_people(table, spec).model if table and spec else _of_month(month, store)
        to.write_text(trained.to_text(), "utf-8")
    out.print(f"Model {trained.sha256[:12]} of {trained.records:,} records: {to}", highlight=False, soft_wrap=True)


@models.command()
def show(
    model: Annotated[Path | None, typer.Argument(help="A model's file; the store's if left out.")] = None,
    store: StoreFolder = None,
) -> None:
    """Print a model: how often matches and strangers stand on each level, and what that weighs."""
    from linkage.charts import match_weights  # noqa: PLC0415 - the matcher takes seconds to import

    with spoken_errors():
        shown = read_model(model) if model else _in_use(store)
    out.print(f"Model {shown.sha256[:12]}, learnt from {shown.records:,} records", highlight=False)
    for field, weights in match_weights(shown):
        out.print(f"\n{field}", style="bold")
        for level, bits in weights:
            out.print(f"  {level:24} {bits:+6.1f} bits", highlight=False)


@models.command()
def adopt(
    model: Annotated[Path, typer.Argument(help="A model of the feeds' records, as this store's are.", exists=True)],
    store: StoreFolder = None,
) -> None:
    """Let this model make every month from now on; without this, each month keeps the model of the one before."""
    from assets import models as kept  # noqa: PLC0415 - as above

    with spoken_errors():
        opened = open_store(settings_with(store=store))
        before, chosen = kept.in_use(opened), read_model(model)
        kept.adopt(opened, chosen)
    told = f"{opened.root} now makes months by {model}. Run the month again to see what changes."
    if before and before.sha256 != chosen.sha256:
        told += f"\nTo go back: {typed('model', 'adopt', str(kept.kept_file(opened, before)), store=store)}"
    out.print(told, highlight=False, markup=False, soft_wrap=True)


@models.command()
def compare(
    first: Annotated[Path, typer.Argument(exists=True)], second: Annotated[Path, typer.Argument(exists=True)]
) -> None:
    """Print how the weights of two models differ, the largest difference first."""
    from linkage.charts import match_weights  # noqa: PLC0415 - as above

    with spoken_errors():
        before, after = (dict(_flat(match_weights(read_model(file)))) for file in (first, second))
    if before == after:
        out.print("Both weigh every level alike.", highlight=False)
        return
    moved = sorted(before.keys() & after.keys(), key=lambda name: (-abs(after[name] - before[name]), name))
    out.print(f"{'bits':44} {'first':>6} {'second':>6}", style="bold", highlight=False)
    for name in moved:
        out.print(f"{_told(name):44} {before[name]:+6.1f} {after[name]:+6.1f}", highlight=False, markup=False)
    for which, alone in (("first", before.keys() - after.keys()), ("second", after.keys() - before.keys())):
        for name in sorted(alone):
            out.print(f"only in the {which}: {_told(name)}", highlight=False, markup=False)


def _told(name: tuple[str, str]) -> str:
    return ": ".join(name)


def _flat(weights: list[tuple[str, list[tuple[str, float]]]]) -> list[tuple[tuple[str, str], float]]:
    return [((field, level), bits) for field, levels in weights for level, bits in levels]


def _of_month(month: str | None, store: Path | None) -> "Model":
    from assets.matching import learnt  # noqa: PLC0415 - as above

    settings = settings_with(store=store)
    opened, chosen = published_month(settings, month)
    return learnt(opened, settings, chosen)


def _in_use(store: Path | None) -> "Model":
    from assets import models as kept  # noqa: PLC0415 - as above
    from linkage.shipped import borrowed_model  # noqa: PLC0415

    return kept.in_use(open_store(settings_with(store=store))) or borrowed_model()
