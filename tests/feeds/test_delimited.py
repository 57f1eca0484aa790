"""Delimited text: encodings, delimiters, ragged rows, and the physical line of every row."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.delimited import read_delimited
from feeds.errors import UnusableFileError

KNOWN = frozenset({"pupil_id", "surname", "town"})


def read(text: str, encoding: str = "utf-8") -> tuple[list[list[str]], list[int]]:
    table = read_delimited(text.encode(encoding), KNOWN)
    return [list(row.values()) for row in table.cells.to_pylist()], table.lines.tolist()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_every_delimiter_encoding_and_line_end_reads_the_same(delimiter: str, encoding: str, end: str) -> None:
    lines = [["pupil_id", "surname", "town"], ["P1", "Brontë", "Zoë's, by; the sea"], ["P2", "", "x"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(lines)
    assert read(text.getvalue(), encoding) == (lines[1:], [2, 3])


def test_a_file_that_is_not_utf_8_says_how_it_was_read() -> None:
    assert read_delimited("pupil_id\nZoë\n".encode("cp1252"), KNOWN).notes == ("read as Windows-1252",)


def test_a_semicolon_file_with_commas_in_its_extra_headings_is_told_by_the_headings_of_the_contract() -> None:
    assert read("a,b,c,d;pupil_id;surname\n1,2,3,4;P1;X\n")[0] == [["1,2,3,4", "P1", "X"]]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("pupil_id\nP1\n".encode("utf-16"), "UTF-16"),
        ("pupil_id\nP1\n".encode("utf-16-le"), "UTF-16"),
        (b"pupil_id\n\x81\n", "neither UTF-8 nor Windows-1252"),
        (b"pupil_id,Pupil_ID \n1,2\n", "heading pupil_id comes more than once"),
    ],
)
def test_text_that_cannot_be_read_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnusableFileError, match=reason):
        read_delimited(content, KNOWN)


def test_a_line_is_counted_as_an_editor_counts_it() -> None:
    text = 'pupil_id,surname\nP1,"two\nlines"\n\nP2,x\n"P3","y\r\nz"\nP4,x'
    assert read(text)[1] == [2, 5, 6, 8]


def test_lines_before_the_header_and_a_header_over_two_lines_are_counted() -> None:
    assert read('\n\n"pupil_id","sur\nname"\nP1,x\n')[1] == [5]


def test_a_row_with_too_many_or_too_few_cells_is_set_aside_with_its_line_and_text() -> None:
    table = read_delimited(b'pupil_id,surname\nP1,"a\nb"\nP2\nP3,x,y\nP4,z\n', KNOWN)
    assert [(row.line, row.text) for row in table.ragged] == [(4, "P2"), (5, "P3,x,y")]
    assert table.lines.tolist() == [2, 6]
    assert table.rows == 4


def test_a_quotation_mark_within_a_text_is_text() -> None:
    assert read('pupil_id,surname\nP1,O"Brien\nP2,"Al ""Bo"" Capp"\n')[0] == [["P1", 'O"Brien'], ["P2", 'Al "Bo" Capp']]


def test_a_quotation_mark_that_is_never_closed_refuses_the_table_rather_than_swallow_its_rows() -> None:
    with pytest.raises(UnusableFileError, match="on line 3"):
        read('pupil_id,surname\nP1,x\nP2,"open\nP3,x\nP4,x\n')


def test_a_record_that_runs_over_a_hundred_lines_refuses_the_table() -> None:
    swallowed = "".join(f"P{n},x\n" for n in range(120))
    with pytest.raises(UnusableFileError, match="on line 2 "):
        read(f'pupil_id,surname\nP1,"open\n{swallowed}P2,x"\n')


def test_a_header_alone_is_no_rows() -> None:
    for text in ("pupil_id,surname", "pupil_id,surname\n", "pupil_id,surname\n\n\n"):
        assert read(text) == ([], [])


def test_extra_headings_may_be_empty_or_come_twice() -> None:
    names = read_delimited(b"pupil_id,,note,note\nP1,a,b,c\n", KNOWN).cells.column_names
    assert names == ["pupil_id", "column 2", "note", "note (4)"]


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet='ab,"\n\r ', max_size=40))
def test_rows_and_lines_are_those_of_the_standard_library_whatever_the_text(body: str) -> None:
    expected, before = [], 0
    reader = csv.reader(io.StringIO("pupil_id,surname\n" + body, newline=""))
    for row in reader:
        expected.append((before + 1, row))
        before = reader.line_num
    try:
        table = read_delimited(("pupil_id,surname\n" + body).encode(), KNOWN)
    except UnusableFileError:
        return
    rows = [list(row.values()) for row in table.cells.to_pylist()]
    assert list(zip(table.lines.tolist(), rows, strict=True)) == [
        (line, row) for line, row in expected[1:] if len(row) == 2
    ]
    blank = {line for line, row in expected[1:] if not "".join(row).strip()}
    assert {row.line for row in table.ragged} - blank == {
        line for line, row in expected[1:] if row and len(row) != 2
    } - blank
