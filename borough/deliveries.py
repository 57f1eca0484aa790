"""Tables as files: the forms in which agencies send them, and the note that says what was sent."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
import xlsxwriter

from borough import blunders, mistakes
from borough.chance import Ints, stream
from borough.contract import COLUMNS, NUMBERS, Table, is_date
from borough.days import UNKNOWN, Month

_FORMS = ("csv", "bom", "semicolon", "tab", "parquet", "xlsx")
_FORM_SHARES = np.array([0.36, 0.14, 0.14, 0.1, 0.14, 0.12])
_XLSX_ROWS = 2_500
_NARROW_ROWS = 150_000
_SUPPLIERS = {
    "school": "Capita One", "police": "Niche", "mash": "Liquidlogic", "jobcentre": "ADMS", "nominations": "Forms",
}  # fmt: skip
_EXTRA = {
    ("school", "pupils"): ("native_id", "house"),
    ("school", "contacts"): ("salutation",),
    ("police", "nominals"): ("force",),
    ("mash", "people"): ("team",),
    ("jobcentre", "claimants"): ("district",),
}
_NOTED = frozenset({"school", "mash", "jobcentre"})


@dataclass(frozen=True)
class Sent:
    """One file that was written; `source_ids` and `people` are given for tables that describe people."""

    feed: str
    table: str
    rows: int
    sha256: str
    source_ids: pa.Array | None
    people: Ints | None


def send(folder: Path, table: Table, month: Month, seed: int) -> Sent:
    """Write one table into its feed's folder in the form that chance gives it this month."""
    rng = stream(seed, "delivery", month.name, table.feed, table.name)
    form = _form(rng, len(table))
    arrow = _arrow(table, dates_as_text=form not in {"parquet", "xlsx"})
    arrow = blunders.doubtful_births(rng, arrow)
    arrow, people = blunders.spoil(rng, arrow, (table.feed, table.name), table.people)
    content = _with_extra(arrow, table)
    data = _bytes(content, form)
    suffix = form if form in {"parquet", "xlsx"} else "csv"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{table.name}.{suffix}").write_bytes(data)
    ids = None if people is None else _source_ids(arrow, table.key)
    return Sent(table.feed, table.name, arrow.num_rows, hashlib.sha256(data).hexdigest(), ids, people)


def note(folder: Path, feed: str, month: Month, sent: list[Sent]) -> None:
    """Write `delivery.toml` for the feeds whose supplier sends one; what it states is so."""
    if feed not in _NOTED:
        return
    lines = [f'supplier = "{_SUPPLIERS[feed]}"', f"extract_on = {month.date.isoformat()}"]
    for one in sent:
        lines += ["", f"[tables.{one.table}]", f"rows = {one.rows}", f'sha256 = "{one.sha256}"']
    (folder / "delivery.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _form(rng: np.random.Generator, rows: int) -> str:
    """Spreadsheets only for small tables, and no Windows-1252 for the largest."""
    form = _FORMS[int(np.searchsorted(np.cumsum(_FORM_SHARES), rng.random()))]
    if form == "xlsx" and rows > _XLSX_ROWS:
        return "csv"
    return "parquet" if form == "semicolon" and rows > _NARROW_ROWS else form


def _arrow(table: Table, *, dates_as_text: bool) -> pa.Table:
    """The contract's columns in order; missing values are null."""
    arrays = {}
    for name in COLUMNS[table.feed, table.name]:
        column = table.columns[name]
        if is_date(name):
            dates = pa.array(column.astype(np.int32), mask=column <= UNKNOWN).cast(pa.date32())
            arrays[name] = dates.cast(pa.string()) if dates_as_text else dates
        elif name in NUMBERS:
            arrays[name] = pa.array(column.astype(np.int32), mask=column < 0)
        else:
            text = pa.array(column, pa.string())
            arrays[name] = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    return pa.table(arrays)


def _with_extra(arrow: pa.Table, table: Table) -> pa.Table:
    """Columns that the contract does not know and readers leave aside."""
    for place, name in enumerate(_EXTRA.get((table.feed, table.name), ())):
        column = pa.array(np.char.mod("X%d", np.arange(arrow.num_rows) % (97 + place)), pa.string())
        arrow = arrow.append_column(name, column)
    return arrow


def _bytes(arrow: pa.Table, form: str) -> bytes:
    if form == "parquet":
        sink = BytesIO()
        pyarrow.parquet.write_table(arrow, sink, compression="zstd")
        return sink.getvalue()
    if form == "xlsx":
        return _xlsx(arrow)
    delimiter = {"semicolon": ";", "tab": "\t"}.get(form, ",")
    sink = BytesIO()
    pyarrow.csv.write_csv(arrow, sink, pyarrow.csv.WriteOptions(delimiter=delimiter))
    data = sink.getvalue()
    if form == "bom":
        return b"\xef\xbb\xbf" + data
    return _windows_1252(data.decode()) if form == "semicolon" else data


def _windows_1252(text: str) -> bytes:
    """The text in the old encoding; letters that it lacks lose their accents."""
    lacking = {letter for letter in set(text) if not _fits(letter)}
    return text.translate({ord(letter): mistakes.plain(letter) for letter in lacking}).encode("cp1252", "replace")


def _fits(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _xlsx(arrow: pa.Table) -> bytes:
    """A workbook of one sheet with true date cells; its own date is fixed, so that the same table is the same file."""
    sink = BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": dt.datetime(2026, 1, 1)})  # noqa: DTZ001 (a workbook's date has no zone)
    sheet = book.add_worksheet("data")
    for place, name in enumerate(arrow.column_names):
        sheet.write_string(0, place, name)
        for line, value in enumerate(arrow.column(name).to_pylist(), start=1):
            if isinstance(value, str):
                sheet.write_string(line, place, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(line, place, dt.datetime(value.year, value.month, value.day))  # noqa: DTZ001
            elif value is not None:
                sheet.write_number(line, place, value)
    book.close()
    return sink.getvalue()


def _source_ids(arrow: pa.Table, key: tuple[str, ...]) -> pa.Array:
    """The row's key, its parts joined; null where a part is empty."""
    parts = [arrow.column(name).combine_chunks().cast(pa.string()) for name in key]
    return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "|")
