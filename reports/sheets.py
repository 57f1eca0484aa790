"""The list as files: CSV and a workbook that no spreadsheet can be tricked by."""

import datetime as dt
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.family_list import LIST_HEADINGS, FamilyList

# A cell that begins so is run as a formula by a spreadsheet that opens a CSV.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 60
NOTICE = "Personal data about children and families. Not for onward sharing."


def write_csv(families: FamilyList, file: Path) -> None:
    """The list's families as CSV that Excel opens with its accents right and its formulas dead."""
    frame = _text(families.families).rename(columns=LIST_HEADINGS)
    frame.map(_defused).to_csv(file, index=False, encoding="utf-8-sig")


def write_xlsx(families: FamilyList, file: Path, *, made_at: dt.datetime) -> None:
    """A workbook of a cover sheet, the families, their members and their needs."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        book.set_properties({"title": f"Identified families, {families.month}", "comments": NOTICE})
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        _cover(book.add_worksheet("About"), families, made_at, heading)
        _sheet(book.add_worksheet("Families"), families.families.rename(columns=LIST_HEADINGS), heading)
        _sheet(book.add_worksheet("Members"), _headed(families.members), heading)
        _sheet(book.add_worksheet("Needs met"), _headed(families.needs), heading)


def _cover(sheet: Worksheet, families: FamilyList, made_at: dt.datetime, heading: Format) -> None:
    says = {
        "Identified families": families.month,
        "Programme": families.programme,
        "Families": f"{len(families.families):,}",
        "Made": f"{made_at:%d %B %Y, %H:%M} UTC",
        "Handling": NOTICE,
    }
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 70)
    for row, (label, value) in enumerate(says.items()):
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
