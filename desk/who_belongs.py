"""Who is of a family, how that is known, and who is linked to the others only through a protected address."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.sources import feed_words as feed
from desk.visit import Visit

_FAMILY = """
    select f.*, h.postcode, h.uprn, f.protected or h.protected or exists (
        select 1 from family_members join persons using (person_id) where family_id = f.family_id and persons.protected
    ) as is_protected
    from families f left join households h using (household_id) where f.family_id = ?
"""
_MEMBERS = """
    select m.person_id, m.role, m.basis, p.forename, p.surname, p.date_of_birth, p.sex, p.records, p.feeds,
        s.from_on, s.to_on
    from family_members m
    join persons p using (person_id)
    join families f using (family_id)
    left join household_members s on s.household_id = f.household_id and s.person_id = m.person_id
    where m.family_id = ?
    qualify row_number() over (partition by m.person_id order by s.to_on is null desc, s.to_on desc) = 1
    order by list_position(['parent', 'adult', 'child'], m.role), p.date_of_birth, m.person_id
"""
# What is of these few people first: joined the other way about, the whole council would be.
_OTHER_HOMES = """
    with own as materialized (select person_id from family_members where family_id = $family),
    stays as materialized (
        select * from household_members where person_id in (from own) and household_id <> $home
    ), homes as materialized (
        select household_id, protected from households where household_id in (select household_id from stays)
    ), families_there as materialized (
        select person_id, household_id, family_id
        from (select * from family_members where person_id in (from own)) join families using (family_id)
    )
    select s.person_id, s.from_on, s.to_on, s.basis, o.family_id
    from stays s join homes h using (household_id) left join families_there o using (person_id, household_id)
    where not h.protected or $cleared
    order by s.to_on is null desc, s.from_on
"""
# The key of a contact on the school's record names the pupil: a tie that needs no address.
_TIES = """
    with own as (
        select person_id, feed, table_name, source_id from person_records
        where person_id in (select person_id from family_members where family_id = ?)
    )
    select distinct one.person_id as parent, other.person_id as child
    from own as one join own as other
        on one.feed = 'school' and one.table_name = 'contacts' and other.feed = 'school' and other.table_name = 'pupils'
        and split_part(one.source_id, '|', 2) = other.source_id
"""
_ADDRESS, _NONE = "address given by ", "no such address of their own: "


@dataclass(frozen=True)
class Belonging:
    """A family and its people: those who may be shown together, and the roles of those who are shown apart."""

    family: Mapping[str, Any]
    members: Sequence[Mapping[str, Any]]
    apart: Sequence[str]
    is_sheltered: bool

    @property
    def names(self) -> dict[str, str]:
        """How to call each member who may be named."""
        return {row["person_id"]: called(row) for row in self.members}


def belonging(visit: Visit, family_id: str) -> Belonging | None:
    """The family as this visitor may see it; None where there is none of this id that they may."""
    family = visit.one(_FAMILY, [family_id])
    if family is None:
        return None
    cleared = visit.me.sees_protected_addresses
    sheltered = bool(family["is_protected"]) and not cleared
    rows = visit.rows(_MEMBERS, [family_id])
    together = _together(visit, family_id, rows) if sheltered else {row["person_id"] for row in rows}
    homes = visit.rows(_OTHER_HOMES, {"family": family_id, "home": family["household_id"], "cleared": cleared})
    members = [_member(visit, row, homes, sheltered=sheltered) for row in rows if row["person_id"] in together]
    apart = [row["role"] for row in rows if row["person_id"] not in together]
    return Belonging(family, members, apart, sheltered)


def _together(visit: Visit, family_id: str, rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """The largest group of people whom agencies tie to one another without any address."""
    groups: list[set[str]] = []
    said = {row["person_id"] for row in rows if not row["basis"].startswith(_ADDRESS)}
    for tie in visit.rows(_TIES, [family_id]):
        pair = {tie["parent"], tie["child"]}
        touched = [group for group in groups if group & pair]
        groups = [group for group in groups if not group & pair] + [pair.union(*touched)]
    largest = max(groups, key=lambda group: (len(group), sorted(group)), default=set())
    return largest | said if largest else set()


def _member(
    visit: Visit, row: Mapping[str, Any], homes: Iterable[Mapping[str, Any]], *, sheltered: bool
) -> dict[str, Any]:
    mine = [home for home in homes if home["person_id"] == row["person_id"]]
    words = "An agency says that they belong together. The address is protected." if sheltered else basis(row["basis"])
    return {
        **row,
        "name": called(row),
        "age": age(row["date_of_birth"], visit.month),
        "how": words,
        "homes": [{**home, "how": basis(home["basis"])} for home in mine],
    }


def called(row: Mapping[str, Any]) -> str:
    """A person's name, or that it is not known."""
    return " ".join(filter(None, (row["forename"], row["surname"]))) or "Name not known"


def age(born: dt.date | None, month: str) -> int | None:
    """Whole years at the end of a month."""
    if born is None:
        return None
    year, number = int(month[:4]), int(month[5:7])
    return year - born.year - (number < born.month)


def basis(said: str) -> str:
    """What ties a person to a home, as a sentence."""
    if said.startswith(_ADDRESS):
        feeds = [feed(code) for code in said.removeprefix(_ADDRESS).split(" and ")]
        listed = f"{', '.join(feeds[:-1])} and {feeds[-1]}" if feeds[1:] else feeds[0]
        return f"{listed} {'give' if feeds[1:] else 'gives'} this address."
    if said.startswith(_NONE):
        return f"Nobody gives this address for them: {said.removeprefix(_NONE)}."
    return f"{said[:1].upper()}{said[1:]}."
