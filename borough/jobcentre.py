"""What the Job Centre knows: who claims, on what conditions, who found work, what was done to find it."""

from dataclasses import dataclass, field

import numpy as np

from borough.agency import Agency, numbered, since
from borough.chance import Ints, Texts, happens, weighted
from borough.contract import Table
from borough.days import NEVER, UNKNOWN, Month, ages
from borough.habits import CLAIMANTS
from borough.identifiers import ninos
from borough.luck import Luck

_CONDITIONS = np.array(
    [
        "searching for work",
        "no work requirements",
        "working - with requirements",
        "working - no requirements",
        "planning for work",
        "preparing for work",
    ],
    dtype=object,
)
_CONDITION_SHARES = np.array([0.22, 0.22, 0.27, 0.21, 0.03, 0.05])
_LEGACY = np.array(["UC", "CA", "ESA", "JSA", "IS", "IB", "SDA"], dtype=object)
_LEGACY_SHARES = np.array([0.885, 0.05, 0.04, 0.018, 0.003, 0.002, 0.002])
_ACTIONS = np.array(["interview", "cv", "training", "work_programme", "family_provision", "other"], dtype=object)
_ACTION_SHARES = np.array([0.4, 0.2, 0.16, 0.08, 0.06, 0.1])
_EMPLOYERS = np.array(
    [
        "Hearthstead Hospital",
        "Beckside Foods",
        "Northgate Logistics",
        "Saltmarsh Care",
        "Quayside Retail",
        "Weavers Cleaning",
        "Dunbeck Buses",
        "self",
    ],
    dtype=object,
)
_YEAR = 365.25


