"""The month's questions as the pages show them: what is asked, what the answer would change, and where each stands."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from casebook.homes import Couple
from casebook.pairs import Pair, RecordKey
from casebook.reviewing import marked, pair_asked, state
from desk.rendering import plural
from desk.sources import feed_words, table_words
from desk.visit import Visit
from schemas.casebook import Standing
from schemas.vocabulary import ReviewKind

_IN_ORDER = "select * from reviews order by rank"


@dataclass(frozen=True)
class Question:
    """A published question beside its answer, if it has one."""

    row: Mapping[str, Any]

    @property
    def review_id(self) -> str:
        """Its id, the same every month."""
        return str(self.row["review_id"])

    @property
    def is_pair(self) -> bool:
        """Whether it is about two records, and not about two people."""
        return bool(self.row["kind"] == ReviewKind.PAIR)

    @property
    def standing(self) -> Standing:
        """Open, decided or stale. What was decided outside the desk and is asked again is stale too."""
        standing = Standing(self.row["standing"])
        return Standing.STALE if standing is Standing.OPEN and self.row["was_decided"] else standing

    @property
    def is_waiting(self) -> bool:
        """Whether somebody is to answer it."""
        return self.standing is not Standing.DECIDED

    @property
    def records(self) -> tuple[RecordKey, RecordKey]:
        """The two records of a pair, as published: left, then right."""
        left, right = (
            RecordKey(*(str(self.row[f"{side}_{part}"]) for part in ("feed", "table", "id")))
            for side in ("left", "right")
        )
        return left, right

    @property
    def pair(self) -> Pair:
        """The two records, the smaller first."""
        return pair_asked(self.row)

    @property
    def people(self) -> tuple[str, str]:
        """The two people's ids: of the first record, or whose home it is; of the second, or who is doubtful."""
        return str(self.row["left_person_id"]), str(self.row["right_person_id"])

    @property
    def couple(self) -> Couple:
        """The two people of a household's question, the smaller first."""
        return Couple.of(*self.people)

    @property
    def families(self) -> tuple[str, ...]:
        """The families that the answer touches."""
        return tuple(json.loads(self.row["family_ids"] or "[]"))

    @property
    def about(self) -> str:
        """What it is about, without a name."""
        if not self.is_pair:
            return "Two people: do they live together?"
        one, other = self.records
        if one.feed != other.feed:
            return f"{feed_words(one.feed)} and {feed_words(other.feed)} records"
        tables = " and ".join(sorted({table_words(one), table_words(other)}))
        return f"{feed_words(one.feed)} records: {tables}"

    @property
    def changes(self) -> tuple[str, ...]:
        """What the answer would change, counted, in words."""
        told = (
            ("families_entering", "family onto the list", "families onto the list"),
            ("families_leaving", "family off the list", "families off the list"),
            ("needs_flipping", "need changes", "needs change"),
            ("claims_falling", "claim falls", "claims fall"),
        )
        return tuple(plural(int(self.row[name]), one, many) for name, one, many in told if self.row[name])


def questions_of(visit: Visit, connection: Connection) -> list[Question]:
    """The month's questions in the order in which to ask them; made anew only when one has been answered since."""
    held: dict[tuple[int, ...], list[Question]] = visit.once("questions", dict)
    answered = state(connection)
    questions = held.get(answered)
    if questions is None:
        questions = _questions(marked(connection, visit.frame(_IN_ORDER)))
        held.clear()
        held[answered] = questions
    return questions


def _questions(frame: pd.DataFrame) -> list[Question]:
    return [Question(row) for row in pa.Table.from_pandas(frame, preserve_index=False).to_pylist()]


def question_of(questions: Iterable[Question], review_id: str) -> Question | None:
    """The question of an id."""
    return next((question for question in questions if question.review_id == review_id), None)


def next_after(questions: Iterable[Question], review_id: str | None = None) -> Question | None:
    """The question to ask next: the first that waits after this one, else the first that waits."""
    waiting = [question for question in questions if question.is_waiting and question.review_id != review_id]
    asked = question_of(questions, review_id) if review_id else None
    later = [question for question in waiting if asked and question.row["rank"] > asked.row["rank"]]
    return next(iter(later or waiting), None)


def group_of(questions: Iterable[Question], question: Question) -> list[Question]:
    """The waiting questions about pairs that are tied to this one by the people whom they are about, itself first."""
    rest = [each for each in questions if each.is_pair and each.is_waiting and each.review_id != question.review_id]
    group, people = [question], set(question.people)
    while found := [each for each in rest if people & set(each.people)]:
        group += found
        people |= {person for each in found for person in each.people}
        rest = [each for each in rest if each not in found]
    return group
