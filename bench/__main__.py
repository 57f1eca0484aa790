"""`python -m bench`: both engines on every set, turn by turn; writes docs/benchmarks.md."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from bench.report import write

SETS = ["febrl3", "febrl4", "borough-10000", "borough-100000"]
LARGE = "borough-1000000"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="+", default=SETS, help=f"of {', '.join([*SETS, LARGE])}")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each engine on each set; medians are reported")
    parser.add_argument("--folder", type=Path, help="where made sets are kept (default: a temporary folder)")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = said.folder or Path(temporary)
        runs = [
            _measured(engine, name, folder)
            for name in said.sets
            for _ in range(said.rounds)
            for engine in ("hearth", "splink")
        ]
    write(pd.DataFrame(runs), said.out, rounds=said.rounds)
    sys.stdout.write(f"wrote {said.out}\n")


def _measured(engine: str, name: str, folder: Path) -> dict[str, float | str]:
    sys.stdout.write(f"{engine} on {name} ...\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "bench.measure", engine, name, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    found: dict[str, float | str] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


main()
