"""What comes to the notice of the police: crime, anti-social behaviour, domestic abuse, children missing.

Risk is concentrated: it rises steeply with a person's need, so that the same few families meet several agencies.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borough.agency import Agency
from borough.chance import Ints, Texts, happens, weighted
from borough.days import NEVER, ages

OFFENCES = ("violence", "sexual", "theft", "drugs", "public order", "weapons", "damage", "other")
_OFFENCE_SHARES = np.array([0.33, 0.02, 0.26, 0.12, 0.08, 0.04, 0.1, 0.05])
_YEAR = 365.25
_YEARS_BACK = 3


@dataclass(frozen=True)
class Incidents:
    """One array entry per person and incident; `person` is -1 where only the place is known."""

    number: Ints
    person: Ints
    role: Texts
    on: Ints
    recorded: Ints
    kind: Texts
    offence: Texts
    outcome: Texts
    decided: Ints
    proven: Texts
    qualifier: Texts
    dwelling: Ints


def happen(agency: Agency) -> Incidents:
    """Everything in the three years up to the last delivery."""
    blocks = [_crimes(agency), _nuisance(agency), _abuse(agency), _missing(agency)]
    offset = 0
    numbered = []
    for block in blocks:
        numbered.append({**block, "number": block["number"] + offset})
        offset += int(block["number"].max(initial=-1)) + 1
    names = [name for name in blocks[0] if name != "number"]
    joined = {name: np.concatenate([block[name] for block in numbered]) for name in ["number", *names]}
    order = np.lexsort((joined["person"], joined["number"], joined["on"]))
    return Incidents(**{name: column[order] for name, column in joined.items()})


def _start(agency: Agency) -> int:
    return agency.first - int(_YEARS_BACK * _YEAR)


def _draw(agency: Agency, rng: np.random.Generator, yearly: NDArray[np.floating]) -> tuple[Ints, Ints]:
    """Who has an incident when, at these yearly rates; only while they live in the town."""
    span = agency.last - _start(agency)
    who = np.repeat(np.arange(len(yearly)), rng.poisson(np.minimum(yearly, 8.0) * span / _YEAR))
    on = rng.integers(_start(agency), agency.last + 1, len(who))
    home = agency.timeline.households(who, on)
    held = agency.world.people
    here = (home >= 0) & ~held["outside"][who] & (held["arrived"][who] <= on)
    return who[here], on[here]


def _need(agency: Agency) -> NDArray[np.float64]:
    return np.asarray(agency.world.people["need"].astype(np.float64).clip(-2.5, 3.2))


def _age(agency: Agency) -> Ints:
    return ages(agency.world.people["born"], agency.first)


@dataclass(frozen=True)
class _Cases:
    """Some incidents of one kind: their numbers, days and places; each part that somebody plays is a row."""

    agency: Agency
    kind: str
    number: Ints
    on: Ints
    dwelling: Ints

    def take(self, rows: Ints) -> "_Cases":
        """Some of the incidents."""
        return _Cases(self.agency, self.kind, self.number[rows], self.on[rows], self.dwelling[rows])

    def part(self, person: Ints, role: str | Texts, **more: Texts) -> dict[str, NDArray[Any]]:
        """One row for each incident with this person in this role; what is not given is empty."""
        count = len(self.number)
        luck = self.agency.luck(f"recorded {self.kind}", self.number)
        blank = np.full(count, "", dtype=object)
        return {
            "number": self.number,
            "person": person,
            "role": np.full(count, role, dtype=object) if isinstance(role, str) else role,
            "on": self.on,
            "recorded": self.on + (-np.log1p(-luck.of("delay")) * 2.2).astype(np.int64),
            "kind": np.full(count, self.kind, dtype=object),
            "offence": more.get("offence", blank),
            "outcome": more.get("outcome", blank),
            "decided": self.on + 25 + (luck.of("decision") * 160).astype(np.int64),
            "proven": more.get("proven", blank),
            "qualifier": more.get("qualifier", blank),
            "dwelling": self.dwelling,
        }

    def anyone(self, rng: np.random.Generator, share: float) -> tuple[Ints, Ints]:
        """For this share of the incidents some grown resident: positions, and people."""
        rows = np.flatnonzero(happens(rng, share, len(self.number)))
        held = self.agency.world.people
        pool = np.flatnonzero((_age(self.agency) >= 14) & ~held["outside"] & ~held["unborn"])
        who = pool[rng.integers(0, len(pool), len(rows))]
        here = self.agency.timeline.households(who, self.on[rows]) >= 0
        return rows[here], who[here]


def _at_home(agency: Agency, kind: str, who: Ints, on: Ints, first: int = 0) -> _Cases:
    """Incidents at the home of the person they are about."""
    return _Cases(agency, kind, first + np.arange(len(who)), on, agency.timeline.dwellings(who, on))


def _joined(blocks: list[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _crimes(agency: Agency) -> dict[str, NDArray[Any]]:
    """An offender or suspect, often a victim, sometimes a witness; and thefts whose offender nobody knows."""
    rng = agency.rng("crimes")
    held, need, age = agency.world.people, _need(agency), _age(agency)
    young = np.exp(-(((age - 21) / 11.0) ** 2)) + 0.18 * (age >= 16)
    rate = 0.013 * np.where(held["sex"] == 1, 1.6, 0.4) * young * np.exp(1.3 * need) * (age >= 10)
    who, on = _draw(agency, rng, rate)
    cases = _at_home(agency, "crime", who, on)
    offence = np.array(OFFENCES, dtype=object)[weighted(rng, _OFFENCE_SHARES, len(who))]
    outcome, proven = _outcomes(rng, ages(held["born"][who], on) < 18)
    role = np.where(np.isin(outcome, ("1", "2", "3", "8", "22")), "offender", "suspect").astype(object)
    blocks = [cases.part(who, role, offence=offence, outcome=outcome, proven=proven)]
    for name, share in (("victim", 0.5), ("witness", 0.12)):
        rows, other = cases.anyone(rng, share)
        blocks.append(cases.take(rows).part(other, name, offence=offence[rows], outcome=outcome[rows]))
    robbed, when = _draw(agency, rng, 0.017 * np.exp(0.3 * need) * (age >= 14))
    unsolved = _at_home(agency, "crime", robbed, when, first=len(who))
    words = {name: np.full(len(robbed), word, dtype=object) for name, word in (("offence", "theft"), ("outcome", "18"))}
    return _joined([*blocks, unsolved.part(robbed, "victim", **words)])


def _outcomes(rng: np.random.Generator, young: NDArray[np.bool_]) -> tuple[Texts, Texts]:
    """A Home Office outcome for each crime, and whether it is proven: a caution, or a charge and conviction."""
    draw = rng.random(len(young))
    steps = [draw < 0.3, draw < 0.38, draw < 0.46, draw < 0.62, draw < 0.78, draw < 0.9]
    outcome = np.select(steps, ["1", "3", "8", "15", "16", "22"], "18").astype(object)
    outcome[young & (outcome == "3")] = "2"
    convicted = (outcome == "1") & happens(rng, 0.78, len(young))
    return outcome, np.where(np.isin(outcome, ("2", "3")) | convicted, "Y", "N").astype(object)


def _nuisance(agency: Agency) -> dict[str, NDArray[Any]]:
    """Anti-social behaviour: a suspect, a caller who is somebody else, and many logs that know only the address."""
    rng = agency.rng("nuisance")
    need, age = _need(agency), _age(agency)
    young = np.exp(-(((age - 17) / 8.0) ** 2)) + 0.25 * (age >= 18)
    who, on = _draw(agency, rng, 0.0105 * young * np.exp(1.15 * need) * (age >= 10))
    cases = _at_home(agency, "asb", who, on)
    words = np.array(["personal", "nuisance", "environmental"], dtype=object)
    word = words[weighted(rng, np.array([0.25, 0.65, 0.1]), len(who))]
    only_place = happens(rng, 0.3, len(who))
    blamed = np.where(happens(rng, 0.3, len(who)), "offender", "suspect")
    role = np.where(only_place, "involved", blamed).astype(object)
    blocks = [cases.part(np.where(only_place, -1, who), role, qualifier=word)]
    rows, other = cases.anyone(rng, 0.45)
    caller = np.where(happens(rng, 0.7, len(rows)), "caller", "victim").astype(object)
    blocks.append(cases.take(rows).part(other, caller, qualifier=word[rows]))
    again, when = _draw(agency, rng, 0.004 * np.exp(0.2 * need) * (age >= 30))
    calls = _at_home(agency, "asb", again, when, first=len(who))
    return _joined([*blocks, calls.part(again, "caller", qualifier=np.full(len(again), "nuisance", dtype=object))])


def _abuse(agency: Agency) -> dict[str, NDArray[Any]]:
    """Half of what happens between partners is reported: a victim, a suspect, sometimes a child in the house."""
    rng = agency.rng("abuse")
    held, log = agency.world.people, agency.world.abuse
    told = np.flatnonzero(happens(rng, 0.5, len(log)) & (log["on"] >= _start(agency)) & (log["on"] <= agency.last))
    victim, suspect, on = (log[name][told].astype(np.int64) for name in ("victim", "suspect", "on"))
    cases = _at_home(agency, "domestic_abuse", victim, on)
    charged = happens(rng, 0.24, len(told))
    outcome = np.where(charged, "1", np.where(happens(rng, 0.6, len(told)), "16", "15")).astype(object)
    proven = np.where(charged & happens(rng, 0.65, len(told)), "Y", "N").astype(object)
    violence = np.full(len(told), "violence", dtype=object)
    role = np.where(charged, "offender", "suspect").astype(object)
    blocks = [
        cases.part(victim, "victim", offence=violence, outcome=outcome),
        cases.part(suspect, role, offence=violence, outcome=outcome, proven=proven),
    ]
    child = agency.scribe.child_of(victim)
    seen = np.flatnonzero((child >= 0) & happens(rng, 0.35, len(told)) & (held["born"][np.maximum(child, 0)] < on))
    homes = agency.timeline.households
    seen = seen[homes(child[seen], on[seen]) == homes(victim[seen], on[seen])]
    blocks.append(cases.take(seen).part(child[seen], "involved", offence=violence[seen]))
    rows, other = cases.anyone(rng, 0.12)
    return _joined([*blocks, cases.take(rows).part(other, "caller")])


def _missing(agency: Agency) -> dict[str, NDArray[Any]]:
    """Children who go missing, those in care far more often; mostly a mother calls."""
    rng = agency.rng("missing")
    held, age = agency.world.people, _age(agency)
    in_care = np.zeros(len(held), dtype=bool)
    in_care[agency.world.care["person"][agency.world.care["end"] == NEVER]] = True
    rate = 0.0045 * np.exp(1.25 * _need(agency)) * np.where(in_care, 9.0, 1.0) * ((age >= 10) & (age < 19))
    who, on = _draw(agency, rng, rate)
    child = ages(held["born"][who], on) < 18
    who, on = who[child], on[child]
    cases = _at_home(agency, "missing", who, on)
    mother = held["mother"][who].astype(np.int64)
    told = (mother >= 0) & happens(rng, 0.6, len(who)) & ~held["outside"][np.maximum(mother, 0)]
    rows = np.flatnonzero(told)
    return _joined([cases.part(who, "missing_person"), cases.take(rows).part(mother[rows], "caller")])