@dataclass
class Jobcentre:
    """The Job Centre feed; one claimant record for each person who ever claimed."""

    agency: Agency
    claimant: Ints = field(init=False)
    of: Ints = field(init=False)
    start: Ints = field(init=False)
    end: Ints = field(init=False)
    benefit: Texts = field(init=False)
    ids: Texts = field(init=False)
    luck: Luck = field(init=False)
    numbers: Texts = field(init=False)

    def __post_init__(self) -> None:
        self._claim()
        opened = np.full(len(self.claimant), 10_000_000)
        np.minimum.at(opened, self.of, self.start)
        self.luck = self.agency.luck("claimant", self.claimant)
        self.ids = numbered("J", opened * 1.0 + self.luck.of("id"), start=500_000)
        self.numbers = self._ninos()

    def deliver(self, month: Month, after: int | None) -> list[Table]:
        """Claimants with a claim in the last thirteen months; claims, jobs and actions new or changed."""
        listed = np.zeros(len(self.claimant), dtype=bool)
        listed[self.of[(self.start <= month.last) & (self.end > month.last - 400)]] = True
        rows = np.flatnonzero(listed)
        return [
            self._claimants(rows, month),
            self._claims(month, after),
            self._employment(month, after),
            self._progress(month, after),
        ]

    def nino(self, people: Ints) -> Texts:
        """The number of people who ever claimed; empty for others."""
        row = np.searchsorted(self.claimant, people)
        row = np.minimum(row, max(len(self.claimant) - 1, 0))
        known = self.claimant[row] == people if len(self.claimant) else np.zeros(len(people), dtype=bool)
        return np.where(known, self.numbers[row] if len(self.claimant) else "", "").astype(object)

    def _claim(self) -> None:
        """Claims of adults of working age, likelier and longer where need is greater; partners claim together."""
        agency, rng = self.agency, self.agency.rng("claims")
        held = agency.world.people
        age = ages(held["born"], agency.last)
        adults = np.flatnonzero(
            (age >= 16) & (age < 67) & ~held["outside"] & ~held["unborn"] & (held["died"] > agency.first)
        )
        need = held["need"][adults].astype(np.float64)
        parent = agency.scribe.child_of(adults) >= 0
        chance = 1 / (1 + np.exp(2.15 - 1.05 * need - 0.25 * parent)) * np.where(age[adults] < 18, 0.15, 1.0)
        chosen = adults[happens(rng, chance, len(adults))]
        partner = held["partner"][chosen].astype(np.int64)
        joint = partner[(partner >= 0) & happens(rng, 0.55, len(chosen))]
        joint = joint[(age[joint] < 67) & ~np.isin(joint, chosen)]
        who = np.unique(np.concatenate([chosen, joint]))
        length = rng.exponential(780 * np.exp(0.35 * held["need"][who].clip(-1, 2.5)))
        start = agency.last - (rng.random(len(who)) ** 1.3 * 6 * _YEAR).astype(np.int64)
        couple = np.minimum(np.where(held["partner"][who] >= 0, held["partner"][who], who), who)
        together = agency.luck("joint claim", couple.astype(np.int64))
        jointly = np.isin(held["partner"][who], who)
        start = np.where(jointly, agency.last - (together.of("start") ** 1.3 * 6 * _YEAR).astype(np.int64), start)
        start = np.maximum(start, held["born"][who] + int(16.2 * _YEAR))
        end = start + 20 + length.astype(np.int64)
        again = np.flatnonzero((end < agency.last - 60) & happens(rng, 0.38, len(who)))
        next_start = end[again] + rng.integers(30, 200, len(again))
        people = np.concatenate([who, who[again]])
        starts = np.concatenate([start, next_start])
        ends = np.concatenate([end, next_start + 20 + rng.exponential(500, len(again)).astype(np.int64)])
        gone = np.minimum(held["left"][people], held["died"][people]).astype(np.int64)
        ends = np.where(ends > gone, gone + 15, np.where(ends > agency.last, NEVER, ends))
        keep = (starts <= agency.last) & (ends > agency.first - 731) & (ends > starts)
        keep &= agency.timeline.stays(people, starts + 400) >= 0
        people, self.start, self.end = people[keep], starts[keep], ends[keep]
        self.claimant, self.of = np.unique(people, return_inverse=True)
        self.benefit = _LEGACY[weighted(rng, _LEGACY_SHARES, len(people))]

    def _ninos(self) -> Texts:
        """Numbers in no order, but now and then a brother's or sister's is the next one."""
        rank = np.argsort(np.argsort(self.luck.of("nino"), kind="stable"), kind="stable").astype(np.int64)
        number = rank * 2 % 1_000_000
        sibling = self.agency.scribe.siblings[self.claimant]
        row = np.minimum(np.searchsorted(self.claimant, sibling), max(len(self.claimant) - 1, 0))
        next_to = np.flatnonzero(
            (sibling >= 0)
            & (self.claimant[row] == sibling)
            & self.luck.fails("next number", 0.05)
            & (sibling > self.claimant)
        )
        number[next_to] = number[row[next_to]] + 1
        _, first = np.unique(number, return_index=True)
        repeated = np.setdiff1d(np.arange(len(number)), first)
        number[repeated] = 999_999 - 2 * np.arange(len(repeated))
        return ninos(number)

    def _claimants(self, rows: Ints, month: Month) -> Table:
        agency = self.agency
        people, luck = self.claimant[rows], self.luck.take(rows)
        habits = CLAIMANTS.times(agency.mistakes)
        told = month.last - (-np.log1p(-luck.of("lag")) * 150).astype(np.int64)
        columns = {
            "claimant_id": self.ids[rows],
            "nino": np.where(luck.fails("no nino", 0.03), "", self.numbers[rows]).astype(object),
            **agency.scribe.person(people, told, luck, habits),
            **agency.scribe.address(people, np.maximum(told, self._earliest(people)), luck, habits),
            "partner_claimant_id": self._partner_ids(rows, luck, month),
        }
        return Table("jobcentre", "claimants", columns, people)

    def _earliest(self, people: Ints) -> Ints:
        """A day on which each person had an address."""
        stays = self.agency.world.stays
        first = np.full(len(self.agency.world.people), NEVER)
        np.minimum.at(first, stays["person"], stays["start"])
        return np.asarray(np.minimum(first[people], self.agency.last))

    def _partner_ids(self, rows: Ints, luck: Luck, month: Month) -> Texts:
        partner = self.agency.timeline.partners(month.last)[self.claimant[rows]]
        place = np.minimum(np.searchsorted(self.claimant, partner), max(len(self.claimant) - 1, 0))
        known = (
            (partner >= 0) & (self.claimant[place] == partner) & np.isin(place, rows) & luck.fails("partner told", 0.72)
        )
        return np.where(known, self.ids[place], "").astype(object)

    def _claims(self, month: Month, after: int | None) -> Table:
        """One row a claim; sent again when it ends or its conditions change. The benefit's words come in any case."""
        luck = self.agency.luck("claim", self.claimant[self.of], self.start)
        changes = self.start + 60 + (luck.of("change day") * 500).astype(np.int64)
        changed = luck.fails("changes", 0.35) & (changes <= month.last)
        first = _CONDITIONS[np.searchsorted(np.cumsum(_CONDITION_SHARES), luck.of("first").clip(0, 0.9999))]
        then = _CONDITIONS[np.searchsorted(np.cumsum(_CONDITION_SHARES), luck.of("then").clip(0, 0.9999))]
        words = np.where(changed, then, first).astype(object)
        loud = luck.fails("loud", 0.3)
        words[loud] = np.array([word.capitalize() for word in words[loud]], dtype=object)
        seen = since(self.start, after, month.last)
        if after is not None:
            seen |= (self.start <= month.last) & since(self.end, after, month.last)
            seen |= changed & since(changes, after, month.last) & (self.end > changes)
        columns = {
            "claimant_id": self.ids[self.of],
            "benefit_code": self.benefit,
            "started_on": self.start,
            "ended_on": np.where(self.end <= month.last, self.end, UNKNOWN),
            "conditionality": np.where(self.benefit == "UC", words, "").astype(object),
        }
        return Table("jobcentre", "claims", {name: column[seen] for name, column in columns.items()})

    def _employment(self, month: Month, after: int | None) -> Table:
        """Jobs of a third of those whose claim ended, and of some who claim while they work."""
        luck = self.agency.luck("job", self.claimant[self.of], self.start)
        ended = self.end < NEVER
        works = luck.fails("works", np.where(ended, 0.4, 0.22))
        start = np.where(ended, self.end - 8, self.start + 30 + (luck.of("job day") * 300).astype(np.int64))
        length = 30 + (-np.log1p(-luck.of("length")) * 420).astype(np.int64)
        end = start + length
        seen = since(start, after, month.last) & works
        if after is not None:
            seen |= works & (start <= month.last) & since(end, after, month.last)
        columns = {
            "claimant_id": self.ids[self.of],
            "started_on": start,
            "ended_on": np.where(end <= month.last, end, UNKNOWN),
            "employer": _EMPLOYERS[(luck.of("employer") * len(_EMPLOYERS)).astype(np.int64)],
        }
        return _keyed(Table("jobcentre", "employment", {name: column[seen] for name, column in columns.items()}))

    def _progress(self, month: Month, after: int | None) -> Table:
        """What claimants did towards work."""
        rng = self.agency.rng("progress")
        span = np.minimum(self.end, self.agency.last) - np.maximum(self.start, self.agency.first - 730)
        count = rng.poisson(np.maximum(span, 0) / _YEAR * 0.8)
        which = np.repeat(np.arange(len(self.of)), count)
        from_day = np.maximum(self.start, self.agency.first - 730)[which]
        on = from_day + (rng.random(len(which)) * np.maximum(span, 1)[which]).astype(np.int64)
        action = _ACTIONS[weighted(rng, _ACTION_SHARES, len(which))]
        seen = since(on, after, month.last)
        columns = {"claimant_id": self.ids[self.of[which]][seen], "action_on": on[seen], "action": action[seen]}
        return _keyed(Table("jobcentre", "progress", columns))


def _keyed(table: Table) -> Table:
    """The first row of each key."""
    columns = table.columns
    text = columns[table.key[0]].astype(str)
    for name in table.key[1:]:
        text = np.char.add(np.char.add(text, "|"), columns[name].astype(str))
    keep = np.sort(np.unique(text, return_index=True)[1])
    return Table(table.feed, table.name, {name: column[keep] for name, column in columns.items()})
