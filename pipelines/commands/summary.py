"""A finished month shown in a terminal."""

from typing import Any

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from pipelines.commands.console import out
from reports.family_list import FamilyList
from reports.month_summary import MonthSummary

_WIDE = 120
_CHANGES = {
    "new": "new",
    "same": "already on the list",
    "returned": "returned",
    "left": "left the list",
    "joined": "joined another family",
    "gone": "no longer seen as a family",
}


def show_summary(summary: MonthSummary) -> None:
    """Print the month's counts, beside those of the month before."""
    out.print(f"\n[bold]{summary.month}[/]  {escape(summary.programme)}")
    used = ", ".join(f"{summary.deliveries.get(status, 0)} {status}" for status in ("used", "refused", "late"))
    out.print(f"  Deliveries   {used}" + (f" (late: {', '.join(summary.late)})" if summary.late else ""))
    for refusal in summary.refused:
        out.print(f"    [yellow]refused[/] {escape(refusal)}", soft_wrap=True)
    out.print("  Rows         " + ", ".join(f"{count:,} {name}" for name, count in summary.rows.items()))
    out.print("  Found        " + ", ".join(f"{summary.counts[name]:,} {name}" for name in _KINDS))
    out.print(f"  Identified   [bold]{summary.counts['identified']:,}[/] families on the list{_against(summary)}")
    changes = [f"{summary.changes[name]:,} {told}" for name, told in _CHANGES.items() if summary.changes.get(name)]
    out.print(f"  Changes      {', '.join(changes) or 'none'}")


_KINDS = ("records", "people", "households", "families")


def _against(summary: MonthSummary) -> str:
    return f"  ({summary.before['identified']:,} the month before)" if summary.before["families"] else ""


def show_list(families: FamilyList, *, most: int | None = None) -> None:
    """Print the list, or its first rows, as a table; a wide terminal is also told the headlines by name."""
    shown = families.families.head(most) if most else families.families
    table = Table(title=f"Identified families, {families.month}", header_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Rank", justify="right", no_wrap=True)
    table.add_column("Family", no_wrap=True)
    table.add_column("Surnames", overflow="fold")
    table.add_column("People", no_wrap=True)
    table.add_column("Ward", no_wrap=True)
    table.add_column("Needs", justify="right", no_wrap=True)
    table.add_column("Change", no_wrap=True)
    if out.width >= _WIDE:
        table.add_column("Headlines", overflow="fold")
    for row in shown.itertuples(index=False):
        people = f"{row.adults} + {row.children}"
        cells = (row.rank, row.family_id, row.surnames, people, row.ward, row.needs_met, row.change)
        table.add_row(*map(_cell, cells), *([_cell(row.headlines)] if out.width >= _WIDE else []))
    out.print(table)
    out.print("  People: adults + children. Needs: criteria met.")
    if len(shown) < len(families.families):
        out.print(f"  first {len(shown)} of {len(families.families):,} families")


def _cell(value: Any) -> str:
    return "" if pd.isna(value) else escape(str(value))
