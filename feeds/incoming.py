"""One table on its way from delivered file to accepted rows; what stops it on the way is its refusal."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from feeds.delivered import DeliveredTable
from feeds.errors import UnusableFileError
from feeds.landing import FoundDelivery, FoundTable
from feeds.reading import read
from feeds.screening import Origin, Screened, screen

Keep = Callable[[bytes, str, str], object]


@dataclass(frozen=True)
class IntakeSettings:
    """What a council may set: the share of rejected rows that refuses a table, and whether test identifiers pass."""

    max_rejected_share: float = 0.20
    allow_test_identifiers: bool = False


@dataclass
class IncomingTable:
    """A table's file as far as it has come: loaded, read, screened, or refused."""

    found: FoundTable
    sha256: str | None = None
    content: bytes = b""
    refusal: str = ""
    delivered: DeliveredTable | None = None
    screened: Screened | None = None

    @property
    def name(self) -> str:
        """The table's name."""
        return self.found.table

    @property
    def rows(self) -> int | None:
        """Data rows of the file, where it could be read."""
        return self.delivered.rows if self.delivered is not None else None

    @property
    def used(self) -> Screened | None:
        """The screened table, where nothing refuses it."""
        return None if self.refusal else self.screened


def load(found: FoundTable, keep: Keep) -> IncomingTable:
    """Take the table's bytes from the landing folder, once, and have them kept."""
    contents = [path.read_bytes() for path in found.paths]
    hashes = [hashlib.sha256(content).hexdigest() for content in contents]
    for path, content, sha256 in zip(found.paths, contents, hashes, strict=True):
        keep(content, sha256, path.suffix)
    if len(contents) > 1:
        return IncomingTable(found, refusal=f"the table came in more than one file: {found.file_name}; send one")
    return IncomingTable(found, hashes[0], contents[0])


def read_table(table: IncomingTable, feed: str) -> None:
    """Read the bytes as text rows, or refuse the table; the bytes are let go."""
    if not table.refusal:
        try:
            table.delivered = read(table.content, table.found.paths[0].suffix, feed=feed, table=table.name)
        except UnusableFileError as error:
            table.refusal = str(error)
    table.content = b""


def screen_table(table: IncomingTable, found: FoundDelivery, extract_on: date, settings: IntakeSettings) -> None:
    """Screen the text rows, or refuse the table."""
    if table.refusal or table.delivered is None:
        return
    origin = Origin(found.feed, table.name, found.month, extract_on, str(table.sha256))
    try:
        table.screened = screen(table.delivered, origin, allow_test_identifiers=settings.allow_test_identifiers)
        table.refusal = _too_bad(table.screened, settings.max_rejected_share)
    except UnusableFileError as error:
        table.refusal = str(error)


def refuse_emptied(table: IncomingTable, filled: Collection[str]) -> None:
    """Refuse a roster of no rows where the one before it (`filled`: their names) had some."""
    if table.screened is not None and table.screened.frame.empty and table.name in filled and not table.refusal:
        table.refusal = "a roster of no rows would empty the feed; send it in full"


def _too_bad(screened: Screened, max_rejected_share: float) -> str:
    if screened.rejected_share > max_rejected_share:
        return f"{len(screened.rejected)} of {screened.rows} rows rejected, more than {max_rejected_share:.0%}"
    return ""
