"""What comes to the notice of the police: crime, anti-social behaviour, domestic abuse, children missing.

Risk is concentrated: it rises steeply with a person's need, so that the same few families meet several agencies.
"""

from dataclasses import dataclass

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


def _rows(agency: Agency, number: Ints, person: Ints, role: str | Texts, on: Ints, kind: str, dwelling: Ints, **more: Texts) -> dict[str, NDArray[np.generic]]:
    """One block of rows; what is not given is empty."""
    count = len(number)
    luck = agency.luck(f"recorded {kind}", number)
    blank = np.full(count, "", dtype=object)
    return {
        "number": number,
        "person": person,
        "role": np.full(count, role, dtype=object) if isinstance(role, str) else role,
        "on": on,
        "recorded": on + (-np.log1p(-luck.of("delay")) * 2.2).astype(np.int64),
        "kind": np.full(count, kind, dtype=object),
        "offence": more.get("offence", blank),
        "outcome": more.get("outcome", blank),
        "decided": on + 25 + (luck.of("decision") * 160).astype(np.int64),
        "proven": more.get("proven", blank),
        "qualifier": more.get("qualifier", blank),
        "dwelling": dwelling,
    }


def _joined(blocks: list[dict[str, NDArray[np.generic]]]) -> dict[str, NDArray[np.generic]]:
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _crimes(agency: Agency) -> dict[str, NDArray[np.generic]]:
    """An offender or suspect, often a victim, sometimes a witness; a victim of theft may have no known offender."""
    rng = agency.rng("crimes")
    held, need, age = agency.world.people, _need(agency), _age(agency)
    young = np.exp(-(((age - 21) / 11.0) ** 2)) + 0.18 * (age >= 16)
    rate = 0.0105 * np.where(held["sex"] == 1, 1.6, 0.4) * young * np.exp(1.3 * need) * (age >= 10)
    who, on = _draw(agency, rng, rate)
    count = len(who)
    number = np.arange(count)
    offence = np.array(OFFENCES, dtype=object)[weighted(rng, _OFFENCE_SHARES, count)]
    under_age = ages(held["born"][who], on) < 18
    draw = rng.random(count)
    outcome = np.select(
        [draw < 0.3, draw < 0.38, draw < 0.46, draw < 0.62, draw < 0.78, draw < 0.9],
        ["1", "3", "8", "15", "16", "22"], "18",
    ).astype(object)  # fmt: skip
    outcome[under_age & (outcome == "3")] = "2"
    convicted = (outcome == "1") & happens(rng, 0.78, count)
    proven = np.where(np.isin(outcome, ("2", "3")) | convicted, "Y", "N").astype(object)
    role = np.where(np.isin(outcome, ("1", "2", "3", "8", "22")), "offender", "suspect").astype(object)
    place = agency.timeline.dwellings(who, on)
    blocks = [_rows(agency, number, who, role, on, "crime", place, offence=offence, outcome=outcome, proven=proven)]
    for name, share in (("victim", 0.5), ("witness", 0.12)):
        rows = np.flatnonzero(happens(rng, share, count))
        other, there = _someone(agency, rng, on[rows])
        rows = rows[there]
        blocks.append(_rows(agency, number[rows], other[there], name, on[rows], "crime", agency.timeline.dwellings(other[there], on[rows]), offence=offence[rows], outcome=outcome[rows]))
    victims, when = _draw(agency, rng, 0.017 * np.exp(0.3 * need) * (age >= 14))
    unsolved = np.full(len(victims), "18", dtype=object)
    blocks.append(_rows(agency, count + np.arange(len(victims)), victims, "victim", when, "crime", agency.timeline.dwellings(victims, when), offence=np.full(len(victims), "theft", dtype=object), outcome=unsolved))
    return _joined(blocks)


