"""Who lives together, and who belongs to a family, as people said it."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import ColumnElement, Connection, select

from casebook import events, ledgers
from casebook.errors import RefusedWordError, UnknownRowError
from casebook.ledgers import Saying
from casebook.questions import Answer, Asked, answer_of, binding, need_reason
from casebook.tables import family_confirmations, home_decisions
from schemas.casebook import HomeAnswer

KEY = ("left_person_id", "right_person_id")


@dataclass(frozen=True)
class Couple:
    """Two people, the smaller id first, whichever way they were named. Make it with `of`."""

    left: str
    right: str

    @classmethod
    def of(cls, one: str, other: str) -> Self:
        """The two; raises RefusedWordError where they are one and the same."""
        if one == other:
            raise RefusedWordError("It takes two people to live together: these are one and the same.")
        return cls(*sorted((one, other)))


def decide(  # noqa: PLR0913 - what is said, of whom, by whom, and of which question
    connection: Connection,
    people: Couple,
    answer: HomeAnswer,
    saying: Saying,
    *,
    asked: Asked,
    household_id: str | None = None,
) -> int:
    """Say of two people whether they live together; gives the decision's number. Raises ReasonMissingError."""
    need_reason(saying)
    decision = HomeAnswer(answer)

    def telling(ledger: events.Ledger, row: int, row_hash: str) -> events.LedgerEvent:
        return events.HomeDecided(ledger, row, row_hash, asked.review_id, decision)

    return ledgers.add(
        connection,
        home_decisions,
        saying,
        telling,
        left_person_id=people.left,
        right_person_id=people.right,
        decision=decision.value,
        household_id=household_id,
        review_id=asked.review_id,
        fingerprint=asked.fingerprint,
        month=asked.month,
    )


def withdraw(connection: Connection, sequence: int, saying: Saying) -> int:
    """Undo one decision by its number; what stood before it binds again. Raises AlreadyWithdrawnError."""
    return ledgers.withdraw(connection, home_decisions, sequence, saying)


def bound(connection: Connection, people: Couple) -> Answer | None:
    """The answer that binds: the newest that is not withdrawn."""
    row = ledgers.newest(connection, home_decisions, *_are(people))
    return None if row is None else answer_of(row)


def all_bound(connection: Connection) -> dict[tuple[str, ...], Answer]:
    """Every two people's binding answer, by their ids, the smaller first."""
    return {key: answer_of(row) for key, row in binding(connection, home_decisions, KEY).items()}


def history(connection: Connection, people: Couple) -> list[Answer]:
    """Everything that was ever said of the two, withdrawals too, in order."""
    return [answer_of(row) for row in ledgers.history(connection, home_decisions, *_are(people))]


def couple_of(connection: Connection, sequence: int) -> Couple:
    """The two people whom a decision is about; raises UnknownRowError."""
    columns = [home_decisions.c[name] for name in KEY]
    row = connection.execute(select(*columns).where(home_decisions.c.sequence == sequence)).one_or_none()
    if row is None or row[0] is None:
        message = f"There is no decision of the number {sequence} about two people."
        raise UnknownRowError(message)
    return Couple(*row)


def _are(people: Couple) -> tuple[ColumnElement[bool], ...]:
    table = home_decisions.c
    return table.left_person_id == people.left, table.right_person_id == people.right


@dataclass(frozen=True)
class Membership:
    """Whether a person belongs to a family."""

    family_id: str
    person_id: str
    is_member: bool


def confirm(connection: Connection, said: Membership, saying: Saying, *, month: str | None = None) -> int:
    """Say that a person belongs to a family, or does not; gives the number. Raises ReasonMissingError."""
    need_reason(saying)

    def telling(ledger: events.Ledger, row: int, row_hash: str) -> events.LedgerEvent:
        return events.FamilyConfirmed(ledger, row, row_hash, said.family_id)

    return ledgers.add(
        connection,
        family_confirmations,
        saying,
        telling,
        family_id=said.family_id,
        person_id=said.person_id,
        is_member=said.is_member,
        month=month,
    )


def withdraw_confirmation(connection: Connection, sequence: int, saying: Saying) -> int:
    """Undo one confirmation by its number. Raises AlreadyWithdrawnError."""
    return ledgers.withdraw(connection, family_confirmations, sequence, saying)


def confirmed(connection: Connection, family_id: str) -> dict[str, bool]:
    """Of each person about whom something binds in this family, whether they belong to it."""
    return {
        str(key[1]): bool(row.is_member)
        for key, row in binding(connection, family_confirmations, ("family_id", "person_id")).items()
        if key[0] == family_id
    }
