"""The runs as a page."""

import os
import platform
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import pandas as pd

HEAD = """# Benchmarks

Written by `make bench`; do not edit. Hearth's person matching and Splink {splink}, on the same machine in one run, turn
by turn, medians of {rounds} (of the million one). {machine}, {cores} cores.

Splink is at its best: the threshold of each set is the one that gives it the highest pairwise F1 *on the truth*; Hearth
has one fixed threshold for every set. Splink's time leaves the search for that threshold out. Both train on the set
itself. FEBRL is public; *historic* (older British people, few good columns, much error), *sources* (families known to
two, three or five agencies, each lacking columns, at two levels of error) and *thousand* are made by `bench.made`, the
borough by `borough/`: all generators of our own. On the borough Hearth also has what only it can use, and uses in the
pipeline: pairs that the feeds say are two people, and who is whose kin.

- *F1*, *precision*, *recall*: pairs of records in one cluster, against the truth. *B³*: the same averaged over records.
- *in home*: false links between two people of one true household, per 1,000 true pairs.
- *seconds*: from the table in memory to clusters, imports apart; *with imports* includes them. *MB*: peak of the
  process, the set itself included. The million are two made councils side by side.
"""
COLUMNS = {
    "set": "set", "records": "records", "engine": "engine", "f1": "F1", "precision": "precision", "recall": "recall",
    "b_cubed": "B³", "household": "in home", "seconds": "seconds", "with_imports": "with imports", "peak_mb": "MB",
}  # fmt: skip


HOMES_HEADING = "## Households, families and ids"
MONTHS_HEADING = "## A month by what changed in it"


def put(out: Path, heading: str, lines: list[str]) -> None:
    """Put a section that another bench measures into the page, in place of its earlier self, else at the end."""
    sections = _sections(out)
    sections[heading] = "\n".join(["", *lines, ""])
    _page(out, sections)


def _sections(out: Path) -> dict[str, str]:
    """The page by its headings of the second order; what stands before them under no heading at all."""
    parts = re.split(r"^(## .*)$", out.read_text("utf-8") if out.is_file() else "", flags=re.MULTILINE)
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))


def _page(out: Path, sections: Mapping[str, str]) -> None:
    told = [part.strip("\n") for each in sections.items() for part in each]
    out.write_text("\n\n".join(part for part in told if part) + "\n", encoding="utf-8")


def write(runs: pd.DataFrame, out: Path, *, rounds: int) -> None:
    """Write the page."""
    runs = runs.assign(with_imports=runs["seconds"] + runs["imports"])
    if "household" not in runs:
        runs["household"] = float("nan")
    middle = runs.groupby(["set", "engine"], sort=False).median(numeric_only=True).reset_index()
    head = HEAD.format(
        splink=version("splink"),
        rounds=rounds,
        machine=f"{platform.system()} {platform.machine()}",
        cores=os.cpu_count(),
    )
    heading, *ratios = _ratios(middle)
    own = {"": "\n".join([head, *_table(middle)]), heading: "\n".join(ratios)}
    _page(out, own | {name: text for name, text in _sections(out).items() if name not in own})


def _table(middle: pd.DataFrame) -> list[str]:
    lines = ["| " + " | ".join(COLUMNS.values()) + " |", "|" + "---|" * len(COLUMNS)]
    for _, row in middle.iterrows():
        lines.append("| " + " | ".join(_cell(name, row[name]) for name in COLUMNS) + " |")
    return lines


def _cell(name: str, value: float | str) -> str:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return ""
    if name in {"records", "peak_mb"}:
        return f"{value:,.0f}"
    return f"{value:.1f}" if name in {"household", "seconds", "with_imports"} else f"{value:.4f}"


def _ratios(middle: pd.DataFrame) -> list[str]:
    lines = [
        "## Hearth against Splink",
        "",
        "| set | errors (1 - F1) | time | time with imports | memory |",
        "|---|---|---|---|---|",
    ]
    for name, rows in middle.groupby("set", sort=False):
        ours, theirs = rows.set_index("engine").loc["hearth"], rows.set_index("engine").loc["splink"]
        errors = _errors(float(ours["f1"]), float(theirs["f1"]))
        faster = [f"{theirs[column] / ours[column]:.1f} times faster" for column in ("seconds", "with_imports")]
        lines.append(
            f"| {name} | {errors} | {faster[0]} | {faster[1]} | {ours['peak_mb'] / theirs['peak_mb']:.2f} of it |"
        )
    return lines


def _errors(ours: float, theirs: float) -> str:
    if ours == 1:
        return "none left"
    return "**some, where Splink has none**" if theirs == 1 else f"{(1 - theirs) / (1 - ours):.1f} times fewer"
