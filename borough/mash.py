"""What the safeguarding hub knows: referred children, brothers and sisters, the adults around them, what is done."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borough.agency import Agency, numbered, since
from borough.chance import Flags, Ints, Texts
from borough.contract import Table
from borough.days import UNKNOWN, Month
from borough.habits import MASH
from borough.identifiers import nhs_numbers
from borough.luck import Luck
from borough.safeguarding import DECISIONS, Episodes, Referrals, follow, is_child, refer
from borough.schools import Rolls


@dataclass
class Mash:
    """The MASH feed. One record for each person, except that an adopted child is two people and so has two."""

    agency: Agency
    rolls: Rolls
    referrals: Referrals = field(init=False)
    episodes: Episodes = field(init=False)
    person: Ints = field(init=False)
    opened: Ints = field(init=False)
    ids: Texts = field(init=False)
    luck: Luck = field(init=False)
    ties: dict[str, NDArray[Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.referrals = refer(self.agency)
        self.episodes = follow(self.agency, self.referrals)
        self.ties = self._known_ties()
        self._open_records()

    def deliver(self, month: Month, after: int | None) -> list[Table]:
        """The rosters in full, and referrals and episodes begun or ended since the last delivery."""
        return [
            self._people(month),
            self._relationships(month),
            self._referrals(month, after),
            self._episodes(month, after),
            self._never_link(month),
        ]

    def _known_ties(self) -> dict[str, NDArray[Any]]:
        """Who was named as whose relative when a child was first referred: child, relative, relation, duty, day."""
        agency, held = self.agency, self.agency.world.people
        child = np.concatenate(
            [self.referrals.child, self.episodes.child, agency.world.adoptions["after"].astype(np.int64)]
        )
        on = np.concatenate([self.referrals.on, self.episodes.start, agency.world.adoptions["on"].astype(np.int64) + 9])
        order = np.lexsort((on, child))
        child, first = np.unique(child[order], return_index=True)
        on = on[order][first]
        luck = agency.luck("named", child)
        mother, father = held["mother"][child].astype(np.int64), held["father"][child].astype(np.int64)
        partner = np.where(mother >= 0, agency.timeline.partners(agency.last)[np.maximum(mother, 0)], -1)
        partner = np.where((partner == father) | held["unborn"][np.maximum(partner, 0)], -1, partner)
        grand = np.where(
            (mother >= 0) & held["outside"][np.maximum(mother, 0)], held["mother"][np.maximum(mother, 0)], -1
        )
        sibling = agency.scribe.siblings[child]
        named = [
            (mother, "parent", 0.97, "Y"), (father, "parent", 0.72, "Y"), (partner, "carer", 0.6, "N"),
            (grand, "grandparent", 0.8, ""), (sibling, "sibling", 0.66, ""),
        ]  # fmt: skip
        rows = []
        for other, relation, chance, responsible in named:
            there = np.flatnonzero((other >= 0) & luck.fails(relation + responsible, chance))
            count = len(there)
            rows.append(
                (
                    child[there],
                    other[there],
                    np.full(count, relation, dtype=object),
                    np.full(count, responsible, dtype=object),
                    on[there],
                )
            )
        names = ("child", "other", "relation", "responsible", "on")
        ties = {name: np.concatenate(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
        self._first = (child, on)
        return ties

    def _open_records(self) -> None:
        child, on = self._first
        people = np.concatenate([child, self.ties["other"].astype(np.int64)])
        days = np.concatenate([on, self.ties["on"].astype(np.int64)])
        self.person, which = np.unique(people, return_inverse=True)
        self.opened = np.full(len(self.person), 10_000_000)
        np.minimum.at(self.opened, which, days)
        self.luck = self.agency.luck("mash", self.person)
        self.ids = numbered("M", self.opened * 1.0 + self.luck.of("id"), start=300_000)

    def _row(self, people: Ints) -> Ints:
        return np.searchsorted(self.person, people)

    def _people(self, month: Month) -> Table:
        agency, held = self.agency, self.agency.world.people
        rows = np.flatnonzero(self.opened <= month.last)
        people, luck = self.person[rows], self.luck.take(rows)
        habits = MASH.times(agency.mistakes)
        touched = self._touched(month)[rows]
        unborn = held["born"][people] > month.last
        about = np.where(unborn & (held["mother"][people] >= 0), held["mother"][people], people)
        columns = agency.scribe.person(people, touched, luck, habits) | agency.scribe.address(
            about, touched, luck, habits
        )
        young = is_child(agency, people, month.last)
        born = np.where(~young & luck.fails("adult undated", 0.42), UNKNOWN, columns["date_of_birth"])
        born = np.where(young & luck.fails("child undated", 0.025), UNKNOWN, born)
        columns["date_of_birth"] = np.where(unborn, UNKNOWN, born)
        columns["forename"] = np.where(
            unborn, np.where(luck.fails("named", 0.5), "Unborn", ""), columns["forename"]
        ).astype(object)
        columns["middle_names"] = np.where(unborn, "", columns["middle_names"]).astype(object)
        columns["sex"] = np.where(unborn, "U", columns["sex"]).astype(object)
        # Whom it never knew in the town; a record keeps the address that it has when its person leaves.
        apart = agency.timeline.households(people, touched) < 0
        for name in ("address_line_1", "address_line_2", "town", "postcode", "uprn"):
            columns[name] = np.where(apart & ~unborn & luck.fails("no address", 0.4), "", columns[name]).astype(object)
        due = held["born"][people] + (luck.of("due") * 17).astype(np.int64) - 8
        columns |= {
            "mash_id": self.ids[rows],
            "expected_date_of_birth": np.where(unborn, due, UNKNOWN),
            "nhs_number": self.nhs(
                people, luck.fails("nhs", np.where(young & ~unborn, 0.7, np.where(unborn, 0.0, 0.2)))
            ),
            "upn": self.upns(people, luck, month),
        }
        return Table("mash", "people", columns, people)

    def _touched(self, month: Month) -> Ints:
        """The day on which each record was last worked on; relatives' records follow the child's."""
        touched = self.opened.copy()
        for child, on in ((self.referrals.child, self.referrals.on), (self.episodes.child, self.episodes.start)):
            seen = on <= month.last
            np.maximum.at(touched, self._row(child[seen]), on[seen])
        ties = self.ties
        seen = ties["on"] <= month.last
        np.maximum.at(
            touched,
            self._row(ties["other"][seen].astype(np.int64)),
            touched[self._row(ties["child"][seen].astype(np.int64))],
        )
        ends = self.episodes
        working = (ends.start <= month.last) & (ends.end > month.last)
        np.maximum.at(touched, self._row(ends.child[working]), month.last - 25)
        return np.minimum(touched, month.last)

    def nhs(self, people: Ints, known: Flags) -> Texts:
        """Health numbers of people who have a record here, where `known` says so."""
        out = np.full(len(people), "", dtype=object)
        rank = np.argsort(np.argsort(self.luck.of("nhs number"), kind="stable"), kind="stable")
        rows = np.flatnonzero(known)
        out[rows] = nhs_numbers(rank[self._row(people[rows])])
        return out

    def upns(self, people: Ints, luck: Luck, month: Month) -> Texts:
        """The number the school has, for two thirds of pupils."""
        latest = np.full(len(self.agency.world.people), -1)
        begun = np.flatnonzero(self.rolls.entry <= month.last)
        latest[self.rolls.person[begun]] = begun
        row = latest[people]
        given = (row >= 0) & luck.fails("upn", 0.64)
        return np.where(given, self.rolls.upn[np.maximum(row, 0)] if len(self.rolls.upn) else "", "").astype(object)

    def _relationships(self, month: Month) -> Table:
        """What the second is to the first; mostly both ways."""
        ties = self.ties
        seen = np.flatnonzero(ties["on"] <= month.last)
        child, other = ties["child"][seen].astype(np.int64), ties["other"][seen].astype(np.int64)
        relation, responsible = ties["relation"][seen], ties["responsible"][seen]
        back = np.select(
            [relation == "parent", relation == "sibling", relation == "carer"], ["child", "sibling", "child"], "other"
        )
        both = self.agency.luck("both ways", child, other).fails("both", 0.7)
        mother = self.agency.world.people["mother"][child].astype(np.int64)
        couple = np.flatnonzero((relation == "carer") & (mother >= 0))
        columns = {
            "one": np.concatenate([child, other[both], mother[couple]]),
            "two": np.concatenate([other, child[both], other[couple]]),
            "relationship": np.concatenate(
                [relation, back[both], np.full(len(couple), "partner", dtype=object)]
            ).astype(object),
            "responsible": np.concatenate([responsible, np.full(both.sum() + len(couple), "", dtype=object)]),
        }
        listed = np.isin(columns["one"], self.person) & np.isin(columns["two"], self.person)
        _, first = np.unique(columns["one"] * 10_000_000 + columns["two"], return_index=True)
        keep = np.sort(first)[listed[np.sort(first)]]
        one, two = self._row(columns["one"][keep]), self._row(columns["two"][keep])
        open_both = (self.opened[one] <= month.last) & (self.opened[two] <= month.last)
        keep, one, two = keep[open_both], one[open_both], two[open_both]
        return Table(
            "mash",
            "relationships",
            {
                "mash_id": self.ids[one],
                "related_mash_id": self.ids[two],
                "relationship": columns["relationship"][keep],
                "parental_responsibility": columns["responsible"][keep],
            },
        )

    def _referrals(self, month: Month, after: int | None) -> Table:
        referrals = self.referrals
        seen = since(referrals.on, after, month.last) & (referrals.on > self.agency.first - 731)
        columns = {
            "referral_id": numbered("R", referrals.on * 1.0),
            "mash_id": self.ids[self._row(referrals.child)],
            "received_on": referrals.on,
            "source_code": referrals.source,
            "concerns": referrals.concerns,
            "decision": DECISIONS[np.minimum(referrals.decided, len(DECISIONS) - 1)],
        }
        return Table("mash", "referrals", {name: column[seen] for name, column in columns.items()})

    def _episodes(self, month: Month, after: int | None) -> Table:
        episodes = self.episodes
        seen = since(episodes.start, after, month.last) & (episodes.end > self.agency.first - 731)
        if after is not None:
            seen |= (episodes.start <= month.last) & since(episodes.end, after, month.last)
        columns = {
            "episode_id": numbered("E", episodes.start * 1.0),
            "mash_id": self.ids[self._row(episodes.child)],
            "kind": episodes.kind,
            "started_on": episodes.start,
            "ended_on": np.where(episodes.end <= month.last, episodes.end, UNKNOWN),
            "category": episodes.category,
            "factors": episodes.factors,
        }
        return Table("mash", "episodes", {name: column[seen] for name, column in columns.items()})

    def _never_link(self, month: Month) -> Table:
        """The record before an adoption against every record after it, here and at school."""
        adoptions = self.agency.world.adoptions
        before, after, on = (adoptions[name].astype(np.int64) for name in ("before", "after", "on"))
        listed = np.isin(before, self.person) & np.isin(after, self.person) & (on + 9 <= month.last)
        before, after = before[listed], after[listed]
        rows = [
            (self.ids[self._row(np.array([b]))][0], "mash", "people", self.ids[self._row(np.array([a]))][0])
            for b, a in zip(before, after, strict=True)
        ]
        rolls = self.rolls.on(month.last)
        for b, a in zip(before, after, strict=True):
            old = self.ids[self._row(np.array([b]))][0]
            rows += [(old, "school", "pupils", self.rolls.pupil_id[r]) for r in rolls[self.rolls.person[rolls] == a]]
        names = ("mash_id", "other_feed", "other_table", "other_id")
        return Table(
            "mash",
            "never_link",
            {name: np.array([row[place] for row in rows], dtype=object) for place, name in enumerate(names)},
        )
