"""Answers and effects in words."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from casebook import homes, pairs, people
from casebook.questions import Answer
from desk.questions import Question
from desk.visit import Visit
from schemas.casebook import HomeAnswer, PairAnswer
from schemas.vocabulary import ReviewKind

ANSWERS: dict[str, str] = {
    PairAnswer.SAME: "Same person",
    PairAnswer.DIFFERENT: "Different people",
    HomeAnswer.TOGETHER: "They live together",
    HomeAnswer.APART: "They live apart",
    PairAnswer.CANNOT_TELL: "Cannot tell",
}
_LABELS = "select rule_id, coalesce(label, name) as label from rules where kind = 'criterion'"
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]|[^A-Za-z0-9]+|[A-Za-z0-9]")


def effect_parts(visit: Visit, effect: str, families: Sequence[str]) -> list[dict[str, str]]:
    """The effect in parts: `text`, and `family` where a part is a family's id. Criteria go by their names."""
    labels = {row["rule_id"]: row["label"] for row in visit.rows(_LABELS)}
    return [
        {"text": part, "family": part} if part in families else {"text": _named(part, labels)}
        for part in _WORD.findall(effect)
    ]


def _named(part: str, labels: dict[str, str]) -> str:
    return f"{labels[part].lower()} ({part})" if labels.get(part) else part


def said_before(connection: Connection, question: Question) -> list[dict[str, Any]]:
    """Everything that was ever said of the question, withdrawals too, the newest first, with who said it."""
    if question.is_pair:
        return told(connection, pairs.history(connection, question.pair), ReviewKind.PAIR)
    return told(connection, homes.history(connection, question.couple), ReviewKind.HOUSEHOLD)


def decision_name(kind: str, number: int) -> str:
    """What a decision is called: those on records and those on homes are numbered each for themselves."""
    return f"{'Records' if kind == ReviewKind.PAIR else 'Home'} decision {number}"


def told(connection: Connection, answers: Sequence[Answer], kind: str) -> list[dict[str, Any]]:
    """Answers to one kind of question as a page shows them, the newest first; `binds` marks the one that stands."""
    withdrawn = {answer.withdraws for answer in answers}
    standing = [answer for answer in answers if answer.withdraws is None and answer.sequence not in withdrawn]
    last = standing[-1].sequence if standing else None
    return [
        {
            "words": ANSWERS.get(answer.decision or "", f"{decision_name(kind, answer.withdraws or 0)} undone"),
            "name": decision_name(kind, answer.sequence),
            "answer": answer,
            "who": people.find(connection, answer.decided_by).display_name,
            "binds": answer.sequence == last,
            "undone": answer.sequence in withdrawn,
        }
        for answer in reversed(answers)
    ]
