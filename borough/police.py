"""What the police know: people who came to notice, where they lived then, and what happened."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borough import mistakes
from borough.agency import Agency, numbered, since
from borough.chance import Flags, Ints, Texts, happens
from borough.contract import Table
from borough.days import UNKNOWN, Month
from borough.habits import NOMINALS
from borough.incidents import Incidents, happen
from borough.luck import Luck

_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_INTERVENTIONS = np.array(["CPN", "ABC", "CI", "CBO", "closure", "tenancy", "ASBO", "ASBI"], dtype=object)
_INTERVENTION_SHARES = np.array([0.34, 0.22, 0.14, 0.13, 0.02, 0.13, 0.01, 0.01])


@dataclass(frozen=True)
class _Nominals:
    """One array entry per nominal record; some people have two. `of` gives each incident row its record, or -1."""

    person: Ints
    opened: Ints
    ids: Texts
    luck: Luck
    of: Ints


@dataclass
class Police:
    """The police feed, from the first incident to the last month."""

    agency: Agency
    incidents: Incidents = field(init=False)
    nominals: _Nominals = field(init=False)
    occurrence_ids: Texts = field(init=False)

    def __post_init__(self) -> None:
        self.incidents = happen(self.agency)
        self.nominals = _open_records(self.agency, self.incidents)
        on = self.incidents.on
        first = np.unique(self.incidents.number, return_index=True)[1]
        names = np.full(int(self.incidents.number.max(initial=0)) + 1, "", dtype=object)
        names[self.incidents.number[first]] = numbered("OC", on[first] * 1.0)
        self.occurrence_ids = names

    def deliver(self, month: Month, after: int | None) -> list[Table]:
        """All nominals to date; occurrences new or decided since the last delivery; interventions begun since."""
        return [self._nominals(month), self._occurrences(month, after), self._interventions(month, after)]

    def _nominals(self, month: Month) -> Table:
        records = self.nominals
        rows = np.flatnonzero(records.opened <= month.last)
        people, luck = records.person[rows], records.luck.take(rows)
        habits = NOMINALS.times(self.agency.mistakes)
        # The address is the one given when the record was last touched, which is rarely today's.
        touched = self._last_touched(month)[rows]
        person = self.agency.scribe.person(people, touched, luck, habits)
        forename, surname = self._alias(people, luck)
        columns = {
            "nominal_id": records.ids[rows],
            "pnc_id": self._pnc(people, luck),
            **person,
            "alias_forename": forename,
            "alias_surname": surname,
            **self.agency.scribe.address(people, touched, luck, habits),
        }
        return Table("police", "nominals", columns, people)

    def _last_touched(self, month: Month) -> Ints:
        records, incidents = self.nominals, self.incidents
        touched = records.opened.copy()
        known = (records.of >= 0) & (incidents.on <= month.last)
        np.maximum.at(touched, records.of[known], incidents.on[known])
        return touched

    def _alias(self, people: Ints, luck: Luck) -> tuple[Texts, Texts]:
        """An alias: a short form, the mother's name, or a name made up for the officer."""
        scribe, held = self.agency.scribe, self.agency.world.people
        forename, surname = (np.full(len(people), "", dtype=object) for _ in range(2))
        kind = luck.of("alias")
        for row in np.flatnonzero(kind < 0.09):
            own = scribe.plain_texts[held["forename"][people[row]]]
            forename[row] = mistakes.short_form(own, float(kind[row]) * 11).upper()
        mothers = np.flatnonzero((kind > 0.96) & (held["mother"][people] >= 0))
        surname[mothers] = [
            scribe.plain_texts[n].upper() for n in held["birth_surname"][held["mother"][people[mothers]]]
        ]
        invented = np.flatnonzero((kind > 0.94) & (kind <= 0.96) & (len(people) > 1))
        other = people[(invented * 7 + 1) % max(len(people), 1)]
        forename[invented] = [scribe.plain_texts[n].upper() for n in held["forename"][other]]
        surname[invented] = [scribe.plain_texts[n].upper() for n in held["birth_surname"][other]]
        return forename, surname

    def _pnc(self, people: Ints, luck: Luck) -> Texts:
        """A PNC number for those ever charged, one per person: a year, a serial and a check letter."""
        incidents = self.incidents
        charged = np.zeros(len(self.agency.world.people), dtype=bool)
        offenders = incidents.role == "offender"
        charged[incidents.person[offenders]] = True
        lasting = self.agency.luck("pnc", people)
        out = np.full(len(people), "", dtype=object)
        rows = np.flatnonzero(charged[people] & luck.fails("pnc kept", 0.85))
        years = 1998 + (lasting.of("year")[rows] * 28).astype(int)
        out[rows] = [
            f"{year}/{number % 10_000_000:07d}{_PNC_LETTERS[(year % 100 * 10_000_000 + number % 10_000_000) % 23]}"
            for year, number in zip(years.tolist(), (people[rows] * 7_919 + 1_000_003).tolist(), strict=True)
        ]
        return out

    def _occurrences(self, month: Month, after: int | None) -> Table:
        incidents, records = self.incidents, self.nominals
        decided = np.where(incidents.outcome == "", incidents.recorded, incidents.decided)
        wanted = since(incidents.recorded, after, month.last)
        wanted |= (incidents.recorded <= month.last) & since(decided, after, month.last)
        rows = np.flatnonzero(wanted & (incidents.on > self.agency.first - 731))
        known = decided[rows] <= month.last
        nominal = records.of[rows]
        luck = self.agency.luck("occurrence", incidents.number[rows])
        address = self._place(incidents.dwelling[rows], luck)
        columns = {
            "occurrence_id": self.occurrence_ids[incidents.number[rows]],
            "nominal_id": np.where(nominal >= 0, records.ids[np.maximum(nominal, 0)], "").astype(object),
            "role": incidents.role[rows],
            "occurred_on": incidents.on[rows],
            "recorded_on": incidents.recorded[rows],
            "kind": incidents.kind[rows],
            "offence_group": incidents.offence[rows],
            "outcome_code": np.where(known, incidents.outcome[rows], "").astype(object),
            "proven": np.where(known, incidents.proven[rows], np.where(incidents.proven[rows] == "", "", "N")).astype(
                object
            ),
            "asb_qualifier": incidents.qualifier[rows],
            **address,
        }
        return _once(Table("police", "occurrences", columns))

    def _place(self, dwellings: Ints, luck: Luck) -> dict[str, NDArray[Any]]:
        """Where it happened, as the call handler wrote it."""
        written = self.agency.scribe.book.write(dwellings, np.ones(len(dwellings), dtype=np.int64), luck.of("how"))
        gone = luck.fails("uprn", 0.6)
        hidden = self.agency.scribe.hidden[np.maximum(dwellings, 0)]
        return {
            "address_line_1": written.line_1,
            "address_line_2": written.line_2,
            "town": written.town,
            "postcode": np.where(luck.fails("postcode", 0.07), "", written.postcode).astype(object),
            "uprn": np.where(gone, "", written.uprn).astype(object),
            "protected_address": np.where(hidden & (dwellings >= 0), "Y", "N").astype(object),
        }

    def _interventions(self, month: Month, after: int | None) -> Table:
        """Notices, contracts, injunctions and orders after anti-social behaviour."""
        incidents, rng = self.incidents, self.agency.rng("interventions")
        caused = (incidents.kind == "asb") & np.isin(incidents.role, ("offender", "suspect"))
        chosen = np.flatnonzero(caused & happens(rng, 0.2, len(caused)))
        start = incidents.on[chosen] + rng.integers(10, 70, len(chosen))
        kind = _INTERVENTIONS[np.searchsorted(np.cumsum(_INTERVENTION_SHARES), rng.random(len(chosen)))]
        ids = numbered("IV", start * 1.0)
        length = rng.integers(60, 500, len(chosen))
        end = np.where(start + length <= month.last, start + length, UNKNOWN)
        seen: Flags = since(start, after, month.last)
        if after is not None:
            seen |= (end > after) & (end <= month.last)
        seen &= start > self.agency.first - 731
        columns = {
            "intervention_id": ids,
            "nominal_id": self.nominals.ids[self.nominals.of[chosen]],
            "type": kind,
            "started_on": start,
            "ended_on": end,
        }
        return Table("police", "asb_interventions", {name: column[seen] for name, column in columns.items()})


