"""A month's matching in pictures."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.console import out, spoken_errors
from pipelines.commands.flags import Month, StoreFolder, settings_with
from pipelines.commands.people_tables import refuse_unwritable
from pipelines.commands.published import published_month


def draw_month(
    to: Annotated[Path, typer.Option("--out", help="The page to write: one HTML file.")],
    month: Month = None,
    store: StoreFolder = None,
) -> None:
    """Draw how a published month was matched: weights, levels, scores, blocking, cluster sizes; no particulars."""
    from assets.month_charts import charts_page  # noqa: PLC0415 - the matcher takes seconds to import

    with spoken_errors():
        refuse_unwritable(to)
        opened, chosen = published_month(settings_with(store=store), month)
        to.write_text(charts_page(opened, chosen), "utf-8")
    out.print(f"The matching of {chosen}: {to}", highlight=False, markup=False, soft_wrap=True)
