"""Matching for its own sake: any table of people linked, the model in use, and why two records were joined or not."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import pyarrow.csv
import pyarrow.parquet
import typer

from assets.store import open_store
from pipelines.commands.console import out, spoken_errors
from pipelines.commands.flags import Month, StoreFolder, settings_with
from pipelines.commands.published import published_month

if TYPE_CHECKING:
    from linkage.engine import Linked
    from linkage.model import Model

models = typer.Typer(no_args_is_help=True, help="The matching model: train, show, compare.")

Spec = Annotated[Path, typer.Option("--spec", help="TOML: which column is of which kind.", exists=True, dir_okay=False)]
Table = Annotated[Path, typer.Argument(help="The table: .parquet or .csv.", exists=True, dir_okay=False)]


def link_table(
    table: Table,
    spec: Spec,
    to: Annotated[Path, typer.Option("--out", help="One row a record: id, cluster_id.")],
    links: Annotated[Path | None, typer.Option(help="Also write the scored pairs here.")] = None,
    model: Annotated[Path | None, typer.Option(help="A model trained before.", exists=True, dir_okay=False)] = None,
    charts: Annotated[Path | None, typer.Option(help="Also write the run's charts here, as one HTML file.")] = None,
    held: Annotated[
        Path | None,
        typer.Option(
            help="A folder: begin from what it holds of the table's last state, and hold this one there. "
            "It holds the records' names and addresses.",
            file_okay=False,
        ),
    ] = None,
) -> None:
    """Find the records of one person in any table of people."""
    with spoken_errors():
        linked = _linked(table, spec, model, held)
        _write(linked.clusters, to)
        if links:
            _write(linked.links, links)
        if charts:
            _write_charts(linked, spec, charts)
    found = linked.clusters["cluster_id"].nunique()
    looked = f" ({linked.fresh:,} of them new or changed)" if held else ""
    out.print(f"{len(linked.clusters):,} records{looked} are {found:,} people: {to}", highlight=False, soft_wrap=True)


def explain(
    left: Annotated[str, typer.Argument(help="A record: feed|table|key, or an id of --table.")],
    right: Annotated[str, typer.Argument(help="The other record.")],
    month: Month = None,
    store: StoreFolder = None,
    table: Annotated[Path | None, typer.Option(help="Explain a pair of this table instead.", exists=True)] = None,
    spec: Annotated[Path | None, typer.Option(help="What the table's columns are.", exists=True)] = None,
    svg: Annotated[Path | None, typer.Option(help="Also draw the waterfall here.")] = None,
) -> None:
    """Say why two records were joined, or were not: levels, weights and rules, no particulars."""
    from linkage.explain import explain as explained  # noqa: PLC0415 - the matcher takes seconds to import

    with spoken_errors():
        if (table is None) != (spec is None):
            raise typer.BadParameter("--table and --spec go together")
        linked = _linked(table, spec, None) if table and spec else _month_linked(month, store)
        told = explained(linked, left, right)
        if svg:
            svg.write_text(told.as_svg(), "utf-8")
    out.print(told.as_text(), highlight=False, markup=False, soft_wrap=True)


@models.command()
def train(
    table: Table,
    spec: Spec,
    to: Annotated[Path, typer.Option("--out", help="Where to write the model.")],
) -> None:
    """Learn a model from a table of people."""
    with spoken_errors():
        trained = _linked(table, spec, None).model
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
        shown = _model(model) if model else _in_use(store)
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
        kept.adopt(opened, _model(model))
    out.print(f"{opened.root} now makes months by {model}. Run the month again to see what changes.", highlight=False)


@models.command()
def compare(
    first: Annotated[Path, typer.Argument(exists=True)], second: Annotated[Path, typer.Argument(exists=True)]
) -> None:
    """Print how the weights of two models differ, the largest difference first."""
    from linkage.charts import match_weights  # noqa: PLC0415 - as above

    with spoken_errors():
        before, after = (dict(_flat(match_weights(_model(file)))) for file in (first, second))
    moved = sorted(before.keys() & after.keys(), key=lambda name: -abs(after[name] - before[name]))
    for name in moved:
        field, level = name
        out.print(f"{field + ': ' + level:44} {before[name]:+6.1f} {after[name]:+6.1f}", highlight=False)
    for name in sorted(before.keys() ^ after.keys()):
        out.print(f"only in one of them: {name[0]}: {name[1]}", highlight=False)


def _flat(weights: list[tuple[str, list[tuple[str, float]]]]) -> list[tuple[tuple[str, str], float]]:
    return [((field, level), bits) for field, levels in weights for level, bits in levels]


def _linked(table: Path, spec: Path, model: Path | None, held: Path | None = None) -> "Linked":
    from assets.held_matching import keep_held, read_held  # noqa: PLC0415 - as above
    from linkage.engine import link  # noqa: PLC0415
    from linkage.spec import LinkSpec  # noqa: PLC0415

    described = LinkSpec.from_toml_text(spec.read_text("utf-8"))
    settings = settings_with()
    linked = link(
        _read(table),
        described,
        model=_model(model) if model else None,
        held=read_held(held) if held else None,
        is_held=held is not None,
        threads=settings.threads,
        memory_limit=settings.memory_limit,
        temp_directory=str(open_store(settings).scratch),
    )
    if held and linked.held:
        keep_held(held, linked.held)
    return linked


def _month_linked(month: str | None, store: Path | None) -> "Linked":
    from assets.matching import linked_month  # noqa: PLC0415 - as above

    settings = settings_with(store=store)
    opened, chosen = published_month(settings, month)
    return linked_month(opened, settings, chosen)


def _model(file: Path) -> "Model":
    from linkage.model import Model  # noqa: PLC0415 - as above

    return Model.from_text(file.read_text("utf-8"))


def _in_use(store: Path | None) -> "Model":
    from assets import models as kept  # noqa: PLC0415 - as above
    from linkage.shipped import borrowed_model  # noqa: PLC0415

    return kept.in_use(open_store(settings_with(store=store))) or borrowed_model()


def _write_charts(linked: "Linked", spec: Path, to: Path) -> None:
    from linkage.charts import page  # noqa: PLC0415 - as above
    from linkage.spec import LinkSpec  # noqa: PLC0415

    to.write_text(page(linked, LinkSpec.from_toml_text(spec.read_text("utf-8")).settings), "utf-8")


def _read(table: Path) -> pd.DataFrame:
    if table.suffix.lower() == ".parquet":
        return pd.DataFrame(pyarrow.parquet.read_table(table).to_pandas())
    as_text = pyarrow.csv.ConvertOptions(strings_can_be_null=True, column_types=_all_text(table))
    return pd.DataFrame(pyarrow.csv.read_csv(table, convert_options=as_text).to_pandas())


def _all_text(table: Path) -> dict[str, pyarrow.DataType]:
    # Numbers in a list of people are identifiers: read as numbers they would lose their leading zeros.
    return dict.fromkeys(pyarrow.csv.open_csv(table).schema.names, pyarrow.string())


def _write(frame: pd.DataFrame, to: Path) -> None:
    if to.suffix.lower() == ".parquet":
        frame.to_parquet(to, index=False)
    else:
        frame.to_csv(to, index=False)
