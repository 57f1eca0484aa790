"""`python -m borough DIR`: make a synthetic council."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from borough.council import make
from borough.errors import BoroughError


def main() -> int:
    """Read the arguments, make the borough, say what was made. Returns the process's exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m borough", description="Make a synthetic council with sealed truth."
    )
    parser.add_argument("directory", type=Path, help="the landing folder to make")
    parser.add_argument("--people", type=int, default=20_000, help="people who live in the borough (default 20000)")
    parser.add_argument("--months", type=int, default=3, help="monthly deliveries (default 3)")
    parser.add_argument("--until", default="2026-10", help="the last delivery month, YYYY-MM (default 2026-10)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same borough (default 7)")
    parser.add_argument("--mistakes", type=float, default=1.0, help="turn every error rate up or down (default 1)")
    given = parser.parse_args()
    try:
        summary = make(
            given.directory, people=given.people, months=given.months, until=given.until, seed=given.seed,
            mistakes=given.mistakes, progress=lambda step: print(step, file=sys.stderr),  # noqa: T201
        )  # fmt: skip
    except BoroughError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 2
    for name, count in asdict(summary).items():
        print(f"{name.replace('_', ' '):16} {count:>12,}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
