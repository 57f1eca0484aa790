"""Matching for its own sake: any table of people linked, and why two records were joined or not."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assets.store import open_store
from pipelines.commands.console import counted, out, spoken_errors, warn
from pipelines.commands.flags import Month, StoreFolder, settings_with
from pipelines.commands.people_tables import described, read_people, refuse_unwritable, write
from pipelines.commands.published import published_month

if TYPE_CHECKING:
    import pandas as pd

    from linkage.engine import Linked
    from linkage.model import Model

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
        refuse_unwritable(to, links, charts, beside=table)
        if held and any(file and file.resolve().parent == held.resolve() for file in (to, links, charts)):
            msg = f"{held} holds a matching and nothing else. Write the answer to another folder."
            raise typer.BadParameter(msg)
        linked = link_people(table, spec, model, held)
        write(linked.clusters, to)
        if links:
            write(linked.links, links)
        if charts:
            _write_charts(linked, spec, charts)
    looked = f" ({linked.fresh:,} of them new or changed)" if held else ""
    records, found = len(linked.clusters), linked.clusters["cluster_id"].nunique()
    told = (
        f"{counted(records, 'record')}{looked} {'is' if records == 1 else 'are'} {counted(found, 'person', 'people')}"
    )
    out.print(f"{told}: {to}", highlight=False, markup=False, soft_wrap=True)


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
        refuse_unwritable(svg, beside=table)
        linked, decisions = (link_people(table, spec), None) if table and spec else _month_linked(month, store)
        told = explained(linked, left, right, decisions=decisions)
        if svg:
            svg.write_text(told.as_svg(), "utf-8")
    out.print(told.as_text(), highlight=False, markup=False, soft_wrap=True)


def link_people(table: Path, spec: Path, model: Path | None = None, held: Path | None = None) -> "Linked":
    """A table in a file matched as its description says; what cannot be read of it is told beside."""
    from assets.held_matching import check_folder, keep_held, read_held  # noqa: PLC0415 - as above
    from linkage.engine import link  # noqa: PLC0415
    from linkage.held import described as depends_on  # noqa: PLC0415
    from linkage.unread import unread  # noqa: PLC0415

    said = described(spec)
    settings = settings_with()
    if held:
        check_folder(held)
    people = read_people(table, said)
    before, chosen = read_held(held) if held else None, read_model(model) if model else None
    fits = before is not None and before.described == depends_on(said, has_kin=False)
    if held and held.is_dir() and any(held.iterdir()) and not fits:
        learnt = "" if chosen else ", by a model learnt anew from it"
        told = "holds a table described otherwise, or what other software held, or what was cut short"
        warn(f"{held} {told}: the whole table is matched{learnt}.")
    linked = link(
        people,
        said,
        model=chosen,
        held=before,
        is_held=held is not None,
        threads=settings.threads,
        memory_limit=settings.memory_limit,
        temp_directory=str(open_store(settings).scratch),
    )
    for sentence in unread(people, said):
        warn(sentence)
    if held and linked.held:
        keep_held(held, linked.held)
    return linked


def read_model(file: Path) -> "Model":
    """A model's file; ModelTextError, naming it, where it is none."""
    from linkage.errors import ModelTextError  # noqa: PLC0415 - as above
    from linkage.model import Model  # noqa: PLC0415

    try:
        return Model.from_text(file.read_text("utf-8"))
    except (UnicodeDecodeError, OSError):
        told = "the file cannot be read as a model. Make one with: hearth model train"
    except ModelTextError as error:
        told = str(error)
    message = f"{file}: {told}"
    raise ModelTextError(message)


def _month_linked(month: str | None, store: Path | None) -> "tuple[Linked, pd.DataFrame]":
    """A published month's match, as it was made, and the decisions that stand now."""
    from assets.matching import decisions_now, linked_month  # noqa: PLC0415 - as above

    settings = settings_with(store=store)
    opened, chosen = published_month(settings, month)
    return linked_month(opened, settings, chosen), decisions_now(opened)


def _write_charts(linked: "Linked", spec: Path, to: Path) -> None:
    from linkage.charts import page  # noqa: PLC0415 - as above

    to.write_text(page(linked, described(spec).settings), "utf-8")
