"""The two people of a decision about a home, by their names, unless that would tell where somebody who hides lives."""

from desk.visit import Visit

GONE = "somebody who is not in this month"
NAMELESS = "somebody without a name"
_PEOPLE = "select person_id, forename, surname, protected from persons where person_id in ($left, $right)"
_HIDDEN = """
    select coalesce(bool_or(protected), false) as is_hidden from households
    where household_id in (select household_id from household_members where person_id in ($left, $right))
"""


def named(visit: Visit, left: str, right: str) -> dict[str, str] | None:
    """Each person's id and name; None where a home of either is protected and the visitor is not cleared."""
    people = {row["person_id"]: row for row in visit.rows(_PEOPLE, {"left": left, "right": right})}
    hidden = visit.one(_HIDDEN, {"left": left, "right": right})
    is_hidden = bool(hidden and hidden["is_hidden"]) or any(row["protected"] for row in people.values())
    if is_hidden and not visit.me.sees_protected_addresses:
        return None
    return {
        person: " ".join(filter(None, (people[person]["forename"], people[person]["surname"]))) or NAMELESS
        if person in people
        else GONE
        for person in (left, right)
    }
