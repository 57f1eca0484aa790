"""What lies in the landing folder for one feed and month."""

from dataclasses import dataclass
from pathlib import Path

from schemas.registry import FEED_TABLES

FORMS = (".csv", ".xlsx", ".parquet")
NOTE = "delivery.toml"


@dataclass(frozen=True)
class FoundTable:
    """The file or files that carry one table; more than one is too many."""

    table: str
    paths: tuple[Path, ...]

    @property
    def file_name(self) -> str:
        """The file's name as delivered; several are joined by a comma."""
        return ", ".join(path.name for path in self.paths)


@dataclass(frozen=True)
class FoundDelivery:
    """What one feed delivered for one month, as files."""

    feed: str
    month: str
    tables: tuple[FoundTable, ...] = ()
    note: Path | None = None
    unknown: tuple[str, ...] = ()

    @property
    def is_late(self) -> bool:
        """Whether no table of the feed is there."""
        return not self.tables


def tables_of(feed: str) -> tuple[str, ...]:
    """The feed's tables in the contract's order."""
    return tuple(table for owner, table in FEED_TABLES if owner == feed)


def find(landing: Path, month: str, feed: str) -> FoundDelivery:
    """The files of `<landing>/<month>/<feed>`; names and suffixes in any case, other files only named."""
    folder = landing / month / feed
    paths = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    by_table: dict[str, list[Path]] = {table: [] for table in tables_of(feed)}
    note, unknown = None, []
    for path in paths:
        if path.name.lower() == NOTE:
            note = path
        elif path.suffix.lower() in FORMS and path.stem.lower() in by_table:
            by_table[path.stem.lower()].append(path)
        else:
            unknown.append(path.name)
    tables = tuple(FoundTable(table, tuple(found)) for table, found in by_table.items() if found)
    return FoundDelivery(feed, month, tables, note, tuple(unknown))
