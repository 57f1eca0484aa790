"""What schools count: sessions by code and term, exclusions, results."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borough.agency import Agency, numbered, since
from borough.chance import Ints, Texts
from borough.contract import Table
from borough.days import Month, ages, day, parts, school_year
from borough.schools import Rolls, Schools

_CODES = np.array(
    ["/", "\\", "L", "B", "V", "P", "I", "M", "C", "S", "E", "R", "T", "O", "U", "N", "G", "D", "X", "#", "Y1", "H"],
    dtype=object,
)
_PRESENT = np.array([0.482, 0.482, 0.018, 0.003, 0.004, 0.002])
_AUTHORISED = np.array([0.66, 0.15, 0.05, 0.01, 0.06, 0.03, 0.01])
_UNAUTHORISED = np.array([0.42, 0.12, 0.22, 0.24])
_CLASS = np.repeat([0, 1, 2, 3], [6, 7, 4, 5])
_SESSIONS = {"autumn": 142, "spring": 118, "summer": 120}
_REASONS = np.array(["PP", "PA", "VP", "VA", "OW", "DB", "DA", "TH", "DM", "BU"], dtype=object)


@dataclass(frozen=True)
class Term:
    """One school term; `academic_year` is written 2025/26."""

    academic_year: str
    name: str
    starts: int
    ends: int


def terms(first: int, last: int) -> list[Term]:
    """Every term that begins in the academic years of these calendar years, oldest first."""
    found = []
    for year in range(first, last + 1):
        name = f"{year}/{(year + 1) % 100:02d}"
        shift = (year * 3) % 4
        found += [
            Term(name, "autumn", day(year, 9, 1 + shift), day(year, 12, 17 + shift)),
            Term(name, "spring", day(year + 1, 1, 3 + shift), day(year + 1, 3, 25 + shift)),
            Term(name, "summer", day(year + 1, 4, 12 + shift), day(year + 1, 7, 18 + shift)),
        ]
    return found


@dataclass
class Attendance:
    """The school feed's three event tables; counts of the running term grow from month to month."""

    agency: Agency
    schools: Schools
    rolls: Rolls
    counted: dict[Term, NDArray[np.int32]] = field(default_factory=dict)
    sent: dict[Term, int] = field(default_factory=dict)

    def deliver(self, month: Month, after: int | None) -> list[Table]:
        """Sessions of the terms that are due, and the exclusions and results since the last delivery."""
        rows = self.rolls.on(month.last)
        tables = [self._attendance(rows, month, after)]
        return [*tables, self._exclusions(rows, month, after), self._attainment(rows, month, after)]

    def _due(self, month: Month, after: int | None) -> list[Term]:
        """First two academic years; later the term that runs, and one that ended since the last delivery."""
        year = int(school_year(np.array([month.last]))[0])
        begun = [term for term in terms(year - 2, year) if term.starts < month.last]
        if after is None:
            return [term for term in begun if term.academic_year >= f"{year - 2}"][-7:]
        return [term for term in begun if term.ends > after or term is begun[-1]]

    def _attendance(self, rows: Ints, month: Month, after: int | None) -> Table:
        blocks = [self._term(rows, term, month) for term in self._due(month, after)]
        joined = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
        return Table("school", "attendance", joined)

    def _term(self, rows: Ints, term: Term, month: Month) -> dict[str, NDArray[Any]]:
        """One term's rows for these enrolments: codes with their sessions, or the supplier's three sums."""
        before = self.counted.get(term, np.zeros((len(self.rolls.person), len(_CODES)), dtype=np.int32))
        now = before.copy()
        from_day, to_day = self.sent.get(term, term.starts - 1) + 1, min(month.last, term.ends)
        now[rows] = _settled(before[rows]) + self._sessions(rows, term, from_day, to_day)
        self.counted[term], self.sent[term] = now, to_day
        taught = rows[(now[rows].sum(axis=1) > 0)]
        sums = self.schools.totals[self.rolls.school[taught]]
        return _stacked(self._by_code(taught[~sums], now, before, term), self._by_sum(taught[sums], now, term))

    def _sessions(self, rows: Ints, term: Term, from_day: int, to_day: int) -> NDArray[np.int32]:
        """New sessions by code between two days, for each enrolment that had any."""
        rolls = self.rolls
        rng = self.agency.rng(f"sessions {term.academic_year} {term.name} {from_day}")
        start = np.maximum(rolls.entry[rows], from_day)
        end = np.minimum(rolls.left[rows] - 1, to_day)
        share = np.clip(end - start + 1, 0, None) / (term.ends - term.starts + 1)
        possible = np.rint(share * _SESSIONS[term.name]).astype(np.int64)
        drawn = rng.multinomial(possible, self._rates(rows, term)).astype(np.int32)
        dual = (rolls.status[rows] == "M") | (rolls.status[rows] == "S")
        half = np.flatnonzero(dual)
        drawn[half, 17] = drawn[half, :2].sum(axis=1) // 2
        drawn[half, :2] -= drawn[half, :2] // 2
        return drawn

    def _rates(self, rows: Ints, term: Term) -> NDArray[np.float64]:
        """The chance of each code: absence rises with need and age, and part of it is unauthorised."""
        agency, person = self.agency, self.rolls.person[rows]
        need = agency.world.people["need"][person].astype(np.float64).clip(-2.5, 3.5)
        luck = agency.luck("absence", person)
        own = np.sqrt(-2 * np.log(luck.of("one") + 1e-12)) * np.cos(2 * np.pi * luck.of("two"))
        season = agency.luck(f"absence {term.academic_year} {term.name}", person).of("season") - 0.5
        older = np.clip((ages(agency.world.people["born"][person], term.starts) - 10) / 5, 0, 1)
        refuses = luck.of("refuses") < 0.006 * np.exp(1.05 * need + 0.8 * older)
        absent = 0.046 * np.exp(0.36 * need + 0.52 * own + 0.35 * older + 0.5 * season)
        absent = np.minimum(np.where(refuses, absent + 0.25 + 0.45 * luck.of("how much"), absent), 0.93)
        unauthorised = np.clip(0.2 + 0.14 * need + 0.09 * own + 0.1 * older + 0.15 * refuses, 0.03, 0.88)
        other = np.array([0.0, 0.0002, 0.001, 0.0004, 0.0001])
        parts_of = [
            (1 - absent)[:, None] * _PRESENT / _PRESENT.sum() * (1 - other.sum()),
            (absent * (1 - unauthorised))[:, None] * _AUTHORISED / _AUTHORISED.sum() * (1 - other.sum()),
            (absent * unauthorised)[:, None] * _UNAUTHORISED * (1 - other.sum()),
            np.broadcast_to(other, (len(rows), 5)),
        ]
        rates = np.concatenate(parts_of, axis=1)
        return np.asarray(rates / rates.sum(axis=1, keepdims=True))

    def _by_code(
        self, rows: Ints, now: NDArray[np.int32], before: NDArray[np.int32], term: Term
    ) -> dict[str, NDArray[Any]]:
        """A row for each code with sessions; a code that was sent and has none any more is sent with 0."""
        there = (now[rows] > 0) | (before[rows] > 0)
        which, code = np.nonzero(there)
        return self._rows(rows[which], term, _CODES[code], now[rows][which, code].astype(np.int64), None)

    def _by_sum(self, rows: Ints, now: NDArray[np.int32], term: Term) -> dict[str, NDArray[Any]]:
        by_class = np.stack([now[rows][:, kind == _CLASS].sum(axis=1) for kind in range(3)], axis=1).astype(np.int64)
        totals = np.stack([by_class.sum(axis=1), by_class[:, 1], by_class[:, 2]], axis=1)
        blank = np.full(len(rows), "", dtype=object)
        return self._rows(rows, term, blank, np.full(len(rows), -1), totals)

    def _rows(
        self, rows: Ints, term: Term, codes: Texts, sessions: Ints, totals: Ints | None
    ) -> dict[str, NDArray[Any]]:
        count = len(rows)
        sums = np.full((count, 3), -1) if totals is None else totals
        return {
            "pupil_id": self.rolls.pupil_id[rows],
            "academic_year": np.full(count, term.academic_year, dtype=object),
            "term": np.full(count, term.name, dtype=object),
            "attendance_code": codes,
            "sessions": sessions,
            "possible_sessions": sums[:, 0],
            "authorised_sessions": sums[:, 1],
            "unauthorised_sessions": sums[:, 2],
        }

    def _exclusions(self, rows: Ints, month: Month, after: int | None) -> Table:
        """Suspensions, rarely exclusions for good, over three years; the first delivery brings all of them."""
        rng = self.agency.rng("exclusions")
        person = self.rolls.person
        need = self.agency.world.people["need"][person].astype(np.float64).clip(-2, 3.5)
        start = self.agency.first - 730
        entry, left = np.maximum(self.rolls.entry, start), np.minimum(self.rolls.left, self.agency.last)
        secondary = self.rolls.school >= self.schools.primaries
        wild = np.exp(1.1 * rng.standard_normal(len(person)))
        rate = np.where(secondary, 0.05, 0.009) * np.exp(1.35 * need - 0.5) * wild
        count = np.minimum(rng.poisson(rate * np.maximum(left - entry, 0) / 365), 12)
        which = np.repeat(np.arange(len(person)), count)
        on = _term_time(entry[which] + (rng.random(len(which)) * np.maximum(left - entry, 1)[which]).astype(np.int64))
        draw = rng.random(len(which))
        old_word = (on < start + 300) & (rng.random(len(which)) < 0.3)
        category = np.select([draw < 0.012, draw < 0.035, old_word], ["PERM", "LNCH", "FIXD"], "SUSP").astype(object)
        ids = numbered("X", on * 1.0 + rng.random(len(on)))
        seen = since(on, after, month.last) & np.isin(which, rows) & (on < left[which])
        columns = {
            "exclusion_id": ids,
            "pupil_id": self.rolls.pupil_id[which],
            "category": category,
            "started_on": on,
            "sessions": np.where(category == "PERM", -1, rng.integers(1, 11, len(on))),
            "reason": _REASONS[rng.integers(0, len(_REASONS), len(on))],
        }
        return Table("school", "exclusions", {name: column[seen] for name, column in columns.items()})

    def _attainment(self, rows: Ints, month: Month, after: int | None) -> Table:
        """Results of the early years, key stage 2 and key stage 4, known at the end of August."""
        born = school_year(self.agency.world.people["born"][self.rolls.person[rows]])
        blocks = []
        year = int(parts(np.array([month.last]))[0][0])
        for summer in range(year - 2, year + 1):
            known = day(summer, 8, 24)
            if not since(np.array([known]), after, month.last)[0]:
                continue
            for stage, age, measures in (
                ("EYFSP", 6, ("GLD",)),
                ("KS2", 12, ("READ_SS", "MAT_SS")),
                ("KS4", 17, ("ATT8",)),
            ):
                taught = (self.rolls.entry[rows] < day(summer, 5, 10)) & (self.rolls.left[rows] > day(summer, 5, 10))
                blocks += [
                    self._results(rows[(born + age == summer) & taught], summer, stage, measure) for measure in measures
                ]
        names = ("pupil_id", "academic_year", "key_stage", "measure", "value")
        empty = {name: np.empty(0, dtype=object) for name in names}
        return Table(
            "school", "attainment", {n: np.concatenate([empty[n], *[block[n] for block in blocks]]) for n in names}
        )

    def _results(self, rows: Ints, summer: int, stage: str, measure: str) -> dict[str, Texts]:
        need = self.agency.world.people["need"][self.rolls.person[rows]]
        luck = self.agency.luck(f"results {summer} {measure}", self.rolls.person[rows])
        skill = luck.of("one") + luck.of("two") + luck.of("three") - 1.5 - 0.22 * need
        value = {
            "GLD": np.where(skill > -0.3, "Y", "N"),
            "ATT8": np.round(np.clip(46 + 22 * skill, 0, 90), 1).astype(str),
        }.get(measure, np.clip(104 + 9 * skill, 80, 120).astype(int).astype(str))
        count = len(rows)
        return {
            "pupil_id": self.rolls.pupil_id[rows],
            "academic_year": np.full(count, f"{summer - 1}/{summer % 100:02d}", dtype=object),
            "key_stage": np.full(count, stage, dtype=object),
            "measure": np.full(count, measure, dtype=object),
            "value": value.astype(object),
        }


def _settled(counts: NDArray[np.int32]) -> NDArray[np.int32]:
    """What was provisional a month ago (N) has become an authorised or an unauthorised absence."""
    out = counts.copy()
    out[:, 6] += out[:, 15] // 2
    out[:, 13] += out[:, 15] - out[:, 15] // 2
    out[:, 15] = 0
    return out


def _stacked(*blocks: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _term_time(days: Ints) -> Ints:
    """Days moved out of August and Christmas into the weeks of school that follow."""
    _, month, date = parts(days)
    held = days + np.where(month == 8, 40, 0)
    return held + np.where(((month == 12) & (date > 18)) | ((month == 1) & (date < 6)), 20, 0)