def _someone(agency: Agency, rng: np.random.Generator, on: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Any grown resident for each day, and whether they lived here then."""
    pool = np.flatnonzero((_age(agency) >= 14) & ~agency.world.people["outside"] & ~agency.world.people["unborn"])
    who = pool[rng.integers(0, len(pool), len(on))]
    return who, agency.timeline.households(who, on) >= 0


def _nuisance(agency: Agency) -> dict[str, NDArray[np.generic]]:
    """Anti-social behaviour: a suspect, a caller who is somebody else, and many logs that know only the address."""
    rng = agency.rng("nuisance")
    need, age = _need(agency), _age(agency)
    young = np.exp(-(((age - 17) / 8.0) ** 2)) + 0.25 * (age >= 18)
    who, on = _draw(agency, rng, 0.0095 * young * np.exp(1.15 * need) * (age >= 10))
    count = len(who)
    place = agency.timeline.dwellings(who, on)
    words = np.array(["personal", "nuisance", "environmental"], dtype=object)
    word = words[weighted(rng, np.array([0.25, 0.65, 0.1]), count)]
    only_place = happens(rng, 0.3, count)
    role = np.where(only_place, "involved", np.where(happens(rng, 0.3, count), "offender", "suspect")).astype(object)
    person = np.where(only_place, -1, who)
    blocks = [_rows(agency, np.arange(count), person, role, on, "asb", place, qualifier=word)]
    rows = np.flatnonzero(happens(rng, 0.45, count))
    other, there = _someone(agency, rng, on[rows])
    rows = rows[there]
    caller = np.where(happens(rng, 0.7, len(rows)), "caller", "victim").astype(object)
    blocks.append(_rows(agency, np.arange(count)[rows], other[there], caller, on[rows], "asb", place[rows], qualifier=word[rows]))
    again, when = _draw(agency, rng, 0.004 * np.exp(0.2 * need) * (age >= 30))
    number = count + np.arange(len(again))
    place = agency.timeline.dwellings(again, when)
    blocks.append(_rows(agency, number, again, "caller", when, "asb", place, qualifier=np.full(len(again), "nuisance", dtype=object)))
    return _joined(blocks)


def _abuse(agency: Agency) -> dict[str, NDArray[np.generic]]:
    """A third of what happens between partners is reported: a victim, a suspect, sometimes a child in the house."""
    rng = agency.rng("abuse")
    held, log = agency.world.people, agency.world.abuse
    told = np.flatnonzero(happens(rng, 0.5, len(log)) & (log["on"] >= _start(agency)) & (log["on"] <= agency.last))
    victim, suspect, on = (log[name][told].astype(np.int64) for name in ("victim", "suspect", "on"))
    count = len(told)
    number, place = np.arange(count), agency.timeline.dwellings(victim, on)
    charged = happens(rng, 0.24, count)
    outcome = np.where(charged, "1", np.where(happens(rng, 0.6, count), "16", "15")).astype(object)
    proven = np.where(charged & happens(rng, 0.65, count), "Y", "N").astype(object)
    violence = np.full(count, "violence", dtype=object)
    role = np.where(charged, "offender", "suspect").astype(object)
    blocks = [
        _rows(agency, number, victim, "victim", on, "domestic_abuse", place, offence=violence, outcome=outcome),
        _rows(agency, number, suspect, role, on, "domestic_abuse", place, offence=violence, outcome=outcome, proven=proven),
    ]
    child = agency.scribe.child_of(victim)
    seen = np.flatnonzero((child >= 0) & happens(rng, 0.35, count) & (held["born"][np.maximum(child, 0)] < on))
    seen = seen[agency.timeline.households(child[seen], on[seen]) == agency.timeline.households(victim[seen], on[seen])]
    blocks.append(_rows(agency, number[seen], child[seen], "involved", on[seen], "domestic_abuse", place[seen], offence=violence[seen]))
    caller = np.flatnonzero(happens(rng, 0.12, count))
    other, there = _someone(agency, rng, on[caller])
    caller = caller[there]
    blocks.append(_rows(agency, number[caller], other[there], "caller", on[caller], "domestic_abuse", place[caller]))
    return _joined(blocks)


def _missing(agency: Agency) -> dict[str, NDArray[np.generic]]:
    """Children who go missing, those in care far more often."""
    rng = agency.rng("missing")
    need, age = _need(agency), _age(agency)
    in_care = np.zeros(len(need), dtype=bool)
    in_care[agency.world.care["person"][agency.world.care["end"] == NEVER]] = True
    rate = 0.0045 * np.exp(1.25 * need) * np.where(in_care, 9.0, 1.0) * ((age >= 10) & (age < 19))
    who, on = _draw(agency, rng, rate)
    child = ages(agency.world.people["born"][who], on) < 18
    who, on = who[child], on[child]
    number, place = np.arange(len(who)), agency.timeline.dwellings(who, on)
    blocks = [_rows(agency, number, who, "missing_person", on, "missing", place)]
    mother = agency.world.people["mother"][who].astype(np.int64)
    told = np.flatnonzero((mother >= 0) & happens(rng, 0.6, len(who)) & ~agency.world.people["outside"][np.maximum(mother, 0)])
    blocks.append(_rows(agency, number[told], mother[told], "caller", on[told], "missing", place[told]))
    return _joined(blocks)
