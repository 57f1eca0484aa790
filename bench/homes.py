"""`python -m bench.homes`: households, families and ids of whole months; writes its section of docs/benchmarks.md.

Each borough is made, its months are run by the `hearth` command, and the last is held against the sealed truth.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from assets.held import HeldTables
from assets.partitions import as_of
from assets.snapshots import read_published
from assets.store import Store
from bench.aside import aside
from bench.dangers import ALIKE, alike, couples_of_abuse, safety
from bench.report import HOMES_HEADING, put
from bench.told import told
from linkage.households import Evidence
from linkage.known_again import known_again
from linkage.lasting import identify_persons, settle
from linkage.ledger import Past
from pipelines.commands.evaluation import TRUTHS, figures

COLUMNS = {
    "borough": "borough", "records": "records", "x_f1": "x_f1", "exact": "families exact", "told": "of those told",
    "untold": "not told", "x_f1_aside": "x_f1, couples aside", "exact_aside": "families exact, couples aside",
    "kept": "ids kept",
    "changed": "ids changed for nothing", "separated": "couples separated", "joined": "of them put together",
    "couples": "couples together", "parted": "of them parted", "shared": "shared places as one family",
    "twins": "twins kept apart", "namesakes": "parent and child of one name kept apart",
}  # fmt: skip
TEXT = """*x_f1*: pairs of records of different people who share a household. *families exact*: true families with
a child in some feed whose members that any feed knows are exactly right. *of those told*: the same without the second
homes of which no feed says a word: every child of the family is there by turns, and no record ties one of them to
anybody grown who lives there; *not told* counts them. *couples aside*: without the couples of abuse who are kept apart
although they live together, which is the price of a rule. *ids kept*: of families found exactly in both months.
*couples*: victim and accused of one incident of domestic abuse that the police recorded, both known to live somewhere;
those separated who are put together are the worst mistake, those together who are parted the price of making
few of it. *shared places as one family*: HMOs, hostels, refuges and homes of which people of several households make
one family. *kept apart*: pairs of people, both in some feed, of whom no record of the one stands under the other;
twins are brothers and sisters born on one day, a parent and a child of one name are of one sex too. Asked for are
{rules}.
"""
RULES = (
    "x_f1 .98 clean and .96 noisy, families exact .90, ids kept .995, changed for nothing 0, put together 0, "
    "twins kept apart .70, father and son of one name .65"
)


@dataclass(frozen=True)
class Borough:
    """A borough to be made: how many people, of which seed, with how many mistakes."""

    name: str
    people: int
    seed: int
    mistakes: float


BOROUGHS = (
    Borough("20,000 people", 20_000, 7, 1.0),
    Borough("20,000 people, another town", 20_000, 11, 1.0),
    Borough("20,000 people, no mistakes", 20_000, 31, 0.0),
    Borough("20,000 people, twice the mistakes", 20_000, 47, 2.0),
)
LARGE = Borough("250,000 people", 250_000, 7, 1.0)
_MONTHS = 3


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where boroughs and stores are kept (default: a temporary folder)")
    parser.add_argument("--large", action="store_true", help="time the settling of 250,000 people too")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = said.folder or Path(temporary)
        rows = [_measured(borough, folder) for borough in BOROUGHS]
        timed = [_timed(borough, folder) for borough in ((LARGE,) if said.large else ())]
    put(said.out, HOMES_HEADING, _page(rows, timed))
    sys.stdout.write(f"wrote {said.out}\n")


def _measured(borough: Borough, folder: Path) -> dict[str, float | str]:
    store, truth = _made(borough, folder)
    month = store.months()[-1]
    tables = {name: pd.read_parquet(truth / f"{name}.parquet") for name in (*TRUTHS, *ALIKE, "dwellings")}
    found, couples = figures(store, month, tables), couples_of_abuse(store, month, tables)
    return {
        "borough": borough.name,
        "records": found["records"],
        "x_f1": found["households, pairs of different people: F1"],
        "exact": found["families exactly right, share"],
        "kept": found["of those, share that keep their id"],
        "changed": found["ids changed though the family did not"],
        **told(store, month, tables),
        **aside(store, month, tables, couples),
        **safety(store, month, tables, couples),
        **alike(store, month, tables),
    }


def _made(borough: Borough, folder: Path) -> tuple[Store, Path]:
    """The borough's store with its months run, each once, and its truth."""
    home = folder / f"{borough.people}-{borough.seed}-{borough.mistakes}"
    landing, store = home / "landing", Store(home / "store")
    if not landing.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        made = ["--people", borough.people, "--seed", borough.seed, "--mistakes", borough.mistakes]
        _run([sys.executable, "-m", "borough", str(landing), *map(str, made), "--months", str(_MONTHS)], home)
    for month in sorted(each.name for each in landing.glob("20??-??")):
        if month not in store.months():
            command = str(Path(sys.executable).with_name("hearth"))
            _run([command, "run", "--month", month, "--landing", str(landing), "--store", str(store.root)], home)
    return store, landing / "truth"


def _run(command: list[str], home: Path) -> None:
    sys.stdout.write(f"{' '.join(command[1:])}\n")
    sys.stdout.flush()
    settings = {"HEARTH_ALLOW_TEST_IDENTIFIERS": "true", "HEARTH_POSTCODE_LOOKUP": str(home / "landing/postcodes.csv")}
    (home / "dagster").mkdir(exist_ok=True)
    environment = {**os.environ, **settings, "DAGSTER_HOME": str((home / "dagster").resolve())}
    subprocess.run(command, check=True, capture_output=True, env=environment)  # noqa: S603 - our own commands


def _timed(borough: Borough, folder: Path) -> dict[str, float | str]:
    """Processor seconds of the last month's ledgers, households and families, by the month before it."""
    store, _ = _made(borough, folder)
    before, month = store.months()[-2:]
    records, persons = (read_published(store, month, name) for name in ("person_records", "persons"))
    held = HeldTables(store, month)
    evidence = Evidence(records, persons, {key: held[key] for key in held}, as_of(month).date())
    past = Past(month, b"bench", read_published(store, before, "identity_ledger"))
    members = read_published(store, before, "household_members")
    begun, wall = time.process_time(), time.perf_counter()
    identify_persons(records.assign(cluster_id=records["person_id"]), past, marks=known_again(held))
    settle(evidence, past, members_before=members)
    spent, passed = time.process_time() - begun, time.perf_counter() - wall
    return {"borough": borough.name, "records": float(len(records)), "processor": spent, "seconds": passed}


def _page(rows: list[dict[str, float | str]], timed: list[dict[str, float | str]]) -> list[str]:
    lines = [TEXT.format(rules=RULES), "| " + " | ".join(COLUMNS.values()) + " |", "|" + "---|" * len(COLUMNS)]
    lines += ["| " + " | ".join(_cell(name, row[name]) for name in COLUMNS) + " |" for row in rows]
    for row in timed:
        lines += [
            "",
            f"{row['borough']}, {row['records']:,.0f} records, with the month before: ids of people, households,",
        ]
        lines += [
            f"families and ids of both in {row['processor']:.1f} processor seconds ({row['seconds']:.1f} on the clock)."
        ]
    return lines


def _cell(name: str, value: float | str) -> str:
    if isinstance(value, str):
        return value
    shares = {"x_f1", "exact", "told", "x_f1_aside", "exact_aside", "kept"}
    return f"{value:.4f}" if name in shares else f"{value:,.0f}"


if __name__ == "__main__":
    main()
