"""A set made once and kept, so that no engine is charged for making it: `python -m bench.make SET FOLDER`."""

import pickle
import sys
from pathlib import Path

from bench.sets import Set, load


def keep(name: str, folder: Path) -> None:
    """Make a set and keep it in the folder, unless it is there already."""
    file = _file(name, folder)
    if not file.exists():
        fresh = file.with_suffix(".new")
        fresh.write_bytes(pickle.dumps(load(name, folder), protocol=5))
        fresh.replace(file)


def kept(name: str, folder: Path) -> Set:
    """A set that was made before."""
    found: Set = pickle.loads(_file(name, folder).read_bytes())  # noqa: S301 - written by `keep` in the same run
    return found


def _file(name: str, folder: Path) -> Path:
    return folder / f"{name}.set"


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]))
