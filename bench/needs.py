"""`python -m bench.needs`: how long it takes to judge many families; writes its section of docs/benchmarks.md."""

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.report import put
from programme import needs, profile
from programme.facts import Month
from schemas import frames
from schemas.registry import FEED_TABLES

AS_OF = pd.Timestamp("2026-10-31")
CODES = ("/", "\\", "L", "I", "O", "U")
TERMS = (("autumn", "09-01", "12-31", 0), ("spring", "01-01", "04-15", 1), ("summer", "04-16", "07-31", 1))
ROSTERS = (("school", "pupils"), ("police", "nominals"), ("mash", "people"), ("jobcentre", "claimants"))


def held(key: tuple[str, str], **columns: Any) -> pd.DataFrame:
    """A held feed table of these columns, the others missing."""
    empty = frames.empty(FEED_TABLES[key])
    frame = pd.DataFrame({"file_sha256": "a" * 64, "received_for": "2026-10", "extract_on": AS_OF, **columns})
    frame["line"] = np.arange(len(frame)) + 2
    return frame.reindex(columns=empty.columns).astype(dict(empty.dtypes))


def month(families: int, *, seed: int = 1) -> Month:
    """Families of two adults and two children, two years of attendance, and events at random."""
    draw = np.random.default_rng(seed)
    ids = np.array([f"F{n:06}" for n in range(families)], dtype=object)
    people = np.array([f"P{n:07}" for n in range(4 * families)], dtype=object)
    adults, children = people.reshape(-1, 4)[:, :2].ravel(), people.reshape(-1, 4)[:, 2:].ravel()
    members = pd.DataFrame({"family_id": np.repeat(ids, 4), "person_id": people})
    members["role"] = np.tile(["parent", "parent", "child", "child"], families)
    born = np.where(members["role"] == "child", draw.integers(14700, 18200, 4 * families), 6000)
    persons = pd.DataFrame({"person_id": people, "date_of_birth": pd.to_datetime(born, unit="D").astype("M8[ns]")})
    records = [
        pd.DataFrame({"feed": feed, "table_name": table, "source_id": people, "person_id": people})
        for feed, table in ROSTERS
    ]
    return Month(
        tables=tables(people, adults, children, draw),
        person_records=pd.concat(records).astype("string[pyarrow]"),
        persons=persons.astype({"person_id": "string[pyarrow]"}),
        families=pd.DataFrame({"family_id": ids, "children": 2}).astype({"family_id": "string[pyarrow]"}),
        family_members=members.astype("string[pyarrow]"),
        terms=terms(),
        feeds=pd.DataFrame(
            [(feed, AS_OF, False, False) for feed in ("school", "police", "mash", "jobcentre", "nominations")],
            columns=["feed", "extract_on", "is_late", "never_delivered"],
        ),
        as_of=AS_OF,
    )


def terms() -> pd.DataFrame:
    """The default calendar of four years."""
    rows = [
        (f"{year}/{year % 100 + 1}", term, f"{year + later}-{start}", f"{year + later}-{end}")
        for year in range(2023, 2027)
        for term, start, end, later in TERMS
    ]
    frame = pd.DataFrame(rows, columns=["academic_year", "term", "starts_on", "ends_on"])
    return frame.astype({"starts_on": "M8[ns]", "ends_on": "M8[ns]"})


def tables(people: Any, adults: Any, children: Any, draw: np.random.Generator) -> dict[tuple[str, str], pd.DataFrame]:
    """Every feed table; those that most criteria rest on are filled."""
    filled = {key: frames.empty(model) for key, model in FEED_TABLES.items()}
    keys = pd.MultiIndex.from_product([children, ["2024/25", "2025/26"], [term for term, *_ in TERMS], CODES])
    rows = keys.to_frame(index=False, name=["pupil_id", "academic_year", "term", "attendance_code"])
    rows["sessions"] = np.where(keys.codes[3] < 2, draw.integers(45, 60, len(rows)), draw.integers(0, 7, len(rows)))
    rows["source_id"] = (
        rows["pupil_id"] + "|" + rows["academic_year"] + "|" + rows["term"] + "|" + keys.codes[3].astype(str)
    )
    filled["school", "attendance"] = held(("school", "attendance"), **rows)
    filled["school", "pupils"] = held(
        ("school", "pupils"), source_id=children, pupil_id=children, school_urn="1", young_carer="N"
    )
    count = len(people) // 2
    number, who = np.arange(count).astype(str).astype(object), draw.choice(people, count)
    day = pd.Timestamp("2025-01-01") + pd.to_timedelta(draw.integers(0, 660, count), unit="D")
    filled["police", "occurrences"] = held(
        ("police", "occurrences"),
        source_id=number + "|" + who,
        occurrence_id=number,
        nominal_id=who,
        occurred_on=day,
        role=draw.choice(["offender", "suspect", "victim", "caller"], count),
        kind=draw.choice(["crime", "asb", "domestic_abuse", "missing"], count),
        proven=draw.choice([True, False], count),
    )
    filled["mash", "referrals"] = held(
        ("mash", "referrals"),
        source_id=number,
        referral_id=number,
        mash_id=draw.choice(children, count),
        received_on=day,
        concerns=draw.choice(["3A;4B", "2B", "7A;16A;4A"], count),
    )
    claiming = adults[::2]
    filled["jobcentre", "claims"] = held(
        ("jobcentre", "claims"),
        source_id=claiming,
        claimant_id=claiming,
        benefit_code="UC",
        started_on=pd.Timestamp("2025-06-01"),
        conditionality=draw.choice(["searching for work", "working - no requirements"], len(claiming)),
    )
    return filled


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=20_000)
    parser.add_argument("--profile", default="supporting-families-2022")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    said = parser.parse_args()
    pack, given = profile.load(said.profile), month(said.families)
    walls, works, judged = [], [], 0
    for _ in range(said.rounds):
        wall, work = time.perf_counter(), time.process_time()
        judged = len(needs.judge(pack, given, settings={"threads": "2"}))
        walls.append(time.perf_counter() - wall)
        works.append(time.process_time() - work)
    line = (
        f"{said.families:,} families against {said.profile}, {judged:,} needs: {statistics.median(walls):.1f} "
        f"seconds on the clock, {statistics.median(works):.1f} of processor; median of {said.rounds}. Asked for are 5."
    )
    put(said.out, "## Families judged", [line])
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
