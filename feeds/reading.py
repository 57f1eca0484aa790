"""One delivered file, in any of the contract's forms, as text rows with their lines."""

from feeds.columnar import read_columnar
from feeds.delimited import read_delimited
from feeds.delivered import DeliveredTable, without_empty_rows
from feeds.errors import UnusableFileError
from feeds.workbooks import read_workbook
from schemas.frames import contract_columns
from schemas.registry import FEED_TABLES


def read(content: bytes, suffix: str, *, feed: str, table: str) -> DeliveredTable:
    """Read a file of the form that its suffix names; raises UnusableFileError with the reason, never with a value."""
    if not content:
        message = "the file has no bytes; send it again"
        raise UnusableFileError(message)
    known = frozenset(contract_columns(FEED_TABLES[feed, table]))
    form = suffix.lower()
    if form == ".csv":
        delivered = read_delimited(content, known)
    elif form == ".xlsx":
        delivered = read_workbook(content, table, known)
    else:
        delivered = read_columnar(content, known)
    return without_empty_rows(delivered)
