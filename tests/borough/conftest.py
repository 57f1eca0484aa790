import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from borough.council import BoroughSummary, make

Frames = Mapping[tuple[str, str, str], pd.DataFrame]


def _read(path: Path) -> pd.DataFrame:
    """A delivered file as text, with None for empty, whatever its form."""
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path)
    elif path.suffix == ".xlsx":
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        frame = pd.DataFrame(rows[1:], columns=rows[0])
    else:
        frame = _read_csv(path.read_bytes())
    return frame.map(_plain).astype(object)


def _read_csv(data: bytes) -> pd.DataFrame:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    header = text.split("\n", 1)[0]
    separator = next((mark for mark in (";", "\t") if mark in header), ",")
    return pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False)


def _plain(value: object) -> str | None:
    if value is None or value == "" or pd.isna(value):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@pytest.fixture(scope="session")
def read_file() -> Callable[[Path], pd.DataFrame]:
    return _read


@pytest.fixture(scope="session")
def council(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BoroughSummary]:
    """A borough small enough to make in a second, large enough for everything to occur in it."""
    folder = tmp_path_factory.mktemp("borough") / "landing"
    return folder, make(folder, people=6_000, months=3, until="2026-10", seed=7)


@pytest.fixture(scope="session")
def delivered(council: tuple[Path, BoroughSummary]) -> Frames:
    """Every delivered table by month, feed and table."""
    found = {}
    for path in sorted(council[0].glob("????-??/*/*")):
        if path.suffix != ".toml":
            found[path.parts[-3], path.parts[-2], path.stem] = _read(path)
    return found


@pytest.fixture(scope="session")
def truth(council: tuple[Path, BoroughSummary]) -> Mapping[str, pd.DataFrame]:
    return {path.stem: pd.read_parquet(path) for path in sorted((council[0] / "truth").glob("*.parquet"))}
