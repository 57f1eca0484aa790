"""What speaks for and against two people living together, in words, unless an address behind it is protected."""

from dataclasses import dataclass
from typing import Any

from desk.questions import Question
from desk.record_sides import Row, of_person
from desk.sources import feed_words
from desk.visit import Visit

_PERSON = "select * from persons where person_id = ?"
_BASIS = """
    select basis, from_on from household_members where household_id = ? and person_id = ? and to_on is null
"""
_OTHERS = """
    select forename, surname, date_of_birth, basis from household_members join persons using (person_id)
    where household_id = ? and to_on is null and person_id not in (?, ?) order by date_of_birth
"""
_PROTECTED = "select coalesce(bool_or(protected), false) as protected from households where household_id = ?"


@dataclass(frozen=True)
class Resident:
    """One of the two: who, what ties them to the household, and what each agency says."""

    person: Row
    basis: Row | None
    records: list[Row]

    @property
    def addresses(self) -> set[str]:
        """The addresses that agencies give for the person, to compare with."""
        return {_comparable(row) for row in self.records} - {""}


def _comparable(row: Row) -> str:
    """An address as it compares, where one is told."""
    return "" if row["address_withheld"] else " ".join(filter(None, (row["address"], row["postcode"]))).casefold()


@dataclass(frozen=True)
class Evidence:
    """Both people, and who else lives in the household."""

    left: Resident
    right: Resident
    others: list[dict[str, Any]]

    @property
    def in_short(self) -> list[str]:
        """What the records come to, in words, for the one side and for the other."""
        both = self.left.addresses & self.right.addresses
        return [*_placed(self.left, self.right, both), *_placed(self.right, self.left, both)]


def _placed(one: Resident, other: Resident, both: set[str]) -> list[str]:
    """Which agencies place somebody where the other is said to be, and which elsewhere."""
    name, theirs = (str(each.person["forename"] or "the one without a name") for each in (one, other))
    here = {feed_words(row["feed"]) for row in one.records if _comparable(row) in both}
    elsewhere = {feed_words(row["feed"]) for row in one.records if _comparable(row) not in {"", *both}}
    told = [(here, f"an address for {name} that {theirs} has too"), (elsewhere, f"an address for {name} alone")]
    return [f"{' and '.join(sorted(who))} give{'s' if len(who) == 1 else ''} {what}." for who, what in told if who]


def evidence_of(visit: Visit, question: Question) -> Evidence | None:
    """What there is to go by; None where an address is protected and the visitor not cleared, or somebody is gone."""
    household = question.row["household_id"]
    residents = [_resident(visit, person, household) for person in question.people]
    left, right = residents
    if left is None or right is None:
        return None
    if _is_protected(visit, household, left, right) and not visit.me.sees_protected_addresses:
        return None
    return Evidence(left, right, visit.rows(_OTHERS, [household, *question.people]))


def _resident(visit: Visit, person_id: str, household: str | None) -> Resident | None:
    person = visit.one(_PERSON, [person_id])
    if person is None:
        return None
    return Resident(person, visit.one(_BASIS, [household, person_id]), of_person(visit, person_id))


def _is_protected(visit: Visit, household: str | None, *residents: Resident) -> bool:
    home = visit.one(_PROTECTED, [household])
    return bool(home and home["protected"]) or any(
        resident.person["protected"] or any(record["address_withheld"] for record in resident.records)
        for resident in residents
    )
