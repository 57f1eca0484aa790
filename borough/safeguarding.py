"""What comes to the safeguarding hub: referrals of children, and the episodes that follow from them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from borough.agency import Agency
from borough.chance import Flags, Ints, Texts, happens, weighted
from borough.days import NEVER, UNKNOWN, ages

DECISIONS = np.array(["NFA", "advice", "early_help", "assessment", "strategy", "programme"], dtype=object)
_SOURCES = np.array(
    ["1A", "1C", "1D", "2A", "2B", "3A", "3B", "3E", "3F", "4", "5B", "5D", "6", "7", "8", "9", "10"], dtype=object
)
_SOURCE_SHARES = np.array([5, 2, 2, 22, 3, 4, 6, 4, 4, 3, 4, 3, 26, 2, 4, 2, 1.0])
_FACTORS = np.array(
    [
        "1B",
        "1A",
        "2B",
        "2A",
        "3B",
        "3A",
        "4B",
        "4A",
        "5B",
        "6A",
        "7A",
        "10A",
        "11A",
        "13A",
        "14A",
        "15A",
        "16A",
        "17A",
        "18C",
        "24A",
        "20",
    ],
    dtype=object,
)
_FACTOR_SHARES = np.array([7, 1.2, 8, 2.5, 12, 7, 15, 8, 4, 5, 2.5, 2, 1.2, 1.2, 7, 2.5, 9, 9, 5, 1.5, 3.0])
_YEAR = 365.25
_KINDS = ("early_help", "assessment", "child_in_need", "s47", "child_protection", "looked_after")
_CATEGORIES = np.array(["NEG", "EMO", "PHY", "SAB", "MUL"], dtype=object)


@dataclass(frozen=True)
class Referrals:
    """One array entry per referred child; `decided` indexes `DECISIONS`."""

    child: Ints
    guardian: Ints
    on: Ints
    source: Texts
    concerns: Texts
    decided: Ints


@dataclass(frozen=True)
class Episodes:
    """One array entry per spell of work with a child; `end` is NEVER while it lasts."""

    child: Ints
    kind: Texts
    start: Ints
    end: Ints
    category: Texts
    factors: Texts


def guardians(agency: Agency) -> Ints:
    """For every person who brings them up: the mother, else the father, else the mother's mother; -1 unknown."""
    held = agency.world.people
    mother, father = held["mother"].astype(np.int64), held["father"].astype(np.int64)
    here = ~held["outside"]
    out = np.where((mother >= 0) & here[mother], mother, -1)
    out = np.where((out < 0) & (father >= 0) & here[father], father, out)
    grand = np.where(mother >= 0, held["mother"][mother], -1)
    return np.where((out < 0) & (grand >= 0), grand, out)


def refer(agency: Agency) -> Referrals:
    """Referrals of three years: from need, from abuse between the adults, before birth, and before coming into care."""
    rng = agency.rng("referrals")
    start = agency.first - int(3 * _YEAR)
    guardian = guardians(agency)
    adult, on, concern = _triggers(agency, rng, guardian, start)
    which, child = _children_of(guardian, adult)
    adult, on, concern = adult[which], on[which], concern[which]
    held = agency.world.people
    known = (
        (held["born"][child] - on < 160) & (held["born"][child] > on - int(18 * _YEAR)) & happens(rng, 0.72, len(child))
    )
    home = agency.timeline.households(adult, on)
    with_them = (agency.timeline.households(child, on) == home) | (held["born"][child] > on)
    keep = np.flatnonzero(known & with_them & (home >= 0))
    child, adult, on, concern = child[keep], adult[keep], on[keep], concern[keep]
    care = agency.world.care
    taken = np.flatnonzero((care["start"] > start) & (care["start"] <= agency.last))
    kid = care["person"][taken].astype(np.int64)
    child = np.concatenate([child, kid])
    adult = np.concatenate([adult, guardian[kid]])
    on = np.concatenate([on, care["start"][taken].astype(np.int64) - 40])
    concern = np.concatenate([concern, np.full(len(kid), "16A", dtype=object)])
    order = np.lexsort((child, on))
    child, adult, on, concern = child[order], adult[order], on[order], concern[order]
    decided = _decide(rng, held["need"][child].astype(np.float64))
    source = np.where(np.isin(concern, ("3A", "3B")), "6", _SOURCES[weighted(rng, _SOURCE_SHARES, len(child))]).astype(
        object
    )
    return Referrals(child, adult, on, source, factors(rng, concern, held["need"][child], 0.9), decided)


