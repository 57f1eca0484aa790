"""The list as files: CSV and a workbook that no spreadsheet can be tricked by."""

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.family_list import LIST_HEADINGS, FamilyList

# A cell that begins so is run as a formula by a spreadsheet that opens a CSV.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_WIDEST = 60
NOTICE = "Personal data about children and families. Not for onward sharing."


def write_csv(families: FamilyList, file: Path) -> None:
    """The list's families as CSV that Excel opens with its accents right and its formulas dead."""
    file.write_bytes(csv_of(families.families.rename(columns=LIST_HEADINGS)))


def csv_of(frame: pd.DataFrame, *, about: Mapping[str, str] | None = None) -> bytes:
    """A frame as CSV that Excel opens with accents right and formulas dead; what it is about stands above it."""
    text = _text(frame)
    table = text.rename(columns=_defused).map(_defused).to_csv(index=False, lineterminator="\r\n")
    cover = pd.DataFrame([(_defused(label), _defused(value)) for label, value in (about or {}).items()])
    above = cover.to_csv(index=False, header=False, lineterminator="\r\n") + "\r\n" if about else ""
    return (above + table).encode("utf-8-sig")


def write_xlsx(families: FamilyList, file: Path, *, made_at: dt.datetime) -> None:
    """A workbook of a cover sheet, the families, their members and their needs."""
    about = {
        "Identified families": families.month,
        "Programme": families.programme,
        "Families": f"{len(families.families):,}",
        "Made": f"{made_at:%d %B %Y, %H:%M} UTC",
        "Handling": NOTICE,
    }
    sheets = {
        "Families": families.families.rename(columns=LIST_HEADINGS),
        "Members": _headed(families.members),
        "Needs met": _headed(families.needs),
    }
    file.write_bytes(xlsx_of(sheets, title=f"Identified families, {families.month}", about=about))


def xlsx_of(sheets: Mapping[str, pd.DataFrame], *, title: str, about: Mapping[str, str]) -> bytes:
    """A workbook of a cover sheet that says what it is about, and a sheet for each frame under its headings."""
    target = io.BytesIO()
    options = {
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True
    }  # fmt: skip
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": title, "comments": NOTICE})
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        _cover(book.add_worksheet("About"), about, heading)
        for name, frame in sheets.items():
            _sheet(book.add_worksheet(name), frame, heading)
    return target.getvalue()


def _cover(sheet: Worksheet, about: Mapping[str, str], heading: Format) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 70)
    for row, (label, value) in enumerate(about.items()):
        sheet.write_string(row, 0, label, heading)
        sheet.write_string(row, 1, value)


def _sheet(sheet: Worksheet, frame: pd.DataFrame, heading: Format) -> None:
    text = _text(frame)
    for column, name in enumerate(text.columns):
        sheet.write_string(0, column, name, heading)
        for row, (shown, value) in enumerate(zip(text[name], frame[name], strict=True), start=1):
            if pd.api.types.is_numeric_dtype(frame[name].dtype) and not pd.isna(value):
                sheet.write_number(row, column, float(value))
            else:
                sheet.write_string(row, column, shown)
        longest = max([len(name), *text[name].str.len()])
        sheet.set_column(column, column, min(longest + 2, _WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(text), 1), len(text.columns) - 1)


def _headed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns=lambda name: name.replace("_", " ").capitalize())


def _text(frame: pd.DataFrame) -> pd.DataFrame:
    shown = frame.copy()
    for name in shown.columns:
        if pd.api.types.is_datetime64_any_dtype(shown[name].dtype):
            shown[name] = shown[name].dt.strftime("%Y-%m-%d")
    return shown.astype(object).where(shown.notna(), "").map(str)


def _defused(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
