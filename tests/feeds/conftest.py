"""Small deliveries: frames written in every form of the contract, a landing folder, and the way through intake."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from feeds.holdings import hold, past
from feeds.incoming import IntakeSettings
from feeds.intake import ReceivedFeed, receive
from feeds.reading import read
from feeds.screening import Origin, Screened, screen

Rows = list[Mapping[str, object]]


def as_csv(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    return pd.DataFrame(rows).to_csv(index=False, sep=delimiter, lineterminator="\r\n").encode(encoding)


def as_xlsx(rows: Rows, sheet: str = "Sheet1") -> bytes:
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with pd.ExcelWriter(
        out,
        engine="xlsxwriter",
        datetime_format="yyyy-mm-dd",
        date_format="yyyy-mm-dd",
        engine_kwargs={"options": options},
    ) as book:
        pd.DataFrame(rows).to_excel(book, index=False, sheet_name=sheet)
    return out.getvalue()


def as_parquet(rows: Rows) -> bytes:
    return pd.DataFrame(rows).to_parquet(index=False)


@dataclass
class Council:
    """A landing folder, a database and what intake was asked to keep."""

    landing: Path
    con: duckdb.DuckDBPyConnection
    settings: IntakeSettings = field(default_factory=IntakeSettings)
    kept: dict[str, bytes] = field(default_factory=dict)

    def deliver(self, month: str, feed: str, name: str, content: bytes | str | Rows) -> None:
        path = self.landing / month / feed / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, list):
            content = as_csv(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def keep(self, content: bytes, sha256: str, suffix: str) -> None:
        self.kept[sha256 + suffix] = content

    def receive(self, month: str, feed: str) -> ReceivedFeed:
        before = past(self.con, month, feed)
        return receive(self.landing, month, feed, settings=self.settings, keep=self.keep, past=before)

    def run(self, month: str, feed: str) -> ReceivedFeed:
        received = self.receive(month, feed)
        hold(self.con, received)
        return received


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path / "landing", duckdb.connect())


@pytest.fixture(scope="session")
def writers() -> dict[str, Callable[[Rows], bytes]]:
    return {".csv": as_csv, ".xlsx": as_xlsx, ".parquet": as_parquet}


@pytest.fixture(scope="session")
def write_csv() -> Callable[..., bytes]:
    return as_csv


@pytest.fixture(scope="session")
def write_xlsx() -> Callable[..., bytes]:
    return as_xlsx


@pytest.fixture(scope="session")
def screened() -> Callable[..., Screened]:
    """Screen rows or CSV text as a table of a feed, for October 2026."""

    def screened_rows(feed: str, table: str, content: Rows | str, *, allow_test: bool = False) -> Screened:
        text = as_csv(content) if isinstance(content, list) else content.encode()
        origin = Origin(feed, table, "2026-10", date(2026, 10, 31), "a" * 64)
        delivered = read(text, ".csv", feed=feed, table=table)
        return screen(delivered, origin, allow_test_identifiers=allow_test)

    return screened_rows


@pytest.fixture(scope="session")
def receive_texts(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., ReceivedFeed]:
    """Receive CSV texts by table name for a month, apart from every other delivery."""

    def received(month: str, feed: str, texts: Mapping[str, str | None]) -> ReceivedFeed:
        council = Council(tmp_path_factory.mktemp("landing"), duckdb.connect())
        for table, text in texts.items():
            if text is not None:
                council.deliver(month, feed, f"{table}.csv", text)
        return council.receive(month, feed)

    return received