def _open_records(agency: Agency, incidents: Incidents) -> _Nominals:
    """A record for each person on their first incident; some get a second one, unknown to be theirs."""
    named = np.flatnonzero(incidents.person >= 0)
    person, on = incidents.person[named], incidents.on[named]
    luck = agency.luck("nominal", person, incidents.number[named])
    twice = agency.luck("nominal twice", person).of("twice") < 0.07
    second = twice & luck.fails("under the other", 0.5)
    both, which = np.unique(person * 2 + second, return_inverse=True)
    opened = np.full(len(both), 10_000_000)
    np.minimum.at(opened, which, on)
    both, opened = _with_old_systems(agency, both, opened)
    of = np.full(len(incidents.person), -1)
    of[named] = which
    record_luck = agency.luck("nominal record", both)
    ids = numbered("N", opened * 1.0 + record_luck.of("id"), start=1_000_000)
    return _Nominals(person=both // 2, opened=opened, ids=ids, luck=record_luck, of=of)


def _with_old_systems(agency: Agency, both: Ints, opened: Ints) -> tuple[Ints, Ints]:
    """One person in thirty also stands in a system that was taken over, under another number and by another hand."""
    luck = agency.luck("old system", both // 2)
    doubled = np.flatnonzero((both % 2 == 0) & luck.fails("doubled", 0.03) & ~np.isin(both + 1, both))
    earlier = opened[doubled] - (luck.of("earlier")[doubled] * 500).astype(np.int64)
    return np.concatenate([both, both[doubled] + 1]), np.concatenate([opened, earlier])


def _once(table: Table) -> Table:
    """The first row of each key: one person plays one part in one occurrence."""
    keys = (table.columns["occurrence_id"] + "|" + table.columns["nominal_id"]).astype(str)
    keep = np.sort(np.unique(keys, return_index=True)[1])
    return Table(table.feed, table.name, {name: column[keep] for name, column in table.columns.items()})
