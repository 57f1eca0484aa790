"""`python -m bench.months`: a month matched by what changed beside the month matched whole; writes its section.

The table is a borough's, in two states: 1.5 % of the records are new, 1.5 % have another address, and 1.5 % are gone.
The earlier state is held in files, as the pipeline holds it; reading them, and holding the later state in their place,
is part of what is measured.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.make import keep, kept
from bench.report import MONTHS_HEADING, put

SETS = ("borough-10000", "borough-100000", "borough-1000000")
SHARE = 0.015
HEAD = [
    "Matching a table of which a state was held before, against matching all of it by the same model and plan, turn by",
    "turn, medians. 1.5 % of the records are new, 1.5 % have moved, 1.5 % are gone. Reading what was held and holding",
    "the new state are within the seconds. The people found are the same, record by record. Asked is a tenth.",
    "",
    "| set | records | looked at | whole: seconds | processor | by change: seconds | processor | share of it |",
    "|---|---|---|---|---|---|---|---|",
]


@dataclass(frozen=True)
class Spent:
    """Seconds on the clock and of the processors."""

    wall: float
    cpu: float


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="+", default=list(SETS[:2]), help=f"of {', '.join(SETS)}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where made sets are kept (default: a temporary folder)")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = said.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        rows = [_measured(name, folder, Path(temporary) / "held", said.rounds) for name in said.sets]
    put(said.out, MONTHS_HEADING, [*HEAD, *rows])
    sys.stdout.write("\n".join([*rows, f"wrote {said.out}", ""]))


def states(table: pd.DataFrame, *, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A table as it was the month before, and as it is."""
    order = np.random.default_rng(seed).permutation(len(table))
    few = int(SHARE * len(table))
    new, moved, gone = order[:few], order[few : 2 * few], order[2 * few : 3 * few]
    before = table.assign(address_line_1=_elsewhere(table["address_line_1"], moved)).drop(index=table.index[new])
    return before, table.drop(index=table.index[gone])


def _elsewhere(lines: pd.Series, rows: Any) -> pd.Series:
    texts = lines.to_numpy(object).copy()
    texts[rows] = "1 Former Road"
    return pd.Series(texts, index=lines.index, dtype=lines.dtype)


def _measured(name: str, folder: Path, held: Path, rounds: int) -> str:
    from assets.held_matching import keep_held, read_held  # noqa: PLC0415 - imports are no part of the time
    from linkage.engine import Linked, link  # noqa: PLC0415

    keep(name, folder)
    chosen = kept(name, folder)
    before, after = states(chosen.table)
    known: dict[str, Any] = {"never": chosen.known.never, "relations": chosen.known.relations}
    first = link(before, chosen.spec, is_held=True, **known)
    model, plan, earlier = first.model, first.plan, first.held
    if earlier is None:
        raise RuntimeError("the earlier state was not held")

    def asked(found: Linked) -> Linked:
        # Clusters, counts and questions are worked out when they are asked for, so they are part of the time.
        found.clusters, found.counts  # noqa: B018
        return found

    def whole() -> Linked:
        return asked(link(after, chosen.spec, model=model, plan=plan, **known))

    def by_change() -> Linked:
        found = asked(link(after, chosen.spec, model=model, held=read_held(held), is_held=True, **known))
        if found.held is None:
            raise RuntimeError("the new state was not held")
        keep_held(held, found.held)
        return found

    spent: dict[str, list[Spent]] = {"whole": [], "by change": []}
    for _ in range(rounds):
        one, took = _timed(whole)
        spent["whole"].append(took)
        keep_held(held, earlier)
        other, took = _timed(by_change)
        spent["by change"].append(took)
        pd.testing.assert_frame_equal(one.clusters, other.clusters)
    wall = {how: statistics.median(each.wall for each in took) for how, took in spent.items()}
    cpu = {how: statistics.median(each.cpu for each in took) for how, took in spent.items()}
    share = statistics.median(b.cpu / a.cpu for a, b in zip(spent["whole"], spent["by change"], strict=True))
    return (
        f"| {name} | {len(after):,} | {other.fresh:,} | {wall['whole']:.2f} | {cpu['whole']:.2f} "
        f"| {wall['by change']:.2f} | {cpu['by change']:.2f} | {share:.2f} |"
    )


def _timed(run: Callable[[], Any]) -> tuple[Any, Spent]:
    wall, cpu = time.perf_counter(), _cpu()
    found = run()
    return found, Spent(time.perf_counter() - wall, _cpu() - cpu)


def _cpu() -> float:
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


if __name__ == "__main__":
    main()
