"""What was different when a question was answered: what the records behind it said then and say now."""

from collections.abc import Iterable
from dataclasses import dataclass

from casebook.pairs import RecordKey
from desk.questions import Question
from desk.record_sides import ONE, Row, Said, changed, detail, key_of, of_person
from desk.scope import EVERYTHING
from desk.visit import Visit


@dataclass(frozen=True)
class Change:
    """A record behind a question that has changed since: what it said then, on the left, and says now."""

    record: RecordKey
    said: tuple[Said, ...]
    is_new: bool = False


def changes(visit: Visit, question: Question) -> list[Change] | None:
    """The records that have changed since the answer; None where the month that was looked at is no longer kept."""
    month = question.row["decided_month"]
    snapshot = visit.desk.published.earlier(month) if month else None
    if snapshot is None:
        return None
    reader = snapshot.reader(EVERYTHING)
    try:
        records = list(_behind(visit, question))
        before = {record: reader.one(ONE, [record.feed, record.table, record.id]) for record in records}
    finally:
        reader.close()
    found = []
    for record in records:
        then, now = before[record], detail(visit, record)
        if then is None:
            found.append(Change(record, (), is_new=True))
        elif now is not None and (said := changed(_shown(then, question), _shown(now, question))):
            found.append(Change(record, tuple(said)))
    return found


def _shown(row: Row, question: Question) -> Row:
    """Of a home nothing that tells where: the question, asked again, no longer says whether one is a danger."""
    return row if question.is_pair else {**row, "address_withheld": True}


def _behind(visit: Visit, question: Question) -> Iterable[RecordKey]:
    if question.is_pair:
        return question.records
    return [key_of(row) for person in question.people for row in of_person(visit, person)]
