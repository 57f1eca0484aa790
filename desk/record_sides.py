"""Two records side by side: what each says, and in words whether they say the same."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from casebook.pairs import RecordKey
from desk.rendering import day
from desk.visit import Visit

Row = Mapping[str, Any]
WITHHELD = "Withheld to protect this person"
SILENT = "Not given"
ONE = """
    select * from record_details where feed = ? and table_name = ? and source_id = ?
"""
_WHOSE = "select person_id from person_records where feed = ? and table_name = ? and source_id = ?"
_OF_PERSON = """
    with own as materialized (select feed, table_name, source_id, basis from person_records where person_id = ?)
    select details.*, basis
    from (select * from record_details where source_id in (select source_id from own)) as details
    join own using (feed, table_name, source_id)
    order by feed, table_name, source_id
"""
_SEX = {"F": "Female", "M": "Male", "U": "Not stated by the agency"}


@dataclass(frozen=True)
class Said:
    """What both records say of one thing: the texts to show, and how they compare."""

    label: str
    left: str
    right: str
    compared: str

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.compared == "Differs"


def _text(value: object) -> str | None:
    return None if value is None else str(value).strip() or None


def _day(value: object) -> str | None:
    return day(value) if isinstance(value, dt.date) else None


# Levels of an address at which the matching takes both for one place.
_ONE_PLACE = frozenset({"same dwelling", "same door"})
# Label, column, how it is read, and whether it tells where a person can be found.
_FIELDS: tuple[tuple[str, str, Callable[[object], str | None], bool], ...] = (
    ("First name", "forename", _text, False),
    ("Middle names", "middle_names", _text, False),
    ("Surname", "surname", _text, False),
    ("Other names", "other_names", _text, False),
    ("Date of birth", "date_of_birth", _day, False),
    ("Sex", "sex", lambda value: _SEX.get(str(value)) if value else None, False),
    ("Address", "address", _text, True),
    ("Postcode", "postcode", _text, True),
    ("Telephone", "phone", _text, True),
    ("School", "school", _text, True),
)


def detail(visit: Visit, record: RecordKey) -> Row | None:
    """What a record says, as it was delivered; None where the month no longer has it."""
    return visit.one(ONE, [record.feed, record.table, record.id])


def person_of(visit: Visit, record: RecordKey) -> str | None:
    """Whose record it is this month."""
    row = visit.one(_WHOSE, [record.feed, record.table, record.id])
    return str(row["person_id"]) if row else None


def of_person(visit: Visit, person_id: str, *but: RecordKey) -> list[Row]:
    """A person's records, but for those named."""
    rows = visit.rows(_OF_PERSON, [person_id])
    return [row for row in rows if key_of(row) not in but]


def key_of(row: Row) -> RecordKey:
    """The key of a row of `record_details`."""
    return RecordKey(str(row["feed"]), str(row["table_name"]), str(row["source_id"]))


def side_by_side(left: Row, right: Row, levels: Mapping[str, str] | None = None) -> list[Said]:
    """What two records say, thing by thing; what neither gives is left out.

    `levels`: how the matching compared them, by label, where that is known: it reads Rd and Road as one address.
    """
    told = [_said(field, left, right, levels or {}) for field in _FIELDS]
    told.append(_pupil_number(left, right))
    return [said for said in told if (said.left, said.right) != (SILENT, SILENT)]


def as_told(row: Row, name: str) -> str:
    """One thing that a record says, by its column, as it may be shown."""
    for _, column, read, tells_where in _FIELDS:
        if column == name:
            return _shown(row, column, read, tells_where=tells_where)
    raise KeyError(name)


def changed(before: Row, now: Row) -> list[Said]:
    """What a record said before and says now, where it differs; nothing of where a person is who is now protected."""
    kept = dict(before) | {"address_withheld": before["address_withheld"] or now["address_withheld"]}
    found = [said for said in side_by_side(kept, now) if said.compared not in {"Same", "Withheld"}]
    if not found and before["fingerprint"] != now["fingerprint"]:
        return [Said("An address or another thing that is not shown here", "Not shown", "Not shown", "Differs")]
    return found


def _said(
    field: tuple[str, str, Callable[[object], str | None], bool], left: Row, right: Row, levels: Mapping[str, str]
) -> Said:
    label, column, read, tells_where = field
    one, other = (_shown(row, column, read, tells_where=tells_where) for row in (left, right))
    said = Said(label, one, other, _compared(one, other))
    alike = said.differs and levels.get(label) in _ONE_PLACE
    return replace(said, compared="The same place, written differently") if alike else said


def _shown(row: Row, column: str, read: Callable[[object], str | None], *, tells_where: bool) -> str:
    if tells_where and row["address_withheld"]:
        return WITHHELD
    return read(row[column]) or SILENT


def _compared(one: str, other: str) -> str:
    if WITHHELD in {one, other}:
        return "Withheld"
    if SILENT in {one, other}:
        return "Only one says"
    return "Same" if one.casefold() == other.casefold() else "Differs"


def _pupil_number(left: Row, right: Row) -> Said:
    """Whether the pupil numbers agree: the number itself is not for showing."""
    one, other = (_shown(row, "upn", _text, tells_where=True) for row in (left, right))
    left_shown, right_shown = (text if text in {WITHHELD, SILENT} else "Given" for text in (one, other))
    return Said("Unique pupil number", left_shown, right_shown, _compared(one, other))
