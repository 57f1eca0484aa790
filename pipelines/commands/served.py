"""Whom a linkage serves worse, in words: rates by group, and a warning where one fares worse by more than chance."""

from collections.abc import Mapping

import pandas as pd
from rich.table import Table

from linkage.groups import FEWEST
from pipelines.commands.console import out

_IN_WORDS = {"missed": "missed more often", "false": "falsely joined more often"}


def show_groups(rates: Mapping[str, pd.DataFrame], *, of: str) -> None:
    """Print the rates of each kind of mistake (`missed`, `false`) by group, as `linkage.groups.served` gives them.

    Areas of too few cases to say anything are left out, for there are many.
    """
    table = Table(title=f"By group, of {of}", box=None)
    table.add_column("")
    for kind in rates:
        table.add_column(kind, justify="right")
        table.add_column("of", justify="right")
    indexed = {kind: rate.set_index(["grouping", "group"]) for kind, rate in rates.items()}
    for place in dict.fromkeys(place for rate in indexed.values() for place in rate.index):
        if place[0] == "area" and all(rate["cases"].to_dict().get(place, 0) < FEWEST for rate in indexed.values()):
            continue
        cells = [cell for rate in indexed.values() for cell in _cells(rate, place)]
        table.add_row(_in_words(": ".join(place)), *cells)
    out.print(table)
    for sentence in warnings(rates):
        out.print(sentence, style="bold", highlight=False, markup=False, soft_wrap=True)


def warnings(rates: Mapping[str, pd.DataFrame]) -> list[str]:
    """One sentence for each group that fares worse than the others by more than chance."""
    return [
        f"WARNING: {_in_words(str(row.grouping))} {row.group} is {_IN_WORDS[kind]} than the others: "
        f"{row.share:.1%} of {row.cases:,} against {row.others:.1%}"
        for kind, rate in rates.items()
        for row in rate[rate["is_worse"]].itertuples()
    ]


def _in_words(name: str) -> str:
    return name.replace("_", " ")


def _cells(rate: pd.DataFrame, place: tuple[str, str]) -> tuple[str, str]:
    if place not in rate.index:
        return "", ""
    share, cases = rate["share"].at[place], rate["cases"].at[place]
    return f"{share:.1%}", f"{cases:,}"