def follow(agency: Agency, referrals: Referrals) -> Episodes:
    """What is done after a referral: help, an assessment, a plan; and care."""
    rng = agency.rng("episodes")
    need = agency.world.people["need"][referrals.child].astype(np.float64)
    decided, on, child = referrals.decided, referrals.on, referrals.child
    assessed, strategy = decided >= 3, decided == 4
    planned = assessed & happens(rng, 0.48 + 0.1 * need.clip(-1, 2), len(child))
    protected = strategy & happens(rng, 0.5, len(child))
    later_help = assessed & ~planned & happens(rng, 0.35, len(child))
    blocks = [
        _episode(rng, ("early_help", 90, 330), child, on + 12, (decided == 2) | later_help),
        _episode(rng, ("assessment", 15, 48), child, on + 3, assessed),
        _episode(rng, ("s47", 8, 22), child, on + 2, strategy),
        _episode(rng, ("child_protection", 150, 480), child, on + 28, protected),
        _episode(rng, ("child_in_need", 90, 420), child, on + np.where(protected, 300, 48), planned),
    ]
    care = agency.world.care
    blocks.append(
        (
            care["person"].astype(np.int64),
            np.full(len(care), "looked_after", dtype=object),
            care["start"].astype(np.int64),
            care["end"].astype(np.int64),
        )
    )
    child, kind, start, end = (np.concatenate(column) for column in zip(*blocks, strict=True))
    left = np.minimum(agency.world.people["left"][child], agency.world.people["died"][child]).astype(np.int64)
    grown = agency.world.people["born"][child] + int(18 * _YEAR)
    end = np.minimum(end, np.minimum(left, grown))
    keep = _no_overlap(child, kind, start, end)
    child, kind, start, end = child[keep], kind[keep], start[keep], end[keep]
    cause = np.array(_FACTORS[weighted(rng, _FACTOR_SHARES, len(child))])
    found = factors(rng, cause, agency.world.people["need"][child], 1.3)
    plan = np.isin(kind, ("child_protection",))
    category = np.where(plan, _CATEGORIES[weighted(rng, np.array([5, 4, 1, 0.5, 0.5]), len(child))], "").astype(object)
    return Episodes(child, kind, start, end, category, np.where(kind == "assessment", found, "").astype(object))


def factors(rng: np.random.Generator, first: Texts, need: NDArray[np.floating], mean: float) -> Texts:
    """Factor codes with `;` between: the first, and more of them where need is greater."""
    count = rng.poisson(np.clip(mean + 0.45 * need, 0.1, 4))
    more = (
        _FACTORS[weighted(rng, _FACTOR_SHARES, len(first) * 3)].reshape(-1, 3)
        if len(first)
        else np.empty((0, 3), dtype=object)
    )
    return np.array(
        [
            ";".join(dict.fromkeys([code, *others[: min(number, 3)]]))
            for code, others, number in zip(first, more, count.tolist(), strict=True)
        ],
        dtype=object,
    )


