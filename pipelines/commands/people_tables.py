"""Any table of people in a file: read as it comes, refused in words that hold no value of it, and answers written."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import typer

from feeds.delimited import read_delimited
from feeds.delivered import DeliveredTable, folded, without_empty_rows
from feeds.errors import UnusableFileError
from feeds.workbooks import read_workbook
from linkage.errors import RecordsError, SpecError
from linkage.spec import LinkSpec


def described(spec: Path) -> LinkSpec:
    """The description in a TOML file; SpecError, naming the file, where it is none."""
    try:
        return LinkSpec.from_toml_text(spec.read_text("utf-8"))
    except UnicodeDecodeError:
        told = "it is no UTF-8 text. Save it as UTF-8"
    except SpecError as error:
        told = str(error)
    message = f"{spec}: {told}"
    raise SpecError(message)


def read_people(table: Path, spec: LinkSpec) -> pd.DataFrame:
    """The rows of a .parquet, .xlsx or delimited file, an empty cell as missing; RecordsError where it is none.

    Delimited are commas, semicolons or tabs, in UTF-8 or Windows-1252. All but Parquet's columns are text: numbers in a
    list of people are identifiers, which read as numbers would lose their leading zeros.
    """
    try:
        if table.suffix.lower() == ".parquet":
            return _columns(table)
        return _rows(table, spec)
    except UnusableFileError as error:
        told = str(error)
    message = f"{table}: {told}."
    raise RecordsError(message)


def refuse_unwritable(*files: Path | None, beside: Path | None = None) -> None:
    """Raise BadParameter where an answer has no folder to go to, or would be written over the table that it is of."""
    for file in files:
        if file is None:
            continue
        if not file.resolve().parent.is_dir():
            msg = f"{file} cannot be written: there is no folder {file.parent}. Make it first."
            raise typer.BadParameter(msg)
        if file.is_dir():
            msg = f"{file} cannot be written: it is a folder. Name a file in it."
            raise typer.BadParameter(msg)
        if beside is not None and file.resolve() == beside.resolve():
            msg = f"{file} is the table itself, and would be lost. Name another file."
            raise typer.BadParameter(msg)


def write(frame: pd.DataFrame, to: Path) -> None:
    """Write a frame as Parquet where the file is called so, else as CSV."""
    if to.suffix.lower() == ".parquet":
        frame.to_parquet(to, index=False)
    else:
        frame.to_csv(to, index=False)


def _columns(table: Path) -> pd.DataFrame:
    try:
        read = pq.read_table(table)
    except (pa.ArrowException, OSError, ValueError):
        read = None
    if read is None:
        raise UnusableFileError("the file is no readable Parquet file; write it again, or give the table as .csv")
    return pd.DataFrame(read.to_pandas())


def _rows(table: Path, spec: LinkSpec) -> pd.DataFrame:
    names = {folded(name): name for name in spec.named()}
    content = table.read_bytes()
    if not content.strip():
        raise UnusableFileError("the file is empty; its first row should name the columns")
    known = frozenset(names)
    is_book = table.suffix.lower() == ".xlsx"
    read = without_empty_rows(
        read_workbook(content, folded(table.stem), known) if is_book else read_delimited(content, known)
    )
    _refuse_ragged(read)
    cells = read.cells.rename_columns([names.get(folded(name), name) for name in read.cells.column_names])
    columns = [pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column) for column in cells.columns]
    return pd.DataFrame(pa.table(columns, names=cells.column_names).to_pandas())


def _refuse_ragged(read: DeliveredTable) -> None:
    if read.ragged:
        message = (
            f"{len(read.ragged):,} rows have more or fewer cells than the header, the first on line "
            f"{min(row.line for row in read.ragged)}; quote every text that holds a delimiter, and fill up short rows"
        )
        raise UnusableFileError(message)
