"""The archive: delivered files as received, each once and whole."""

import os
from pathlib import Path

import pytest

from feeds.archive import Archive


def test_a_file_is_kept_under_its_hash_with_its_suffix(tmp_path: Path) -> None:
    kept = Archive(tmp_path / "received").keep(b"text", "ab12", ".CSV")
    assert kept == tmp_path / "received" / "ab12.csv"
    assert kept.read_bytes() == b"text"


def test_a_kept_file_is_never_written_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    before = archive.keep(b"text", "ab12", ".csv").stat()
    after = archive.keep(b"text", "ab12", ".csv").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_write_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int) -> None:
        raise OSError

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError):  # noqa: PT011 - any failure of the disc
        Archive(tmp_path).keep(b"text", "ab12", ".csv")
    assert list(tmp_path.iterdir()) == []