def _triggers(agency: Agency, rng: np.random.Generator, guardian: Ints, start: int) -> tuple[Ints, Ints, Texts]:
    """The adult in whose family something is noticed, the day, and the first concern."""
    held = agency.world.people
    adults = np.unique(guardian[(guardian >= 0) & (held["born"] > start - int(18 * _YEAR))])
    need = held["need"][adults].astype(np.float64).clip(-2.5, 3.2)
    span = agency.last - start
    who = np.repeat(adults, rng.poisson(np.minimum(0.032 * np.exp(1.2 * need), 2.5) * span / _YEAR))
    on = rng.integers(start, agency.last + 1, len(who))
    concern = _FACTORS[weighted(rng, _FACTOR_SHARES, len(who))]
    who, on, concern = _with_unborn(agency, rng, start, (who, on, concern))
    log = agency.world.abuse
    told = np.flatnonzero(happens(rng, 0.42, len(log)) & (log["on"] > start) & (log["on"] <= agency.last - 2))
    victim = log["victim"][told].astype(np.int64)
    heard = log["on"][told].astype(np.int64) + rng.integers(0, 6, len(told))
    return (
        np.concatenate([who, victim]),
        np.concatenate([on, np.minimum(heard, agency.last)]),
        np.concatenate([concern, np.full(len(told), "3B", dtype=object)]),
    )


def _with_unborn(
    agency: Agency, rng: np.random.Generator, start: int, triggers: tuple[Ints, Ints, Texts]
) -> tuple[Ints, Ints, Texts]:
    """Half of pregnancies in need are made known before birth."""
    held = agency.world.people
    due = np.flatnonzero((held["born"] > start + 150) & (held["mother"] >= 0) & (held["need"] > 0.45))
    due = due[happens(rng, 0.5, len(due)) & ~held["outside"][held["mother"][due]]]
    on = held["born"][due].astype(np.int64) - rng.integers(40, 150, len(due))
    seen = on <= agency.last
    who, days, concern = triggers
    return (
        np.concatenate([who, held["mother"][due[seen]].astype(np.int64)]),
        np.concatenate([days, on[seen]]),
        np.concatenate([concern, np.full(int(seen.sum()), "4B", dtype=object)]),
    )


def _children_of(guardian: Ints, adults: Ints) -> tuple[Ints, Ints]:
    """Every child of each adult: the adult's position, and the child."""
    order = np.argsort(guardian, kind="stable")
    keys = guardian[order]
    first, last = np.searchsorted(keys, adults), np.searchsorted(keys, adults, side="right")
    count = last - first
    which = np.repeat(np.arange(len(adults)), count)
    within = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    return which, order[first[which] + within]


def _decide(rng: np.random.Generator, need: NDArray[np.float64]) -> Ints:
    """Graver decisions where need is greater."""
    draw = rng.random(len(need)) + 0.10 * need.clip(-2, 3)
    return np.searchsorted(np.array([0.33, 0.5, 0.76, 1.03, 1.26]), draw).astype(np.int64)


def _episode(
    rng: np.random.Generator, kind: tuple[str, int, int], child: Ints, start: Ints, where: Flags
) -> tuple[Ints, Texts, Ints, Ints]:
    """Episodes of one kind for some children: the kind's name, its shortest and its longest length in days."""
    name, shortest, longest = kind
    rows = np.flatnonzero(where)
    end = start[rows] + rng.integers(shortest, longest, len(rows))
    return child[rows], np.full(len(rows), name, dtype=object), start[rows], end


def _no_overlap(child: Ints, kind: Texts, start: Ints, end: Ints) -> Ints:
    """Rows that do not begin while another episode of the kind lasts, and that end after they begin."""
    code = np.searchsorted(np.sort(np.array(_KINDS)), kind.astype(str))
    order = np.lexsort((start, code, child))
    same = np.concatenate([[False], (child[order][1:] == child[order][:-1]) & (code[order][1:] == code[order][:-1])])
    before = np.concatenate([[UNKNOWN], end[order][:-1]])
    good = ~(same & (start[order] <= before)) & (end[order] > start[order]) & (start[order] < NEVER)
    return np.sort(order[good])


def is_child(agency: Agency, people: Ints, on: Ints | int) -> NDArray[np.bool_]:
    """Whether people are under 18 on a day."""
    return np.asarray(ages(agency.world.people["born"][people], on) < 18)
