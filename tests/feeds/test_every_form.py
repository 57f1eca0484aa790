"""Workbooks, Parquet files and text say the same: one table, whatever form it came in."""

import io
from collections.abc import Callable
from datetime import date, datetime

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.delivered import DeliveredTable
from feeds.errors import UnusableFileError
from feeds.reading import read

FORMS = [".csv", ".xlsx", ".parquet"]
ODD = ['"', '""', "'", ";", ",", "a\tb", "1.0", "007", "1e5", "-", "=1+1", "NA", "null", "TRUE", "Ō'Ñeil"]
LETTERS = st.characters(blacklist_categories=("Cs", "Cc", "Co", "Cn"), whitelist_characters="\n")
UGLY = st.text(LETTERS, max_size=12) | st.sampled_from(ODD)


def values(table: DeliveredTable) -> list[list[str]]:
    return [[cell.strip() for cell in row.values()] for row in table.cells.to_pylist()]


def pupils(content: bytes, suffix: str) -> DeliveredTable:
    return read(content, suffix, feed="school", table="pupils")


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.fixed_dictionaries({"surname": UGLY, "town": UGLY}), min_size=1, max_size=5))
def test_ugly_text_reads_the_same_from_every_form(writers: dict[str, Callable[..., bytes]], rows: list[dict]) -> None:
    named = [
        {"pupil_id": f"P{number}", "surname": row["surname"], "town": row["town"]} for number, row in enumerate(rows)
    ]
    expected = [[cell.strip() for cell in row.values()] for row in named]
    for suffix, write in writers.items():
        assert values(pupils(write(named), suffix)) == expected, suffix
    for delimiter in ",;\t":
        for encoding in ("utf-8", "utf-8-sig"):
            assert values(pupils(writers[".csv"](named, delimiter, encoding), ".csv")) == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abcé€;\"',\n £ßÿ", max_size=8), min_size=1, max_size=5))
def test_windows_text_reads_as_it_was_written(write_csv: Callable[..., bytes], texts: list[str]) -> None:
    rows = [{"pupil_id": "Pé", "surname": text} for text in texts]
    assert values(pupils(write_csv(rows, ";", "cp1252"), ".csv")) == [["Pé", text.strip()] for text in texts]


@pytest.mark.parametrize("suffix", FORMS)
def test_typed_cells_read_as_the_contract_writes_them(writers: dict[str, Callable[..., bytes]], suffix: str) -> None:
    rows = [{"pupil_id": 7.0, "school_urn": 100001, "date_of_birth": pd.Timestamp(2015, 2, 3), "nc_year": 2.5}]
    assert values(pupils(writers[suffix](rows), suffix))[0][1:] == ["100001", "2015-02-03", "2.5"]


def test_whole_floats_yes_and_no_and_days_of_typed_cells(writers: dict[str, Callable[..., bytes]]) -> None:
    rows = [{"pupil_id": 7.0, "protected_address": True}, {"pupil_id": 8.0, "protected_address": False}]
    for suffix in (".xlsx", ".parquet"):
        assert values(pupils(writers[suffix](rows), suffix)) == [["7", "Y"], ["8", "N"]]


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book)
    return out.getvalue()


def test_a_line_is_the_sheets_row_and_the_header_its_first_row_with_text() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row, cells in {2: ["pupil_id", "surname"], 3: ["P1", "A"], 6: ["P2", "B"]}.items():
            sheet.write_row(row, 0, cells)

    table = pupils(workbook(fill), ".xlsx")
    assert table.lines.tolist() == [4, 7]
    assert table.notes == ("2 empty rows passed over",)


def test_the_sheet_named_like_the_table_is_read_else_the_first() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Notes").write_column(0, 0, ["pupil_id", "wrong"])
        book.add_worksheet("Pupils").write_column(0, 0, ["pupil_id", "right"])

    assert values(pupils(workbook(fill), ".xlsx")) == [["right"]]
    assert values(read(workbook(fill), ".xlsx", feed="school", table="exclusions")) == [["wrong"]]


def test_a_moment_keeps_its_day_and_time_and_an_error_cell_is_empty() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet, style = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, ["pupil_id", "entry_on", "town"])
        sheet.write_datetime(1, 1, datetime(2026, 9, 1, 8, 30), style)  # noqa: DTZ001 - a sheet knows no time zone
        sheet.write(1, 0, "P1")
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")

    assert values(pupils(workbook(fill), ".xlsx")) == [["P1", "2026-09-01 08:30:00", ""]]


def parquet(**columns: pa.Array) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def test_parquet_types_read_as_text_and_a_rows_line_counts_a_header() -> None:
    table = pupils(
        parquet(
            pupil_id=pa.array([1, None], pa.int32()),
            surname=pa.array(["A", "B"]).dictionary_encode(),
            date_of_birth=pa.array([date(2015, 2, 3), None]),
            entry_on=pa.array([datetime(2026, 9, 1), datetime(2026, 9, 2, 8)], pa.timestamp("us", tz="UTC")),  # noqa: DTZ001
            uprn=pa.array([100.0, float("nan")]),
            photo=pa.array([b"\xff", None]),
        ),
        ".parquet",
    )
    assert values(table) == [
        ["1", "A", "2015-02-03", "2026-09-01", "100", ""],
        ["", "B", "", "2026-09-02 08:00:00", "", ""],
    ]
    assert table.lines.tolist() == [2, 3]


@pytest.mark.parametrize("suffix", FORMS)
def test_a_file_of_no_bytes_is_refused(suffix: str) -> None:
    with pytest.raises(UnusableFileError, match="no bytes"):
        pupils(b"", suffix)


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_a_file_that_is_cut_off_or_something_else_is_refused(
    writers: dict[str, Callable[..., bytes]], suffix: str
) -> None:
    whole = writers[suffix]([{"pupil_id": f"P{number}", "surname": "A"} for number in range(50)])
    for broken in (whole[: len(whole) // 2], whole[:10], b"no such file"):
        with pytest.raises(UnusableFileError, match="no readable"):
            pupils(broken, suffix)


def test_an_empty_sheet_and_a_nested_column_are_refused() -> None:
    with pytest.raises(UnusableFileError, match="sheet is empty"):
        pupils(workbook(lambda book: book.add_worksheet()), ".xlsx")
    with pytest.raises(UnusableFileError, match="column surname holds neither"):
        pupils(parquet(pupil_id=pa.array(["P1"]), surname=pa.array([["A"]])), ".parquet")


@pytest.mark.parametrize("suffix", FORMS)
def test_a_header_alone_is_no_rows(writers: dict[str, Callable[..., bytes]], suffix: str) -> None:
    whole = {
        ".csv": b"pupil_id,surname\r\n",
        ".xlsx": workbook(lambda book: book.add_worksheet().write_row(0, 0, ["pupil_id", "surname"])),
        ".parquet": parquet(pupil_id=pa.array([], pa.string()), surname=pa.array([], pa.string())),
    }
    assert pupils(whole[suffix], suffix).rows == 0
