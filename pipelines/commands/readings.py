"""How right a published month is where nobody knows the truth: pairs drawn, read by two people, or labelled."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from assets import samples
from assets.store import Store, open_store
from linkage.groups import of_pairs, served
from linkage.readings import labels_of, readings_of
from linkage.statement import SAME, Share, settled_by, shares, state
from pipelines.commands.console import fail, out, spoken_errors
from pipelines.commands.flags import Month, StoreFolder, settings_with
from pipelines.commands.people_tables import refuse_unwritable
from pipelines.commands.published import published_month
from pipelines.commands.served import show_groups
from pipelines.commands.typed import typed

Sheet = Annotated[Path, typer.Argument(help="A sheet as one reader filled it in.", exists=True, dir_okay=False)]
Most = Annotated[int, typer.Option(min=0, help="Name at most so many misses, and so many false joins.")]


def draw(
    size: Annotated[int, typer.Option(min=5, help="How many pairs to read.")] = 400,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same pairs again.")] = 1,
    month: Month = None,
    to: Annotated[Path | None, typer.Option("--out", help="The sheet; in the store if left out.")] = None,
    store: StoreFolder = None,
) -> None:
    """Draw pairs of a published month for two people to read, each on a copy of the sheet."""
    with spoken_errors():
        opened, chosen = published_month(settings_with(store=store), month)
        refuse_unwritable(to)
        file, pairs = samples.draw_sample(opened, chosen, size=size, seed=seed, to=to)
    out.print(
        f"{pairs:,} pairs of {chosen} to read: {file}\nIt holds names. Give each of two readers a copy; they fill in "
        "`reading` with same, different or cannot tell, and do not confer. Then: "
        + typed("evaluate", "read", "FIRST", "SECOND", store=store),
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def read(first: Sheet, second: Sheet, most: Most = 20, store: StoreFolder = None) -> None:
    """Say how right a month is by two readings of its sample: misses, precision, recall, agreement, groups."""
    with spoken_errors():
        opened = open_store(settings_with(store=store))
        if first.resolve() == second.resolve():
            fail(f"{first} was named twice; two people are to read, each on a copy of the sheet.")
        filled = {file: samples.read_table(file) for file in (first, second)}
        sample = samples.sample_of(opened, filled[first], told=str(first))
        one, other = (readings_of(sheet, sample.drawn, told=str(file)) for file, sheet in filled.items())
        told = state(sample.drawn, one, other)
        settled = settled_by(one, other)
        pairs = sample.drawn[settled].assign(is_same=one[settled].eq(SAME))
        _show_mistakes(pairs, most, store, sample.month)
        out.print(
            f"{sample.month}: {len(one):,} pairs read twice: {told.settled:,} settled, {told.disputed:,} disputed, "
            f"{told.unsure:,} of which a reader cannot tell",
            highlight=False,
        )
        _show_shares(told.precision, told.recall, {"agreement of the readers (kappa)": f"{told.kappa:.3f}"})
        _show_groups(opened, sample.month, pairs, pairs["stands_for"])
    out.print("Recall is among the pairs that were kept; one that was never compared is in no sample.", highlight=False)


def labels(
    file: Annotated[Path, typer.Argument(help="CSV of labelled pairs.", exists=True, dir_okay=False)],
    month: Month = None,
    most: Most = 20,
    store: StoreFolder = None,
) -> None:
    """Hold a published month against labelled pairs: left_feed, left_table, left_id, right_feed …, label."""
    with spoken_errors():
        opened, chosen = published_month(settings_with(store=store), month)
        known = labels_of(samples.read_table(file), told=str(file))
        person = samples.person_of(opened, chosen)
        found = {side: known[f"{side}_id"].map(person) for side in ("left", "right")}
        both = found["left"].notna() & found["right"].notna()
        pairs = known.assign(is_joined=found["left"].eq(found["right"]))[both].reset_index(drop=True)
        _show_mistakes(pairs, most, store, chosen)
        out.print(
            f"{chosen}: {len(pairs):,} labelled pairs; {int((~both).sum()):,} more are of records that the month lacks",
            highlight=False,
        )
        _show_shares(*shares(pairs["is_joined"], pairs["is_same"]))
        _show_groups(opened, chosen, pairs)
    out.print("These are the shares of the pairs labelled, however they were chosen.", highlight=False)


def _show_mistakes(pairs: pd.DataFrame, most: int, store: Path | None, month: str) -> None:
    missed, false = pairs["is_same"] & ~pairs["is_joined"], ~pairs["is_same"] & pairs["is_joined"]
    for title, which in (("Missed: one person, not joined", missed), ("Falsely joined: two people", false)):
        _show_pairs(title, pairs[which], most, store, month)


def _show_pairs(title: str, pairs: pd.DataFrame, most: int, store: Path | None, month: str) -> None:
    out.print(f"{title}: {len(pairs):,} pairs", style="bold", highlight=False)
    for left, right in pairs[["left_id", "right_id"]].head(most).itertuples(index=False):
        told = typed("explain", left, right, store=store, month=month)
        out.print(f"  {told}", highlight=False, markup=False, soft_wrap=True)
    if len(pairs) > most:
        out.print(f"  … and {len(pairs) - most:,} more", highlight=False)


def _show_shares(precision: Share, recall: Share, others: dict[str, str] | None = None) -> None:
    table = Table(show_header=False, box=None)
    for name, share in (("precision", precision), ("recall", recall)):
        table.add_row(name, _in_words(share))
    for name, value in (others or {}).items():
        table.add_row(name, value)
    out.print(table)


def _in_words(share: Share) -> str:
    if not share.pairs:
        return "no pair says"
    return f"{share.value:.4f}  (95 %: {share.low:.4f} to {share.high:.4f}; {share.pairs:,} pairs)"


def _show_groups(store: Store, month: str, pairs: pd.DataFrame, weight: pd.Series | None = None) -> None:
    groups = of_pairs(samples.groups(store, month), pairs["left_id"], pairs["right_id"]).set_index(pairs.index)
    cases = {
        "missed": (pairs["is_same"], ~pairs["is_joined"]),
        "false": (pairs["is_joined"], ~pairs["is_same"]),
    }
    rates = {
        kind: served(wrong[of], groups[of], None if weight is None else weight[of])
        for kind, (of, wrong) in cases.items()
    }
    show_groups(rates, of="pairs")
