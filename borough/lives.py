"""What happens month by month: births, deaths, moves, partings, new partners, refuge, care, adoption, coming and going.

Chances are yearly unless said otherwise and are read as monthly ones at the draw. Nobody's household moves twice in a
month, so that every history stays in order.
"""

import numpy as np
from numpy.typing import NDArray

from borough import town as places
from borough.chance import Flags, Ints, happens
from borough.christening import christen, wed
from borough.communities import COMMUNITIES
from borough.days import NEVER, Month, ages
from borough.founding import found
from borough.kinship import house_away, second_homes, tie
from borough.world import HOMES, NOBODY, World

_YEAR = 365.25
_ROOMS = (places.HMO, places.HOSTEL)
_MIXED = COMMUNITIES.place("mixed")


class Lives:
    """One borough's life, a month at a time."""

    def __init__(self, world: World, rng: np.random.Generator, homes: int) -> None:
        self.world = world
        self.rng = rng
        self.month = Month.of("2000-01")
        self.homes = homes
        self.left = 0
        self.busy: Flags = np.zeros(0, dtype=bool)

    def live(self, month: Month, left: int) -> None:
        """Everything that happens in one month, `left` months before the end, in an order that is the same every time."""
        self.month, self.left = month, left
        self._moves()
        self._departures()
        self._arrivals()
        self._young_leave_home()
        self._abuse()
        self._partings()
        self._refuge()
        self._new_partners()
        self._weddings()
        self._care()
        self._adoptions()
        self._births()
        self._deaths()
        self.world.clear_out()

    def settle_in(self, founded: Ints) -> None:
        """House the founding population, with tenancies that began long ago, and fill the institutions."""
        world, rng = self.world, self.rng
        self.busy = np.zeros(len(world.households), dtype=bool)
        start = self.month.first - (rng.exponential(5.5, len(founded)) * _YEAR).astype(np.int64).clip(20, 14_000)
        self._place(founded, start)
        children = np.flatnonzero(world.people["born"] > self.month.first - 17 * _YEAR)
        second_homes(world, rng, children, self.month.first)
        self._fill_institutions()

    def _place(self, homes: Ints, start: Ints) -> Ints:
        """Homes for households; singles of high need go to rooms. Returns those for whom there was a place."""
        world, rng = self.world, self.rng
        members = world.members(homes)
        size = np.bincount(world.people["household"][members], minlength=len(world.households))[homes]
        need = world.households["need"][homes]
        lone = (size == 1) & happens(rng, 0.14 / (1 + np.exp(-1.4 * need)), len(homes))
        room = np.flatnonzero(lone)
        vacant = world.vacant(rng, _ROOMS, len(room))
        room = room[: len(vacant)]
        world.house(homes[room], vacant[: len(room)], start[room])
        rest = np.setdiff1d(np.arange(len(homes)), room)
        dwellings = self._segregated(homes[rest], world.vacant(rng, HOMES, len(rest)))
        rest = rest[: len(dwellings)]
        world.house(homes[rest], dwellings, start[rest])
        self._no_earlier_than_birth(world.members(homes))
        return homes[np.concatenate([room, rest])]

    def _segregated(self, homes: Ints, dwellings: Ints) -> Ints:
        """Match dwellings to households so that communities and hardship lie unevenly over the wards."""
        world, rng = self.world, self.rng
        households = world.households
        homes = homes[: len(dwellings)]
        towards = households["community"][homes] * 0.11 + households["need"][homes] * 0.35 + rng.normal(0, 0.9, len(homes))
        out = np.empty(len(dwellings), dtype=np.int64)
        out[np.argsort(towards, kind="stable")] = dwellings[np.argsort(world.town.area[dwellings], kind="stable")]
        return out

    def _no_earlier_than_birth(self, people: Ints) -> None:
        world = self.world
        rows = world.people["stay"][people]
        world.stays["start"][rows] = np.maximum(world.stays["start"][rows], world.people["born"][people])

    def _fill_institutions(self) -> None:
        """Care homes with the very old, a children's home, a boarding school, and a refuge never quite empty."""
        world, rng = self.world, self.rng
        old = np.flatnonzero(world.living() & (ages(world.people["born"], self.month.first) >= 80))
        for kind, pool, share in (
            (places.CARE_HOME, old, 0.85),
            (places.CHILDRENS_HOME, self._children(8, 17), 0.8),
            (places.BOARDING, self._children(8, 18), 0.3),
        ):
            beds = world.vacant(rng, (kind,), len(world.town))
            beds = beds[: int(len(beds) * share)]
            pool = pool[~self.busy[world.people["household"][pool]]]
            chosen = rng.permutation(pool)[: min(len(beds), len(pool) // 12 + 1)]
            self._to_institution(chosen, beds[: len(chosen)], looked_after=kind == places.CHILDRENS_HOME)
        self._refuge()

    def _to_institution(self, people: Ints, beds: Ints, *, looked_after: bool) -> None:
        world = self.world
        on = self._days(len(people))
        homes = world.households.append(len(people), need=world.people["need"][people], community=world.people["community"][people])
        self._grow_busy(homes)
        self._busy_homes(people)
        world.end_second(people, on)
        world.settle(people, homes, on)
        self._correct(homes, beds, on)
        if looked_after:
            world.care.append(len(people), person=people, start=on)

    def _correct(self, homes: Ints, beds: Ints, on: Ints) -> None:
        """Give households that were opened without a dwelling theirs, from the same day."""
        world = self.world
        np.add.at(world.occupied, beds, 1)
        world.households["dwelling"][homes] = beds
        world.households["moved"][homes] = on
        world.households["room"][homes] = world.occupied[beds]
        members = world.members(homes)
        world.stays["dwelling"][world.people["stay"][members]] = world.households["dwelling"][world.people["household"][members]]

    def _moves(self) -> None:
        """A home in eleven moves house within the town in a year, tenants in hardship more often."""
        world, rng = self.world, self.rng
        self.busy = np.zeros(len(world.households), dtype=bool)
        homes = self._housed()
        chance = 0.085 * np.exp(0.35 * world.households["need"][homes].clip(-2, 3)) / 12
        moving = homes[happens(rng, chance, len(homes))]
        dwellings = self._segregated(moving, world.vacant(rng, HOMES, len(moving)))
        moving = moving[: len(dwellings)]
        self.busy[moving] = True
        world.house(moving, dwellings, self._days(len(moving)))

    def _departures(self) -> None:
        """Households leave the borough for good."""
        world, rng = self.world, self.rng
        homes = self._housed()
        size = max(len(homes), 1)
        chance = (0.035 + 0.5 * max(0.0, size / self.homes - 1.0)) / 12
        leaving = homes[happens(rng, chance, len(homes)) & ~self.busy[homes]]
        people = world.members(leaving)
        people = people[~np.isin(people, world.people["carrying"][people])]
        self.busy[leaving] = True
        world.depart(people, self._days_of_homes(world.people["household"][people]), "left")

    def _arrivals(self) -> None:
        """New households come from elsewhere, named, with kin of their own and an address before this one."""
        world, rng = self.world, self.rng
        count = int(rng.poisson(max(self.homes * 0.036 / 12, 0.2)))
        spare = len(world.vacant(rng, HOMES, count + 4))
        founded = found(world, rng, min(count, spare), self.month.first)
        self._grow_busy(founded.households)
        added = tie(world, rng, founded, self.month.first)
        christen(world, rng, np.concatenate([founded.people, added]))
        house_away(world, rng, founded.households, self.month.first - rng.integers(200, 3000, len(founded.households)))
        self._no_earlier_than_birth(founded.people)
        housed = self._place(founded.households, self._days(len(founded.households)))
        people = world.members(housed)
        world.people["arrived"][people] = world.households["moved"][world.people["household"][people]]
        self.busy[housed] = True

    def _young_leave_home(self) -> None:
        """Grown children set up on their own, or leave the town."""
        world, rng = self.world, self.rng
        people = world.people
        age = ages(people["born"], self.month.first)
        mother, father = people["mother"], people["father"]
        home = people["household"]
        with_parent = ((mother >= 0) & (home[mother] == home)) | ((father >= 0) & (home[father] == home))
        could = np.flatnonzero(world.living() & with_parent & (age >= 18) & (age < 40) & (people["partner"] < 0))
        could = could[happens(rng, 0.10 / 12, len(could)) & ~self.busy[home[could]]]
        go = happens(rng, 0.35, len(could))
        world.depart(could[go], self._days(int(go.sum())), "left")
        self._set_up_alone(could[~go], self._days(int((~go).sum())))

    def _set_up_alone(self, people: Ints, on: Ints, room: float = 0.45) -> None:
        """People move into a room or a small home of their own; those for whom there is none stay."""
        world, rng = self.world, self.rng
        roomed = happens(rng, room, len(people))
        for flags, kinds in ((roomed, _ROOMS), (~roomed, HOMES)):
            rows = np.flatnonzero(flags)
            beds = world.vacant(rng, kinds, len(rows))
            rows = rows[: len(beds)]
            one, need = people[rows], world.people["need"][people[rows]]
            homes = world.households.append(len(one), need=need, community=world.people["community"][one])
            self._grow_busy(homes)
            world.settle(one, homes, on[rows])
            self._correct(homes, beds[: len(rows)], on[rows])

    def _abuse(self) -> None:
        """Abuse between partners who live together, or who parted lately; most of it never reported."""
        world, rng = self.world, self.rng
        people, couples = world.people, world.couples
        recent = np.flatnonzero((couples["end"] == NEVER) | (couples["end"] > self.month.first - 240))
        women, men = couples["woman"][recent], couples["man"][recent]
        apart = couples["end"][recent] != NEVER
        need = (people["need"][women] + people["need"][men]) / 2
        chance = np.minimum(0.022 * np.exp(1.45 * need) * np.where(apart, 4.0, 1.0), 2.5) / 12
        here = self.world.living()
        rows = np.flatnonzero(happens(rng, chance, len(recent)) & here[women] & here[men])
        swap = happens(rng, 0.2, len(rows))
        victim, suspect = np.where(swap, men[rows], women[rows]), np.where(swap, women[rows], men[rows])
        world.abuse.append(len(rows), victim=victim, suspect=suspect, on=self._days(len(rows)))

    def _partings(self) -> None:
        """Couples part; one moves out, mostly the father, to a room, a home or his parents; some children then have two homes."""
        world, rng = self.world, self.rng
        people = world.people
        couples = np.flatnonzero(world.couples["end"] == NEVER)
        women, men = world.couples["woman"][couples], world.couples["man"][couples]
        living = world.living()
        together = living[women] & living[men] & (people["household"][women] == people["household"][men])
        young = people["born"][women] > self.month.first - 60 * _YEAR
        hurt = np.zeros(len(people), dtype=bool)
        hurt[world.abuse["victim"][world.abuse["on"] > self.month.first - 200]] = True
        need = (people["need"][women] + people["need"][men]) / 2
        chance = 0.017 * np.exp(0.5 * need) * np.where(hurt[women] | hurt[men], 9.0, 1.0) / 12
        rows = np.flatnonzero(together & young & happens(rng, chance, len(couples)) & ~self.busy[people["household"][women]])
        leaver = np.where(happens(rng, 0.86, len(rows)), men[rows], women[rows])
        stayer = np.where(leaver == men[rows], women[rows], men[rows])
        on = self._days(len(rows))
        self._busy_homes(leaver)
        world.part(leaver, on)
        self._move_out(leaver, on)
        self._keep_reverted_names(stayer, on)
        moved = people["household"][leaver] != people["household"][stayer]
        left = np.zeros(len(people), dtype=bool)
        left[leaver[moved]] = left[stayer[moved]] = True
        kids = np.flatnonzero(living & (people["born"] > self.month.first - 17 * _YEAR) & left[people["mother"]] & left[people["father"]])
        second_homes(world, rng, kids, self.month.last)

    def _move_out(self, people: Ints, on: Ints) -> None:
        """To a parent in the town if there is one with a home, else alone."""
        world, rng = self.world, self.rng
        held = world.people
        parent = np.where(held["mother"][people] >= 0, held["mother"][people], held["father"][people])
        home = held["household"][np.maximum(parent, 0)]
        back = (parent >= 0) & (home >= 0) & ~held["outside"][np.maximum(parent, 0)] & happens(rng, 0.3, len(people))
        back &= np.isin(world.town.kind[world.households["dwelling"][np.maximum(home, 0)]], HOMES) & (home != held["household"][people])
        world.settle(people[back], home[back].astype(np.int64), on[back])
        self._set_up_alone(people[~back], on[~back])

    def _keep_reverted_names(self, people: Ints, on: Ints) -> None:
        """A third of women go back to the name they were born with."""
        held = self.world.people
        back = (held["sex"][people] == 0) & (held["surname"][people] != held["birth_surname"][people])
        rows = np.flatnonzero(back & happens(self.rng, 0.33, len(people)))
        self.world.rename(people[rows], held["birth_surname"][people[rows]], on[rows] + 30)

    def _refuge(self) -> None:
        """Mothers who fled, each with her children, stay in the refuge for some months; then their new address is hidden."""
        world, rng = self.world, self.rng
        households, people = world.households, world.people
        inside = np.flatnonzero(self._in(places.REFUGE) & (households["moved"] < self.month.first - 100))
        leaving = inside[happens(rng, 0.3, len(inside))]
        homes = world.vacant(rng, HOMES, len(leaving))
        leaving = leaving[: len(homes)]
        world.house(leaving, homes, self._days(len(leaving)))
        self._grow_busy(leaving)
        beds = world.vacant(rng, (places.REFUGE,), len(world.town))
        places_taken = int(self._in(places.REFUGE).sum())
        wanted = max(0, int((len(beds) + places_taken) * 0.65) - places_taken)
        mothers = self._fleeing(wanted)
        home = people["household"][mothers]
        fled = mothers[: len(beds)]
        home = home[: len(beds)]
        when = self._days(len(fled))
        households["hidden_from"][home] = when
        world.house(home, beds[: len(fled)], when)
        self._grow_busy(home)
        world.end_second(np.flatnonzero(np.isin(people["household"], home) & (people["second_stay"] >= 0)), when[:1])

    def _fleeing(self, count: int) -> Ints:
        """Lone mothers in the greatest need, first those lately hurt; one per household."""
        world = self.world
        people = world.people
        children = self._children(0, 16)
        mothers = np.unique(people["mother"][children])
        mothers = mothers[mothers >= 0]
        home = people["household"][mothers]
        ok = world.living()[mothers] & (people["partner"][mothers] < 0) & ~self.busy[np.maximum(home, 0)]
        ok &= np.isin(world.town.kind[world.households["dwelling"][np.maximum(home, 0)]], HOMES)
        adults = np.bincount(np.maximum(people["household"], 0)[world.living() & (people["born"] < self.month.first - 18 * _YEAR)], minlength=len(world.households))
        ok &= adults[np.maximum(home, 0)] == 1
        hurt = np.zeros(len(people), dtype=bool)
        hurt[world.abuse["victim"][world.abuse["on"] > self.month.first - 400]] = True
        mothers = mothers[ok]
        order = np.lexsort((mothers, -(people["need"][mothers] + 3.0 * hurt[mothers])))
        mothers = mothers[order]
        _, first = np.unique(people["household"][mothers], return_index=True)
        return mothers[np.sort(first)][:count]

    def _new_partners(self) -> None:
        """Single adults find each other: he moves in with her, with or without his children, or she with him."""
        world, rng = self.world, self.rng
        people = world.people
        age = ages(people["born"], self.month.first)
        home = people["household"]
        free = world.living() & (people["partner"] < 0) & (age >= 18) & (age < 62) & ~self.busy[home] & ~people["unrelated"]
        free &= np.isin(world.town.kind[world.households["dwelling"][home]], (*HOMES, places.HMO)) & (home >= 0)
        women = np.flatnonzero(free & (people["sex"] == 0) & happens(rng, 0.075 / 12, len(people)))
        men = np.flatnonzero(free & (people["sex"] == 1))
        keys = people["community"][men].astype(np.int64) * 1_000_000 + people["born"][men]
        order = np.argsort(keys, kind="stable")
        men, keys = men[order], keys[order]
        wanted = people["community"][women].astype(np.int64) * 1_000_000 + people["born"][women]
        if not len(men) or not len(women):
            return
        choice = np.clip(np.searchsorted(keys, wanted) + rng.integers(-9, 10, len(women)), 0, len(men) - 1)
        him = men[choice]
        kin = (people["mother"][him] == people["mother"][women]) & (people["mother"][women] >= 0)
        fits = (np.abs(keys[choice] - wanted) < 4500) & ~kin & (home[him] != home[women])
        _, first = np.unique(him, return_index=True)
        once = np.zeros(len(him), dtype=bool)
        once[first] = True
        _, first = np.unique(home[women], return_index=True)
        alone = np.zeros(len(women), dtype=bool)
        alone[first] = True
        self._move_in(women[fits & once & alone], him[fits & once & alone])

    def _move_in(self, women: Ints, men: Ints) -> None:
        world = self.world
        people = world.people
        adults = self._adults_by_home()
        fits = (adults[people["household"][women]] == 1) & ~self._brings_children(men)
        lives = np.isin(world.town.kind[world.households["dwelling"][people["household"][women]]], HOMES)
        women, men = women[fits & lives], men[fits & lives]
        on = self._days(len(women))
        self._busy_homes(women)
        self._busy_homes(men)
        world.pair(women, men, on)
        world.settle(men, people["household"][women].astype(np.int64), on)
        self._second_homes_follow(men, on)

    def _second_homes_follow(self, people: Ints, on: Ints) -> None:
        """Children who stay with a father by turns follow him to his new home."""
        world = self.world
        held = world.people
        new_home = np.full(len(held) + 1, NOBODY)
        new_home[people] = held["household"][people]
        when = np.zeros(len(held) + 1, dtype=np.int64)
        when[people] = on
        father = held["father"]
        kids = np.flatnonzero((held["second_stay"] >= 0) & (new_home[father] >= 0) & (held["household"] != new_home[father]))
        kids = kids[new_home[father[kids]] != held["second_household"][kids]]
        world.settle_second(kids, new_home[father[kids]], when[father[kids]])

    def _brings_children(self, men: Ints) -> Flags:
        """Whether a man has a child at home; such men are not moved, their children would have to be."""
        world = self.world
        people = world.people
        kids = self._children(0, 18)
        father = people["father"][kids]
        home = people["household"][np.maximum(father, 0)]
        busy = np.zeros(len(people), dtype=bool)
        busy[father[(father >= 0) & (home == people["household"][kids])]] = True
        return np.asarray(busy[men])

    def _weddings(self) -> None:
        world, rng = self.world, self.rng
        people = world.people
        open_rows = np.flatnonzero(world.couples["end"] == NEVER)
        women, men = world.couples["woman"][open_rows], world.couples["man"][open_rows]
        living = world.living()
        fits = living[women] & living[men] & ~people["married"][women] & (people["sex"][women] == 0) & (people["sex"][men] == 1)
        fits &= people["partner"][women] == men
        rows = np.flatnonzero(fits & happens(rng, 0.06 / 12, len(open_rows)))
        for side in (women[rows], men[rows]):
            people["married"][side] = True
        wed(world, rng, women[rows], self._days(len(rows)))

    def _care(self) -> None:
        """Children come into care: to a children's home, foster carers, or grandparents; some go back home."""
        world, rng = self.world, self.rng
        people = world.people
        kids = self._children(0, 17)
        free = (people["household"][kids] >= 0) & ~self.busy[people["household"][kids]]
        chance = 0.0011 * np.exp(1.5 * people["need"][kids].clip(-2, 3)) / 12
        chosen = happens(rng, chance, len(kids)) | self._one_young_child(kids, free)
        taken = kids[free & chosen & ~self._looked_after()[kids]]
        on = self._days(len(taken))
        kin = people["mother"][np.maximum(people["mother"][taken], 0)]
        home = people["household"][np.maximum(kin, 0)]
        with_kin = (people["mother"][taken] >= 0) & (kin >= 0) & (home >= 0) & ~people["outside"][np.maximum(kin, 0)]
        with_kin &= happens(rng, 0.7, len(taken)) & (self.left != 14)
        world.end_second(taken, on)
        world.settle(taken[with_kin], home[with_kin].astype(np.int64), on[with_kin])
        self._foster(taken[~with_kin], on[~with_kin])
        world.care.append(len(taken), person=taken, start=on)
        self._busy_homes(taken)

    def _one_young_child(self, kids: Ints, free: Flags) -> Flags:
        """Even the smallest borough has one adoption: a year before the end its child comes into care."""
        chosen = np.zeros(len(kids), dtype=bool)
        if self.left == 14 and not len(self.world.adoptions):
            people = self.world.people
            young = free & (people["born"][kids] > self.month.first - 3 * _YEAR) & (people["mother"][kids] >= 0)
            chosen[np.argsort(-np.where(young, people["need"][kids], -99.0), kind="stable")[:1]] = True
        return chosen

    def _foster(self, kids: Ints, on: Ints) -> None:
        """Foster carers are couples of ripe age in low need; the child lives there and is no kin."""
        world = self.world
        carers = self._carers(len(kids), 32, 62)
        kids, on = kids[: len(carers)], on[: len(carers)]
        world.settle(kids, world.people["household"][carers].astype(np.int64), on)
        world.people["unrelated"][kids] = True

    def _carers(self, count: int, youngest: int, oldest: int) -> Ints:
        """Settled couples of this age, in no particular need, one person for each."""
        world, rng = self.world, self.rng
        people = world.people
        age = ages(people["born"], self.month.first)
        home = people["household"]
        fits = world.living() & (people["sex"] == 0) & (people["partner"] >= 0) & (age >= youngest) & (age <= oldest)
        fits &= (people["need"] < 0.6) & ~self.busy[home] & (home[people["partner"]] == home)
        fits &= np.isin(world.town.kind[world.households["dwelling"][home]], HOMES)
        return rng.permutation(np.flatnonzero(fits))[:count]

    def _adoptions(self) -> None:
        """A young child in care is adopted: by law a new person, whose records must never meet the old ones."""
        world, rng = self.world, self.rng
        people = world.people
        care = world.care
        could = np.flatnonzero((care["end"] == NEVER) & (care["start"] < self.month.first - 150))
        kids = care["person"][could]
        young = world.living()[kids] & (people["born"][kids] > self.month.first - 7 * _YEAR) & people["unrelated"][kids]
        kids = kids[young & (happens(rng, 0.9 / 12, len(kids)) | (self.left == 5 and not len(world.adoptions)))]
        parents = self._carers(len(kids), 28, 46)
        self._adopt(kids[: len(parents)], parents)

    def _adopt(self, kids: Ints, mothers: Ints) -> None:
        world, rng = self.world, self.rng
        people = world.people
        on = self._days(len(kids))
        world.depart(kids, on, "left")
        same_name = happens(rng, 0.65, len(kids))
        fathers = people["partner"][mothers]
        after = people.append(
            len(kids), sex=people["sex"][kids], born=people["born"][kids], community=people["community"][kids],
            mother=mothers, father=fathers, need=people["need"][mothers], household=people["household"][mothers],
            arrived=on,
        )  # fmt: skip
        people = world.people
        people["stay"][after] = world.stays.append(
            len(after), person=after, household=people["household"][after], start=on,
            dwelling=world.households["dwelling"][people["household"][after]],
        )  # fmt: skip
        christen(world, rng, after)
        people["forename"][after] = np.where(same_name, people["forename"][kids], people["forename"][after])
        world.adoptions.append(len(kids), before=kids, after=after, on=on)
        open_care = np.isin(world.care["person"], kids) & (world.care["end"] == NEVER)
        world.care["end"][open_care] = self.month.last

    def _births(self) -> None:
        """Children due this month are born; others are expected, known to be so some six months before."""
        world = self.world
        people = world.people
        mothers = np.flatnonzero((people["carrying"] >= 0) & ~people["unborn"])
        child = people["carrying"][mothers]
        born = (people["born"][child] <= self.month.last)
        lost = ~world.living()[mothers]
        people["carrying"][mothers[born | lost]] = NOBODY
        arriving, mother = child[born & ~lost], mothers[born & ~lost]
        second = people["carrying"][arriving]
        people["carrying"][arriving] = NOBODY
        arriving = np.concatenate([arriving, second[second >= 0]])
        home = people["household"][np.concatenate([mother, mother[second >= 0]])].astype(np.int64)
        people["unborn"][arriving] = False
        world.settle(arriving, home, people["born"][arriving])
        self._conceive()

    def _conceive(self) -> None:
        world, rng = self.world, self.rng
        people = world.people
        age = ages(people["born"], self.month.first)
        fertile = world.living() & (people["sex"] == 0) & (age >= 16) & (age < 44) & (people["carrying"] < 0)
        curve = np.exp(-(((age - 29.5) / 6.6) ** 2)) * np.where(people["partner"] >= 0, 0.225, 0.05)
        women = np.flatnonzero(fertile & happens(rng, curve / 12, len(people)))
        women = women[~self._bore_lately()[women]]
        twin = women[happens(rng, 0.016, len(women))]
        due = (self.month.last + 180 + rng.integers(0, 30, len(women))).astype(np.int32)
        first = self._expect(women, due)
        people = world.people
        people["carrying"][women] = first
        when = np.zeros(len(people), dtype=np.int32)
        when[women] = due
        second = self._expect(twin, when[twin])
        christen(world, rng, np.concatenate([first, second]))
        self._twins_arrive_together(second)

    def _expect(self, women: Ints, due: Ints) -> Ints:
        people = self.world.people
        partner = people["partner"][women]
        man = (partner >= 0) & (people["sex"][np.maximum(partner, 0)] == 1)
        mixed = man & (people["community"][np.maximum(partner, 0)] != people["community"][women])
        return people.append(
            len(women), sex=self.rng.integers(0, 2, len(women)), born=due, mother=women, unborn=True,
            father=np.where(man, partner, NOBODY), need=people["need"][women],
            community=np.where(mixed, _MIXED, people["community"][women]),
        )  # fmt: skip

    def _twins_arrive_together(self, second: Ints) -> None:
        """A second twin is carried by the first, so that both are born on one day."""
        people = self.world.people
        first = people["carrying"][people["mother"][second]]
        people["carrying"][first] = second

    def _bore_lately(self) -> Flags:
        people = self.world.people
        lately = np.zeros(len(people) + 1, dtype=bool)
        lately[people["mother"][people["born"] > self.month.first - 300]] = True
        lately[-1] = False
        return lately[:-1]

    def _deaths(self) -> None:
        """The old die; a parent alone with children does not, which keeps the model simple and spares it orphans."""
        world, rng = self.world, self.rng
        people = world.people
        age = ages(people["born"], self.month.first)
        chance = np.minimum(0.00003 * np.exp(0.092 * age), 0.6) / 12
        dying = np.flatnonzero(world.living() & happens(rng, chance, len(people)) & (people["carrying"] < 0))
        adults = self._adults_by_home()
        kids = np.bincount(people["household"][self._children(0, 18)], minlength=len(world.households))
        home = people["household"][dying]
        dying = dying[(kids[home] == 0) | ((adults[home] > 1) & (age[dying] >= 18))]
        _, first = np.unique(people["household"][dying], return_index=True)
        dying = dying[first]
        on = self._days(len(dying))
        bereaved = people["partner"][dying] >= 0
        world.part(dying[bereaved], on[bereaved])
        world.depart(dying, on, "died")

    def _children(self, youngest: int, below: int) -> Ints:
        world = self.world
        age = ages(world.people["born"], self.month.first)
        return np.flatnonzero(world.living() & (age >= youngest) & (age < below))

    def _adults_by_home(self) -> Ints:
        people = self.world.people
        grown = self.world.living() & (people["born"] < self.month.first - 18 * _YEAR)
        return np.bincount(people["household"][grown], minlength=len(self.world.households))

    def _looked_after(self) -> Flags:
        out = np.zeros(len(self.world.people), dtype=bool)
        care = self.world.care
        out[care["person"][care["end"] == NEVER]] = True
        return out

    def _housed(self) -> Ints:
        """Households in ordinary homes and rooms of the town."""
        kinds = (*HOMES, places.HMO, places.HOSTEL)
        dwelling = self.world.households["dwelling"]
        return np.flatnonzero((dwelling >= 0) & np.isin(self.world.town.kind[dwelling], kinds))

    def _in(self, kind: int) -> Flags:
        dwelling = self.world.households["dwelling"]
        return np.asarray((dwelling >= 0) & (self.world.town.kind[dwelling] == kind))

    def _days(self, count: int) -> NDArray[np.int32]:
        return self.rng.integers(self.month.first, self.month.last + 1, count).astype(np.int32)

    def _days_of_homes(self, homes: Ints) -> NDArray[np.int32]:
        """One day per household, the same for all who leave together."""
        span = self.month.last - self.month.first + 1
        return (self.month.first + (homes.astype(np.int64) * 7919) % span).astype(np.int32)

    def _grow_busy(self, homes: Ints) -> None:
        grown = np.zeros(len(self.world.households), dtype=bool)
        grown[: len(self.busy)] = self.busy
        grown[homes] = True
        self.busy = grown

    def _busy_homes(self, people: Ints) -> None:
        home = self.world.people["household"][people]
        self.busy[home[home >= 0]] = True
