"""A frame as a table for people: plain headings, pounds as pounds, yes and no, nothing where nothing is."""

import pandas as pd

from pipelines.commands.console import out


def show(frame: pd.DataFrame, nothing: str = "none") -> None:
    """Print a frame as a table, or the words for a frame without rows."""
    out.print(as_text(frame) if len(frame) else nothing, highlight=False, markup=False, soft_wrap=True)


def as_text(frame: pd.DataFrame) -> str:
    """The table as lines: money (`…_gbp`) with pounds and thousands, shares (`percent…`) with their sign."""
    told = {_heading(name): [_cell(name, value) for value in frame[name]] for name in frame.columns}
    return pd.DataFrame(told).to_string(index=False)


def _heading(name: str) -> str:
    return name.removesuffix("_gbp").replace("_", " ")


def _cell(name: str, value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload] # a cell holds one value
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if name.endswith("_gbp"):
        return f"£{value:,}"
    return f"{value}%" if name.startswith("percent") else str(value)
