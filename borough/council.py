"""The recipe: a town, its people, three years of life, and what five agencies send of it month after month."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from borough.agency import Agency
from borough.attendance import Attendance, terms
from borough.chance import stream
from borough.christening import christen
from borough.contract import FEEDS, Table
from borough.days import Month, months_to
from borough.deliveries import Sent, note, send
from borough.errors import BoroughSettingError
from borough.founding import found
from borough.institutions import fill_institutions
from borough.jobcentre import Jobcentre
from borough.kinship import tie
from borough.life import Life
from borough.lives import live
from borough.mash import Mash
from borough.moving import settle_in
from borough.names import Lexicon, Namer
from borough.nominations import Nominations
from borough.police import Police
from borough.records import Scribe
from borough.school import School
from borough.schools import enrol, open_schools
from borough.timeline import Timeline
from borough.town import COUNCIL, Need, Town, build, free_homes_needed
from borough.truth import Truth
from borough.world import World

HISTORY = 36
"""Months that are lived before the first delivery, so that people have a past."""
_PER_HOUSEHOLD = 2.24
_LATE = "jobcentre"
_RANGES = {"people": (300, 900_000), "months": (1, 36), "mistakes": (0.0, 5.0)}


@dataclass(frozen=True)
class BoroughSummary:
    """Counts of what was made; `rows` are data rows of all files, `person_records` those that describe people."""

    people: int
    households: int
    families: int
    dwellings: int
    months: int
    files: int
    rows: int
    person_records: int
    late_feeds: int


def make(  # noqa: PLR0913 (each one is a choice of whoever makes a borough)
    directory: Path,
    *,
    people: int = 20_000,
    months: int = 3,
    until: str = "2026-10",
    seed: int = 7,
    progress: Callable[[str], None] | None = None,
    mistakes: float = 1.0,
) -> BoroughSummary:
    """Make a borough of about `people` people in `directory`, a landing folder with the sealed truth in `truth/`.

    `months` deliveries end with the month `until` (YYYY-MM); `mistakes` turns every rate of error up or down. The same
    arguments give the same bytes. A directory that holds an earlier borough is replaced, one with other content
    refused. Raises BoroughSettingError for an argument out of its range.
    """
    _check({"people": people, "months": months, "mistakes": mistakes}, until)
    _clear(directory)
    tell = progress or (lambda _: None)
    delivered = months_to(until, months)
    tell(f"Founding a town of {people:,} people")
    world = _found(people, seed, delivered[0].earlier(HISTORY))
    tell(f"Living {HISTORY + months} months")
    _live(world, seed, people, delivered)
    timeline = Timeline(world)
    scribe = Scribe(world, timeline)
    agency = Agency(world, timeline, scribe, tuple(delivered), seed, mistakes)
    truth = Truth(world, timeline, scribe, seed)
    sent = _deliver(directory, agency, tell)
    tell("Sealing the truth")
    families = truth.write(directory / "truth", delivered)
    person_rows = [(month, s.feed, s.table, s.source_ids, s.people) for month, s in sent if s.people is not None]
    truth.records(directory / "truth", person_rows)
    _write_lookup(directory, world.town)
    _write_calendar(directory, delivered)
    living = timeline.households(np.flatnonzero(world.living()), delivered[-1].last)
    return BoroughSummary(
        people=int(world.living().sum()),
        households=len(np.unique(living[living >= 0])),
        families=families,
        dwellings=int((world.town.ward >= 0).sum()),
        months=months,
        files=len(sent),
        rows=sum(s.rows for _, s in sent),
        person_records=sum(s.rows for _, s in sent if s.people is not None),
        late_feeds=int(len(delivered) > 1),
    )


def _check(given: dict[str, float], until: str) -> None:
    """Refuse an argument from which no borough can be made."""
    for name, (low, high) in _RANGES.items():
        if not low <= given[name] <= high:
            message = f"{name} must be from {low} to {high}, not {given[name]}"
            raise BoroughSettingError(message)
    if not _is_month(until) or not 1 <= int(until[5:]) <= 12 or not 2015 <= int(until[:4]) <= 2035:
        message = f"until must be a month from 2015-01 to 2035-12, written YYYY-MM, not {until!r}"
        raise BoroughSettingError(message)


def _clear(directory: Path) -> None:
    """Remove an earlier borough; touch nothing that this program did not write."""
    if directory.exists() and any(directory.iterdir()):
        if not (directory / "truth").is_dir():
            raise BoroughSettingError("the directory is not empty and holds no borough; name a new one")
        for old in [directory / "truth", *(p for p in directory.iterdir() if _is_month(p.name))]:
            shutil.rmtree(old)
    directory.mkdir(parents=True, exist_ok=True)


def _is_month(name: str) -> bool:
    return len(name) == 7 and name[4] == "-" and (name[:4] + name[5:]).isdigit()


def _found(people: int, seed: int, first: Month) -> World:
    """The town and its people as they are when history begins."""
    households = ceil(people / _PER_HOUSEHOLD)
    need = Need(
        homes=free_homes_needed(households), hmos=ceil(people / 260), elsewhere=ceil(people * 0.2) + 60, people=people
    )
    world = World(town=build(stream(seed, "town"), need), namer=Namer(Lexicon()))
    founded = found(world, stream(seed, "founding"), households, first.first)
    outside = tie(world, stream(seed, "kinship"), founded, first.first)
    christen(world, stream(seed, "christening"), np.concatenate([founded.people, outside]))
    life = Life(world, stream(seed, "settling"), households, first)
    settle_in(life, founded.households)
    fill_institutions(life)
    return world


def _live(world: World, seed: int, people: int, delivered: Sequence[Month]) -> None:
    """History month by month, up to the last delivery."""
    months = months_to(delivered[-1].name, HISTORY + len(delivered))
    rng = stream(seed, "lives")
    for place, month in enumerate(months):
        live(Life(world, rng, ceil(people / _PER_HOUSEHOLD), month, left=len(months) - 1 - place))


def _deliver(directory: Path, agency: Agency, tell: Callable[[str], None]) -> list[tuple[Month, Sent]]:
    """Every feed of every month, except the one that is late in the second."""
    tell("Opening the agencies' books")
    schools = open_schools(agency)
    rolls = enrol(agency, schools)
    school, attendance = School(agency, schools, rolls), Attendance(agency, schools, rolls)
    police, mash, jobcentre = Police(agency), Mash(agency, rolls), Jobcentre(agency)
    nominations = Nominations(agency, jobcentre, mash)
    takes: dict[str, Callable[[Month, int | None], list[Table]]] = {
        "school": lambda month, after: [*school.deliver(month), *attendance.deliver(month, after)],
        "police": police.deliver,
        "mash": mash.deliver,
        "jobcentre": jobcentre.deliver,
        "nominations": nominations.deliver,
    }
    after: dict[str, int | None] = dict.fromkeys(FEEDS)
    sent: list[tuple[Month, Sent]] = []
    for place, month in enumerate(agency.months):
        tell(f"Writing the deliveries of {month.name}")
        for feed in FEEDS:
            if feed == _LATE and place == 1:
                continue
            folder = directory / month.name / feed
            files = [send(folder, table, month, agency.seed) for table in takes[feed](month, after[feed])]
            note(folder, feed, month, files)
            after[feed] = month.last
            sent += [(month, file) for file in files]
    return sent


def _write_lookup(directory: Path, town: Town) -> None:
    """Postcodes with council, ward, small area and place, laid out as the ONS Postcode Directory is."""
    lookup = town.lookup
    table = pa.table(
        {
            "pcds": lookup["postcode"],
            "oslaua": [COUNCIL] * len(lookup["postcode"]),
            "osward": [f"E05{int(ward) + 900_001:06d}" for ward in lookup["ward"]],
            "lsoa21": lookup["area"],
            "lat": lookup["lat"],
            "long": lookup["long"],
            "ward_name": lookup["ward_name"],
        }
    )
    pa.csv.write_csv(table, directory / "postcodes.csv")


def _write_calendar(directory: Path, months: Sequence[Month]) -> None:
    """The terms of every school year that the deliveries touch."""
    year = int(months[-1].name[:4])
    rows = terms(int(months[0].name[:4]) - 3, year)
    table = pa.table(
        {
            "academic_year": [term.academic_year for term in rows],
            "term": [term.name for term in rows],
            "starts_on": _dates([term.starts for term in rows]),
            "ends_on": _dates([term.ends for term in rows]),
        }
    )
    pa.csv.write_csv(table, directory / "calendar.csv")


def _dates(days: list[int]) -> pa.Array:
    return pa.array(days, pa.int32()).cast(pa.date32())
