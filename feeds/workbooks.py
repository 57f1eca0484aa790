"""Spreadsheets (.xlsx): the sheet that carries the table, and each row's own number in it."""

import io

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from feeds.cells import cell_text
from feeds.delivered import DeliveredTable, named
from feeds.errors import UnusableFileError


def read_workbook(content: bytes, table: str, known: frozenset[str]) -> DeliveredTable:
    """Read the sheet named like the table, else the first; raises UnusableFileError with the reason."""
    rows = _rows(content, table)
    top = next((place for place, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if top is None:
        message = "the sheet is empty; its first row should name the columns"
        raise UnusableFileError(message)
    names = named(rows[top], known)
    body = rows[top + 1 :]
    columns = zip(*body, strict=True) if body else [[] for _ in names]
    cells = pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})
    return DeliveredTable(cells, np.arange(len(body), dtype=np.int64) + top + 2)


def _rows(content: bytes, table: str) -> list[list[str]]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            values = _sheet(workbook, table).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError):
        values = None
    if values is None:
        message = "the file is no readable .xlsx workbook; open it in a spreadsheet and save it again"
        raise UnusableFileError(message)
    return [[cell_text(value) for value in row] for row in values]


def _sheet(workbook: CalamineWorkbook, table: str) -> CalamineSheet:
    names = workbook.sheet_names
    same = [place for place, name in enumerate(names) if name.strip().casefold() == table]
    return workbook.get_sheet_by_index(same[0] if same else 0)
