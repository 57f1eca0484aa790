"""One file as its table, still text: what every form of file is read into."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from feeds.errors import UnusableFileError


@dataclass(frozen=True)
class RaggedRow:
    """A row with more or fewer cells than the header, which no column can claim."""

    line: int
    text: str


@dataclass(frozen=True)
class DeliveredTable:
    """The rows of one file: one text column a heading, in the file's order, and the line on which each row starts.

    `cells` is named by the headings as delivered; an empty cell is empty text. Rows without any text are left out.
    """

    cells: pa.Table
    lines: np.ndarray
    ragged: tuple[RaggedRow, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Data rows of the file, the ragged ones among them."""
        return len(self.lines) + len(self.ragged)

    def column(self, name: str) -> pa.Array | None:
        """The column of that contract name, if the file has it."""
        for place, heading in enumerate(self.cells.column_names):
            if folded(heading) == name:
                return self.cells.column(place).combine_chunks()
        return None

    def records(self, places: np.ndarray) -> list[str]:
        """Whole rows as delivered, each as JSON."""
        rows = self.cells.take(pa.array(places)).to_pylist()
        return [json.dumps(row, ensure_ascii=False) for row in rows]


def folded(heading: str) -> str:
    """A heading as it is compared with the contract's column names."""
    return heading.strip().casefold()


def named(headings: Sequence[str], known: frozenset[str]) -> list[str]:
    """A distinct name for every column of a header; raises UnusableFileError where a contract column comes twice."""
    counts = Counter(folded(heading) for heading in headings)
    twice = sorted(name for name in known if counts[name] > 1)
    if twice:
        message = f"the heading {', '.join(twice)} comes more than once; leave one column of that name"
        raise UnusableFileError(message)
    seen: Counter[str] = Counter()
    names = []
    for place, heading in enumerate(headings, start=1):
        name = heading.strip() or f"column {place}"
        seen[folded(name)] += 1
        names.append(name if seen[folded(name)] == 1 else f"{name} ({place})")
    return names


def without_empty_rows(table: DeliveredTable) -> DeliveredTable:
    """The table without rows that hold no text at all, such as a spreadsheet leaves below its data."""
    suspects = np.arange(len(table.lines))
    for column in table.cells.columns:
        if not len(suspects):
            return table
        blank = pc.equal(pc.utf8_trim_whitespace(column.take(pa.array(suspects))), "")
        suspects = suspects[blank.to_numpy()]
    keep = np.ones(len(table.lines), dtype=bool)
    keep[suspects] = False
    if keep.all():
        return table
    notes = (*table.notes, f"{len(suspects)} empty rows passed over")
    return DeliveredTable(table.cells.filter(pa.array(keep)), table.lines[keep], table.ragged, notes)
