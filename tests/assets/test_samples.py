"""Sheets as people give them back: what a spreadsheet does to a file is no fault of the reader's."""

from pathlib import Path

import pytest

from assets.samples import read_table
from linkage.errors import ReadingsError
from linkage.readings import labels_of

LABELS = "left_feed,left_table,left_id,right_feed,right_table,right_id,label"


def test_headings_in_capitals_and_empty_rows_are_read(tmp_path: Path) -> None:
    sheet = tmp_path / "first.csv"
    sheet.write_text("Pair , READING\ns1-0001,same\n,\n , \ns1-0002,different\n", "utf-8")
    table = read_table(sheet)
    assert list(table.columns) == ["pair", "reading"]
    assert table["pair"].tolist() == ["s1-0001", "s1-0002"]


def test_a_line_is_named_as_it_stands_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    one, other = "school,pupils,1,police,people,2,same", "school,pupils,3,police,people,4,perhaps"
    file.write_text(f"{LABELS}\n{one}\n,,,,,,\n{other}\n", "utf-8")
    with pytest.raises(ReadingsError, match=r"1 have a label other than .* \(line 4\)"):
        labels_of(read_table(file), told="labels.csv")


def test_what_is_no_csv_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_text("", "utf-8")
    with pytest.raises(ReadingsError, match="Save the sheet as CSV"):
        read_table(file)
