"""What everybody else knows: a health visitor, a landlord, a debt adviser naming a person and a concern."""

from dataclasses import dataclass

import numpy as np

from borough.agency import Agency, numbered, since
from borough.chance import Ints, Texts, happens, weighted
from borough.contract import Table
from borough.days import UNKNOWN, Month, ages
from borough.habits import NOMINATIONS
from borough.jobcentre import Jobcentre
from borough.luck import Luck
from borough.mash import Mash

_OFFERS: tuple[tuple[str, str, bool, float], ...] = (
    ("0-19 health", "SF2.1", False, 4), ("0-19 health", "SF2.2", True, 4), ("0-19 health", "SF2.3", True, 5),
    ("mental health trust", "SF3.2", False, 8), ("CAMHS", "SF3.1", True, 8), ("0-19 health", "SF3.3", True, 4),
    ("drug and alcohol service", "SF4.1", False, 6), ("youth justice service", "SF4.2", True, 1.5),
    ("family hub", "SF5.1", False, 8), ("family hub", "SF5.2", False, 3), ("young carers", "SF5.4", True, 2),
    ("housing", "SF9.1", False, 3), ("housing", "SF9.2", False, 7), ("debt advice", "SF10.2", False, 7),
    ("careers service", "SF10.3", True, 2), ("gangs unit", "SF6.4", True, 1), ("SEND service", "SF1.4", True, 3),
    ("education welfare", "SF1.3", True, 3), ("probation", "P2.1.d", False, 1),
    ("health visiting", "P2.6.c", False, 1.5),
    ("housing association", "LOCAL.TENANCY", False, 0.7), ("voluntary sector", "SF99.1", False, 0.5),
)  # fmt: skip


@dataclass
class Nominations:
    """The nominations feed: events only, each naming its person afresh, with whatever the nominator had at hand."""

    agency: Agency
    jobcentre: Jobcentre
    mash: Mash

    def deliver(self, month: Month, after: int | None) -> list[Table]:
        """Nominations since the last delivery; the first delivery brings a year of them."""
        agency = self.agency
        person, on, offer = self._made()
        ids = numbered("NOM", on * 1.0, start=10_000)
        seen = np.flatnonzero(since(on, after, month.last))
        people, days, offer = person[seen], on[seen], offer[seen]
        luck = agency.luck("nomination", people, days, offer)
        habits = NOMINATIONS.times(agency.mistakes)
        length = np.array([90, 180, 365])[(luck.of("length") * 2.999).astype(np.int64)]
        columns = {
            "nomination_id": ids[seen],
            "agency": np.array([row[0] for row in _OFFERS], dtype=object)[offer],
            "nominated_on": days,
            "indicator": np.array([row[1] for row in _OFFERS], dtype=object)[offer],
            "expires_on": np.where(luck.fails("expires", 0.3), days + length, UNKNOWN),
            **agency.scribe.person(people, days, luck, habits),
            **agency.scribe.address(people, days, luck, habits),
            **self._identifiers(people, luck, month),
        }
        return [Table("nominations", "nominations", columns, people)]

    def _identifiers(self, people: Ints, luck: Luck, month: Month) -> dict[str, Texts]:
        """Few numbers: a pupil's from education services, a claimant's from debt advice, a patient's from health."""
        upn = np.where(luck.fails("upn", 0.25), self.mash.upns(people, luck, month), "").astype(object)
        nino = np.where(luck.fails("nino", 0.15), self.jobcentre.nino(people), "").astype(object)
        known = np.isin(people, self.mash.person) & luck.fails("nhs", 0.3)
        return {"upn": upn, "nino": nino, "nhs_number": self.mash.nhs(people, known)}

    def _made(self) -> tuple[Ints, Ints, Ints]:
        """Who was nominated when for what: people of families with children, those in need above all."""
        agency, rng = self.agency, self.agency.rng("nominations")
        held = agency.world.people
        age = ages(held["born"], agency.first)
        parent = np.zeros(len(held), dtype=bool)
        child = np.flatnonzero((age < 18) & ~held["unborn"])
        for name in ("mother", "father"):
            known = held[name][child]
            parent[known[known >= 0]] = True
        start = agency.first - 365
        rate = (
            0.0125
            * np.exp(1.25 * held["need"].astype(np.float64).clip(-2.5, 3))
            * np.select([age < 18, parent], [0.8, 1.3], 0.12)
        )
        who = np.repeat(np.arange(len(held)), rng.poisson(np.minimum(rate, 2) * (agency.last - start) / 365))
        on = rng.integers(start, agency.last + 1, len(who))
        here = (
            (agency.timeline.households(who, on) >= 0)
            & ~held["outside"][who]
            & ~held["unborn"][who]
            & (held["arrived"][who] <= on)
        )
        who, on = who[here], on[here]
        weights = np.array([row[3] for row in _OFFERS])
        for_child = np.array([row[2] for row in _OFFERS])
        young = ages(held["born"][who], on) < 18
        offer = np.where(
            young, weighted(rng, weights * for_child, len(who)), weighted(rng, weights * ~for_child, len(who))
        )
        twice = np.flatnonzero(happens(rng, 0.12, len(who)))
        again = np.where(
            young[twice],
            weighted(rng, weights * for_child, len(twice)),
            weighted(rng, weights * ~for_child, len(twice)),
        )
        return np.concatenate([who, who[twice]]), np.concatenate([on, on[twice]]), np.concatenate([offer, again])
