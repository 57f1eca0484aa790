"""Delimited text: its encoding, its delimiter, its rows, and the physical line on which each row starts."""

import csv
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv

from feeds.delivered import DeliveredTable, RaggedRow, folded, named
from feeds.errors import UnusableFileError

DELIMITERS = ",;\t"
LONGEST_RECORD = 100
_HEADER_BYTES = 1 << 16
_LINE_END = re.compile(rb"\r\n|\r|\n")
_END = "\x00end"


@dataclass(frozen=True)
class _Header:
    headings: list[str]
    delimiter: str
    lines: int


def read_delimited(content: bytes, known: frozenset[str]) -> DeliveredTable:
    """Read delimited text whose headings the contract knows; raises UnusableFileError with the reason."""
    utf8, notes = as_utf8(content)
    header = _header(utf8, known)
    names = named(header.headings, known)
    body = utf8[_offset_after(utf8, header.lines) :]
    cells, ragged = _parse(body, names, header.delimiter)
    starts = _record_lines(body, header, len(cells) + len(ragged))
    places = np.ones(len(starts), dtype=bool)
    places[[number - 1 for number, _ in ragged]] = False
    kept = tuple(RaggedRow(int(starts[number - 1]), text) for number, text in ragged)
    return DeliveredTable(
        cells, starts[places], tuple(row for row in kept if row.text.strip(DELIMITERS + " \r\n")), notes
    )


def as_utf8(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """A text file in UTF-8 without its byte-order mark, and what is to be noted of how it was read.

    Raises UnusableFileError where it is in neither UTF-8 nor Windows-1252.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        message = "the file is UTF-16 or no text at all; send it as UTF-8 or Windows-1252"
        raise UnusableFileError(message)
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _from_windows(content), ("read as Windows-1252",)
    return content, ()


def _from_windows(content: bytes) -> bytes:
    try:
        return content.decode("cp1252").encode("utf-8")
    except UnicodeDecodeError:
        pass
    message = "the file is neither UTF-8 nor Windows-1252; send it in one of them"
    raise UnusableFileError(message)


def _header(content: bytes, known: frozenset[str]) -> _Header:
    start = content[:_HEADER_BYTES].decode("utf-8", errors="ignore")
    headers = [_header_split_by(start, delimiter) for delimiter in DELIMITERS]
    return max(headers, key=lambda header: len({folded(heading) for heading in header.headings} & known))


def _header_split_by(text: str, delimiter: str) -> _Header:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                return _Header(row, delimiter, reader.line_num)
    except csv.Error:
        pass
    return _Header([], delimiter, 0)


def _offset_after(content: bytes, lines: int) -> int:
    ends = itertools.islice(_LINE_END.finditer(content), lines)
    offsets = [end.end() for end in ends]
    return offsets[-1] if len(offsets) == lines else len(content)


def _parse(body: bytes, names: list[str], delimiter: str) -> tuple[pa.Table, list[tuple[int, str]]]:
    ragged: list[tuple[int, str]] = []

    def set_aside(row: pa.csv.InvalidRow) -> str:
        ragged.append((row.number, row.text))
        return "skip"

    text = dict.fromkeys(names, pa.string())
    if not body.strip():
        return pa.table({name: pa.array([], pa.string()) for name in names}), ragged
    cells = pa.csv.read_csv(
        pa.BufferReader(body),
        # One block and one thread: only then does a row that is set aside know its number.
        read_options=pa.csv.ReadOptions(column_names=names, use_threads=False, block_size=max(len(body), 1024) + 1),
        parse_options=pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=set_aside),
        convert_options=pa.csv.ConvertOptions(column_types=text, strings_can_be_null=False, null_values=[]),
    )
    return cells, ragged


def _record_lines(body: bytes, header: _Header, records: int) -> np.ndarray:
    """The physical line of each record; only where lines and records differ is the text walked."""
    ends = body.count(b"\n") + body.count(b"\r") - body.count(b"\r\n")
    physical = ends + (not body.endswith((b"\n", b"\r")) and bool(body))
    if physical == records:
        return np.arange(records, dtype=np.int64) + header.lines + 1
    starts = np.fromiter(_walk(body.decode("utf-8"), header), dtype=np.int64)
    if len(starts) != records:
        message = "the rows cannot be told apart; quote every text that holds a quotation mark or a new line"
        raise UnusableFileError(message)
    return starts


def _walk(text: str, header: _Header) -> Iterator[int]:
    """The line on which each record starts; raises UnusableFileError where a quotation mark is never closed."""
    reader = csv.reader(itertools.chain(io.StringIO(text, newline=""), [_END]), delimiter=header.delimiter)
    line = header.lines + 1
    for row in _rows(reader):
        following = header.lines + reader.line_num + 1
        if following - line > LONGEST_RECORD or (len(row) and row[-1].endswith(_END) and row != [_END]):
            message = f"in the row on line {line} a quotation mark is opened and not closed; close or double it"
            raise UnusableFileError(message)
        if row and row != [_END]:
            yield line
        line = following


def _rows(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """The reader's rows; a text beyond its limit has swallowed what follows, the added end among it."""
    try:
        yield from reader
    except csv.Error:
        yield ["", _END]
