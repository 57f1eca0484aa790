"""`python -m bench`: both engines on every set, turn by turn; writes docs/benchmarks.md."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from bench.report import write

LARGE = "borough-1000000"
SETS = [
    "febrl1",
    "febrl3",
    "febrl4",
    "thousand",
    "historic",
    "historic-split",
    *(f"sources-{count}-{noise}" for count in (2, 3, 5) for noise in ("tidy", "messy")),
    "borough-10000",
    "borough-100000",
    LARGE,
]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="+", default=SETS, help=f"of {', '.join(SETS)}")
    parser.add_argument(
        "--rounds", type=int, default=3, help="runs of each engine on each set but the million, which has one"
    )
    parser.add_argument("--folder", type=Path, help="where made sets are kept (default: a temporary folder)")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = said.folder or Path(temporary)
        runs = [run for name in said.sets for run in _rounds(name, folder, 1 if name == LARGE else said.rounds)]
    write(pd.DataFrame(runs), said.out, rounds=said.rounds)
    sys.stdout.write(f"wrote {said.out}\n")


def _rounds(name: str, folder: Path, rounds: int) -> list[dict[str, float | str]]:
    """Both engines on a set, turn by turn."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "bench.make", name, str(folder)], check=True)  # noqa: S603 - our own module
    return [_measured(engine, name, folder) for _ in range(rounds) for engine in ("hearth", "splink")]


def _measured(engine: str, name: str, folder: Path) -> dict[str, float | str]:
    sys.stdout.write(f"{engine} on {name} ...\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "bench.measure", engine, name, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    found: dict[str, float | str] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


main()
