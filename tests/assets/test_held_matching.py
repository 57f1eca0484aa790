"""What a table was matched from, in files: parts that stand as they were are not written again."""

import os
from pathlib import Path

import pandas as pd
import pytest

from assets.held_matching import keep_held, read_held
from linkage.engine import Linked, link
from linkage.spec import LinkSpec

SPEC = LinkSpec.from_toml_text(
    'id = "id"\n[columns]\nforename = "forename"\nsurname = "surname"\n'
    'date_of_birth = "date_of_birth"\npostcode = "postcode"\n'
)
LASTING = {"blocks_base", "pairs_base", "plan"}


def table() -> pd.DataFrame:
    """Sixty people, twice each."""
    rows = [
        {
            "id": f"{source}{at:02d}",
            "forename": ["Ann", "Bob", "Cy", "Dee", "Eve"][at % 5] + "abcd"[at % 4],
            "surname": ["Hill", "Moor", "Dale", "Hull"][at % 4] + "xyz"[at % 3],
            "date_of_birth": f"19{50 + at % 49}-0{1 + at % 9}-1{at % 10}",
            "postcode": f"ZZ{1 + at % 9} {at % 7}AA",
        }
        for at in range(60)
        for source in "st"
    ]
    return pd.DataFrame(rows).astype(pd.StringDtype("pyarrow"))


def changed(people: pd.DataFrame, rows: int) -> pd.DataFrame:
    other = people.copy()
    other.loc[range(rows), "surname"] = "Fenn"
    return other


def kept(folder: Path, people: pd.DataFrame) -> Linked:
    linked = link(people, SPEC, held=read_held(folder) if folder.exists() else None, is_held=True)
    assert linked.held is not None
    keep_held(folder, linked.held)
    return linked


def files(folder: Path) -> dict[str, int]:
    return {file.stem: file.stat().st_ino for file in folder.iterdir()}


def test_what_stands_as_it_was_is_not_written_again(tmp_path: Path) -> None:
    folder = tmp_path / "held"
    first = kept(folder, table())
    before = files(folder)
    kept(folder, changed(table(), 1))
    after = files(folder)
    assert {name for name in before if before[name] == after[name]} == LASTING
    again = kept(folder, table())
    assert (first.fresh, again.fresh) == (120, 1)
    pd.testing.assert_frame_equal(again.clusters, first.clusters)


def test_all_is_written_where_every_record_moved(tmp_path: Path) -> None:
    folder = tmp_path / "held"
    kept(folder, table())
    before = files(folder)
    kept(folder, changed(table(), 60))
    after = files(folder)
    assert not {name for name in before if before[name] == after[name]}
    assert kept(folder, changed(table(), 60)).fresh == 0


def test_what_another_folder_holds_is_not_taken_for_it(tmp_path: Path) -> None:
    for name in ("one", "other"):
        kept(tmp_path / name, table())
    held = read_held(tmp_path / "one")
    assert held is not None
    before = files(tmp_path / "other")
    keep_held(tmp_path / "other", held)
    assert not set(before.values()) & set(files(tmp_path / "other").values())


def test_where_a_file_has_one_name_all_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError("no links here")

    kept(tmp_path / "held", table())
    before = files(tmp_path / "held")
    monkeypatch.setattr(os, "link", refused)
    kept(tmp_path / "held", changed(table(), 1))
    assert not set(before.values()) & set(files(tmp_path / "held").values())
    assert kept(tmp_path / "held", changed(table(), 1)).fresh == 0
