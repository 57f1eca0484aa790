"""What speaks for and against two people living together, in words, unless an address behind it is protected."""

from dataclasses import dataclass
from typing import Any

from desk.questions import Question
from desk.record_sides import Row, of_person
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


@dataclass(frozen=True)
class Evidence:
    """Both people, and who else lives in the household."""

    left: Resident
    right: Resident
    others: list[dict[str, Any]]


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
