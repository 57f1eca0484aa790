"""The sender's own account of a delivery, `delivery.toml`, and whether the files agree with it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from feeds.errors import UnusableNoteError


@dataclass(frozen=True)
class Stated:
    """What the sender says of one table's file."""

    rows: int | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class Note:
    """What the sender says of the delivery."""

    extract_on: date | None = None
    tables: Mapping[str, Stated] = field(default_factory=dict)


def read_note(content: bytes) -> Note:
    """Read a `delivery.toml`; raises UnusableNoteError with a reason that quotes nothing of it but its keys."""
    try:
        told = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        told = None
    if told is None:
        message = "delivery.toml is not TOML in UTF-8"
        raise UnusableNoteError(message)
    tables = told.get("tables", {})
    if not isinstance(tables, dict) or not all(isinstance(stated, dict) for stated in tables.values()):
        message = "delivery.toml: each table is stated under a heading such as [tables.pupils]"
        raise UnusableNoteError(message)
    stated = {str(name).strip().lower(): _stated(name, entry) for name, entry in tables.items()}
    return Note(_extract_on(told.get("extract_on")), stated)


def _stated(table: str, entry: Mapping[str, Any]) -> Stated:
    rows, sha256 = entry.get("rows"), entry.get("sha256")
    if rows is not None and (isinstance(rows, bool) or not isinstance(rows, int) or rows < 0):
        message = f"delivery.toml: rows of tables.{table} is not a whole number"
        raise UnusableNoteError(message)
    if sha256 is not None and not isinstance(sha256, str):
        message = f"delivery.toml: sha256 of tables.{table} is not text"
        raise UnusableNoteError(message)
    return Stated(rows, sha256.strip().lower() if sha256 else None)


def _extract_on(told: object) -> date | None:
    if told is None:
        return None
    if isinstance(told, datetime):
        return told.date()
    if isinstance(told, date):
        return told
    try:
        return date.fromisoformat(str(told)) if isinstance(told, str) else _no_date()
    except ValueError:
        pass
    return _no_date()


def _no_date() -> date:
    message = "delivery.toml: extract_on is no date written as YYYY-MM-DD"
    raise UnusableNoteError(message)
