"""A finished month shown in a terminal."""

from rich.markup import escape
from rich.table import Table

from pipelines.commands.console import out
from reports.family_list import LIST_HEADINGS, FamilyList
from reports.month_summary import MonthSummary

_SHOWN = [
    "rank",
    "family_id",
    "surnames",
    "adults",
    "children",
    "ward",
    "needs_met",
    "headlines",
    "change",
    "oldest_data",
]
_NUMBERS = {"rank", "adults", "children", "needs_met"}
_CHANGES = {"new": "new", "same": "already on the list", "returned": "returned", "left": "left"}


def show_summary(summary: MonthSummary) -> None:
    """Print the month's counts, beside those of the month before."""
    out.print(f"\n[bold]{summary.month}[/]  {escape(summary.programme)}")
    used = ", ".join(f"{summary.deliveries.get(status, 0)} {status}" for status in ("used", "refused", "late"))
    out.print(f"  Deliveries   {used}" + (f" (late: {', '.join(summary.late)})" if summary.late else ""))
    for refusal in summary.refused:
        out.print(f"    [yellow]refused[/] {escape(refusal)}", soft_wrap=True)
    out.print("  Rows         " + ", ".join(f"{count:,} {name}" for name, count in summary.rows.items()))
    out.print("  Found        " + ", ".join(f"{summary.counts[name]:,} {name}" for name in _KINDS))
    out.print(f"  Identified   [bold]{summary.counts['identified']:,} families[/]{_against(summary)}")
    changes = [f"{summary.changes[name]:,} {told}" for name, told in _CHANGES.items() if summary.changes.get(name)]
    out.print(f"  Changes      {', '.join(changes) or 'none'}")


_KINDS = ("records", "people", "households", "families")


def _against(summary: MonthSummary) -> str:
    return f"  ({summary.before['identified']:,} the month before)" if summary.before["families"] else ""


def show_list(families: FamilyList, *, most: int | None = None) -> None:
    """Print the list, or its first rows, as a table."""
    shown = families.families.head(most) if most else families.families
    table = Table(title=f"Identified families, {families.month}", header_style="bold", show_lines=False)
    for name in _SHOWN:
        table.add_column(LIST_HEADINGS[name], justify="right" if name in _NUMBERS else "left", overflow="fold")
    for row in shown[_SHOWN].itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    out.print(table)
    if len(shown) < len(families.families):
        out.print(f"  first {len(shown)} of {len(families.families):,} families")


def _cell(value: object) -> str:
    if value is None or value != value or str(value) in {"<NA>", "NaT"}:  # noqa: PLR0124 - NaN is unequal to itself
        return ""
    return escape(str(value).removesuffix(" 00:00:00"))
