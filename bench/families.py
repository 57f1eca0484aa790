"""Made families: parents, children, twins, sons named after fathers, grandmothers and lodgers, and where they live."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.words import Sex, forenames, surnames, towns

TODAY = dt.date(2026, 9, 1)
_STREETS = "Church Station Park Mill Albert School Green King Queen Victoria Manor Chapel Grange York Beech Oak".split()
_ENDINGS = (("Road", "Rd"), ("Street", "St"), ("Avenue", "Ave"), ("Close", "Cl"), ("Lane", "Ln"), ("Drive", "Dr"))


@dataclass(frozen=True)
class Home:
    """A front door; streets are numbered, and a dozen doors share a postcode."""

    flat: str
    number: int
    street: str
    ending: int
    town: str
    postcode: str
    uprn: str

    def written(self, *, short: bool) -> str:
        """The first line of the address, its ending in full or shortened."""
        line = f"{self.number} {self.street} {_ENDINGS[self.ending][short]}"
        return f"Flat {self.flat}, {line}" if self.flat else line


@dataclass(frozen=True)
class Person:
    """A person: `maiden` is a surname used before, `homes` where they lived first and live now."""

    number: str
    household: str
    sex: Sex
    forename: str
    middle: str
    surname: str
    maiden: str
    born: dt.date
    homes: tuple[Home, Home]
    phone: str
    email: str
    health: str
    insurance: str

    @property
    def is_child(self) -> bool:
        """Under 18 today."""
        return self.born > TODAY.replace(year=TODAY.year - 18)


def families(count: int, chance: random.Random) -> Iterator[list[Person]]:
    """So many households, each a list of its people."""
    for number in range(count):
        before, now = _home(chance), _home(chance)
        moved = chance.random() < 0.25
        yield list(_numbered(_members(chance), f"{number}", (before, now if moved else before), chance))


def _home(chance: random.Random) -> Home:
    # Two hundred and some streets in each of six towns: some homes share a street, few a door.
    town, county = chance.choice(towns()[:6])
    street, ending = chance.randrange(len(_STREETS) * 3), chance.randrange(len(_ENDINGS))
    number = chance.randint(1, 120)
    stem = _STREETS[street % len(_STREETS)]
    name = stem if street < len(_STREETS) else f"{('Upper', 'Old')[street // len(_STREETS) - 1]} {stem}"
    flat = str(chance.randint(1, 9)) if chance.random() < 0.15 else ""
    block, letters = number // 12, "ABDEFGHJLNP"
    postcode = f"{(town[0] + county[0]).upper()}{street % 20 + 1} {ending + 1}{letters[block]}{letters[street % 11]}"
    door = f"{towns().index((town, county)):02d}{street:02d}{ending}{number:03d}{flat or 0}"
    return Home(flat, number, name, ending, town, postcode, f"10{door}")


def _members(chance: random.Random) -> Iterator[Person]:
    """The people of one home before they are numbered."""
    mother = _adult("F", TODAY.year - chance.randint(22, 58), chance)
    father = _adult("M", mother.born.year - chance.choice((-3, -1, 0, 0, 1, 2, 3, 5, 8)), chance)
    married = chance.random() < 0.65
    if married:
        mother = replace(mother, surname=father.surname, maiden=mother.surname)
    alone = chance.random() < 0.3
    yield mother
    if not alone:
        yield father
    yield from _children(mother, father, mother.surname if alone and not married else father.surname, chance)
    if chance.random() < 0.07:
        elder = _adult(chance.choice(("F", "M")), mother.born.year - chance.randint(20, 35), chance)
        yield replace(elder, surname=chance.choice((mother.maiden or mother.surname, father.surname)))
    if chance.random() < 0.05:
        yield _adult(chance.choice(("F", "M")), TODAY.year - chance.randint(19, 60), chance)


def _children(mother: Person, father: Person, surname: str, chance: random.Random) -> Iterator[Person]:
    wanted = chance.choice((0, 1, 1, 2, 2, 2, 3, 3, 4, 5))
    born = dt.date(mother.born.year + chance.randint(20, 30), 1, 1) + dt.timedelta(chance.randrange(365))
    names: set[str] = set()
    while wanted > 0 and born < TODAY:
        for _ in range(2 if chance.random() < 0.04 else 1):
            child = _child(born, surname, names, chance)
            parent = father if child.sex == "M" else mother
            if chance.random() < 0.07 and parent.forename not in names:
                child = replace(child, forename=parent.forename)
            names.add(child.forename)
            yield child
            wanted -= 1
        born += dt.timedelta(chance.randint(400, 1700))


def _adult(sex: Sex, year: int, chance: random.Random) -> Person:
    return _person(sex, dt.date(year, 1, 1) + dt.timedelta(chance.randrange(365)), surnames("new").draw(chance), chance)


def _child(born: dt.date, surname: str, taken: set[str], chance: random.Random) -> Person:
    child = _person(chance.choice(("F", "M")), born, surname, chance)
    while child.forename in taken:
        child = _person(chance.choice(("F", "M")), born, surname, chance)
    return child


def _person(sex: Sex, born: dt.date, surname: str, chance: random.Random) -> Person:
    forename = forenames("new", sex).draw(chance)
    middle = forenames("new", sex).draw(chance) if chance.random() < 0.5 else ""
    nowhere = Home("", 0, "", 0, "", "", "")
    return Person("", "", sex, forename, middle, surname, "", born, (nowhere, nowhere), "", "", "", "")


def _numbered(
    members: Iterator[Person], household: str, homes: tuple[Home, Home], chance: random.Random
) -> Iterator[Person]:
    landline = f"01999 {chance.randrange(10**6):06d}"
    for place, member in enumerate(members):
        # Grown children have moved out by themselves.
        own = (homes[0], _home(chance)) if 17 < TODAY.year - member.born.year < 30 and chance.random() < 0.2 else homes
        adult = not member.is_child
        mobile = f"07999 {chance.randrange(10**6):06d}" if adult and chance.random() < 0.8 else landline
        email = f"{member.forename}.{member.surname}{chance.randrange(1000)}@example.org".lower() if adult else ""
        yield replace(
            member,
            number=f"{household}-{place}",
            household=household,
            homes=own,
            phone=mobile,
            email=email,
            health=f"999{chance.randrange(10**7):07d}",
            insurance=f"QQ{chance.randrange(10**6):06d}{chance.choice('ABCD')}" if adult else "",
        )
