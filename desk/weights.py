"""How each field spoke of two records: the steps of their weight, as the month published them."""

import json
from dataclasses import dataclass

from casebook.pairs import RecordKey
from desk.visit import Visit

# Few links are between two such ids, and those are found by two plain columns; whole keys would be made of every link.
_LEVELS = """
    with near as materialized (
        select * from links where left_id in ($left_id, $right_id) and right_id in ($left_id, $right_id)
    )
    select weight, levels from near
    where (left_feed, left_table, left_id, right_feed, right_table, right_id)
            = ($left_feed, $left_table, $left_id, $right_feed, $right_table, $right_id)
        or (right_feed, right_table, right_id, left_feed, left_table, left_id)
            = ($left_feed, $left_table, $left_id, $right_feed, $right_table, $right_id)
"""
# Fields that tell nothing of where a person can be found; of a protected person no other is shown.
_OF_THE_PERSON = frozenset({"forename", "middle names", "surname", "date of birth", "sex", "nino", "nhs_number"})
_SEX_AND_SHORT = {"upn": "Pupil number", "nino": "National Insurance number", "nhs_number": "NHS number"}


@dataclass(frozen=True)
class Step:
    """What one field adds: its name, how the two compare in it, and the weight that this carries."""

    field: str
    level: str
    weight: float


@dataclass(frozen=True)
class Weights:
    """The steps, and where they lead: `before` any field was looked at, and after all; both None where withheld."""

    steps: tuple[Step, ...]
    before: float | None
    total: float | None

    @property
    def levels(self) -> dict[str, str]:
        """How the two compare, by field."""
        return {step.field: step.level for step in self.steps}


def weights_of(visit: Visit, records: tuple[RecordKey, RecordKey], *, withheld: bool) -> Weights | None:
    """The weight of a pair of records, field by field; None where the month kept none.

    `withheld`: one of the two is protected. Then nothing is shown by which one could tell whether they share an
    address, and no total either, from which it could be reckoned.
    """
    left, right = records
    keys = {"left_feed": left.feed, "left_table": left.table, "left_id": left.id}
    keys |= {"right_feed": right.feed, "right_table": right.table, "right_id": right.id}
    row = visit.one(_LEVELS, keys)
    if row is None or row["weight"] is None:
        return None
    given = {name: (str(level), float(weight)) for name, (level, weight) in json.loads(row["levels"]).items()}
    spoke = {name: said for name, said in given.items() if said[0] != "missing"}
    steps = tuple(
        Step(_words(name), level.replace("_", " "), weight)
        for name, (level, weight) in spoke.items()
        if not withheld or name in _OF_THE_PERSON
    )
    if withheld:
        return Weights(steps, None, None)
    total = float(row["weight"])
    return Weights(steps, total - sum(weight for _, weight in given.values()), total)


def _words(field: str) -> str:
    words = _SEX_AND_SHORT.get(field, field.replace("_", " "))
    return words[:1].upper() + words[1:]
