"""What speaks for and against two people living together, in words, unless an address behind it is protected."""

import re
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
    def called(self) -> str:
        """Their first name as one writes it."""
        name = str(self.person["forename"] or "somebody without a name")
        return name.title() if name.isupper() else name


@dataclass(frozen=True)
class Evidence:
    """Both people, and who else lives in the household."""

    left: Resident
    right: Resident
    others: list[dict[str, Any]]
    hides_addresses: bool

    @property
    def in_short(self) -> list[str]:
        """What the records come to, in words, for the one side and for the other."""
        return [*_placed(self.left, self.right), *_placed(self.right, self.left)]


def _placed(one: Resident, other: Resident) -> list[str]:
    """Which agencies give somebody an address that the other has too, and which another one."""
    told = [row for row in one.records if row["address"] and not row["address_withheld"]]
    shared = [row for row in told if any(_alike(row, theirs) for theirs in other.records)]
    alone = [row for row in told if row not in shared]
    found = [
        (shared, f"{one.called} an address that a record of {other.called} gives too"),
        (alone, f"{one.called} an address that no record of {other.called} gives"),
    ]
    return [_sentence(sorted({feed_words(row["feed"]) for row in rows}), what) for rows, what in found if rows]


def _sentence(agencies: list[str], what: str) -> str:
    return f"{' and '.join(agencies)} {'gives' if len(agencies) == 1 else 'give'} {what}."


def _alike(one: Row, other: Row) -> bool:
    """Whether two records name one address, however it is spelled: the postcode and the numbers, else the words."""
    if other["address_withheld"] or not other["address"]:
        return False
    if one["postcode"] and other["postcode"]:
        return _plain(one["postcode"]) == _plain(other["postcode"]) and _numbers(one) == _numbers(other)
    return _plain(one["address"]) == _plain(other["address"])


def _plain(text: object) -> str:
    return re.sub(r"[^a-z0-9]", "", str(text).casefold())


def _numbers(row: Row) -> list[str]:
    return re.findall(r"\d+[a-z]?\b", str(row["address"]).casefold())


def evidence_of(visit: Visit, question: Question) -> Evidence | None:
    """What there is to go by; None where an address is protected and the visitor not cleared, or somebody is gone."""
    household = question.row["household_id"]
    residents = [_resident(visit, person, household) for person in question.people]
    left, right = residents
    if left is None or right is None:
        return None
    if _is_protected(visit, household, left, right) and not visit.me.sees_protected_addresses:
        return None
    # Where one may be a danger to the other, words must do: nobody is to learn here where the other lives now.
    # A month published before there was such a flag does not tell, and then nothing is shown either.
    hides = question.row.get("after_abuse") is not False
    return Evidence(left, right, visit.rows(_OTHERS, [household, *question.people]), hides)


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
