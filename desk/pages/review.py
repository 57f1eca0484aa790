"""One question: everything there is to answer it by, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from casebook import homes, pairs
from casebook.errors import CasebookError
from casebook.events import ReviewViewed
from casebook.following import Following, Follows
from casebook.ledgers import Saying
from casebook.questions import Asked
from desk import forms
from desk.access import Permission
from desk.answered_before import changes
from desk.charts import Waterfall, waterfall
from desk.homes_evidence import evidence_of
from desk.question_words import ANSWERS, effect_parts, said_before
from desk.questions import Question, group_of, next_after, question_of, questions_of
from desk.record_sides import detail, key_of, of_person, side_by_side
from desk.rendering import plural
from desk.sources import source_words
from desk.visit import Visit
from desk.weights import Weights, weights_of
from schemas.casebook import HomeAnswer, PairAnswer, Standing

NEXT_RUN = "It takes effect at the next monthly run."


@dataclass(frozen=True)
class _Asked:
    """The question, and what the casebook has beside it."""

    question: Question
    group: list[Question]
    waiting: int
    before: list[dict[str, Any]]
    follows: Follows | None
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def show(visit: Visit) -> Response:
    """The question of the address."""
    asked = _asked(visit)
    if asked is None:
        return _no_longer_asked(visit)
    visit.record(ReviewViewed(asked.question.review_id, visit.month))
    return _page(visit, asked)


def decide(visit: Visit) -> Response:
    """Keep the answer, and go on to the next question."""
    answer, reason = forms.text(visit, "answer"), forms.text(visit, "reason")
    asked = _asked(visit)
    if asked is None:
        return _no_longer_asked(visit)
    question = asked.question
    errors = _wrong(visit, question, answer, reason)
    if not errors and not question.is_pair and evidence_of(visit, question) is None:
        raise HTTPException(403)
    if not errors:
        try:
            with visit.writing() as connection:
                _keep(visit, connection, question, answer, Saying(visit.signature, reason))
        except CasebookError as error:
            errors = {"answer": str(error)}
    if errors:
        typed = {"answer": answer, "reason": reason}
        return _page(visit, _asked(visit, typed, errors) or replace(asked, typed=typed, errors=errors), status=422)
    return go_on(visit, f"Saved: {ANSWERS[answer].lower()}.", question.review_id)


def go_on(visit: Visit, saved: str, review_id: str) -> Response:
    """To the next question that waits, or back to the list."""
    with visit.looking_up() as connection:
        questions = questions_of(visit, connection)
    left = sum(question.is_waiting for question in questions)
    following = next_after(questions, review_id)
    visit.tell(f"{saved} {NEXT_RUN} {plural(left, 'question')} left to answer.")
    return visit.go("review", review_id=following.review_id) if following else visit.go("reviews")


def _no_longer_asked(visit: Visit) -> Response:
    """Back to the list: a month that is published while one looks may not ask the question any more."""
    visit.tell("That question is not asked this month. Nothing was saved.")
    return visit.go("reviews")


def _asked(
    visit: Visit, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
) -> _Asked | None:
    with visit.looking_up() as connection:
        questions = questions_of(visit, connection)
        question = question_of(questions, str(visit.request.path_params["review_id"]))
        if question is None:
            return None
        return _Asked(
            question,
            group_of(questions, question) if question.is_pair else [question],
            sum(each.is_waiting for each in questions),
            said_before(connection, question),
            _follows(connection, question) if question.is_pair else None,
            typed or {},
            errors or {},
        )


def _follows(connection: Connection, question: Question) -> Follows | None:
    return Following.of(pairs.all_bound(connection), leaving_out=question.pair).settles(question.pair)


def _wrong(visit: Visit, question: Question, answer: str, reason: str) -> dict[str, str]:
    if forms.text(visit, "fingerprint") != question.row["fingerprint"]:
        return {"answer": "A new month was published while you looked at this. Look at it again, then answer."}
    choices = PairAnswer if question.is_pair else HomeAnswer
    errors = {} if answer in set(choices) else {"answer": "Choose an answer"}
    return errors | ({} if reason else {"reason": "Say why, in a few words"})


def _keep(visit: Visit, connection: Connection, question: Question, answer: str, saying: Saying) -> None:
    row = question.row
    asked = Asked(question.review_id, row["fingerprint"], visit.month)
    if not question.is_pair:
        said = HomeAnswer(answer)
        homes.decide(connection, question.couple, said, saying, asked=asked, household_id=row["household_id"])
        return
    follows = _follows(connection, question)
    if follows and answer not in {PairAnswer.CANNOT_TELL, follows.decision}:
        numbers = ", ".join(str(number) for number in follows.through)
        message = (
            f"Earlier decisions (number {numbers}) already say: {ANSWERS[follows.decision].lower()}. "
            "Undo the one that is wrong first, or answer that you cannot tell."
        )
        raise CasebookError(message)
    pairs.decide(connection, question.pair, PairAnswer(answer), saying, asked=asked)


def _page(visit: Visit, asked: _Asked, *, status: int = 200) -> Response:
    question = asked.question
    shown = {
        "asked": asked,
        "question": question,
        "effect": effect_parts(visit, str(question.row["effect"]), question.families),
        "changed": changes(visit, question) if question.standing is Standing.STALE else None,
        "may_decide": visit.may(Permission.DECIDE_REVIEWS),
        "source": source_words,
        "words": lambda row: source_words(key_of(row)),
        "answers": ANSWERS,
        "errors": asked.errors,
    }
    if question.is_pair:
        return visit.page("review_pair.html", status=status, **shown, **_pair(visit, question))
    return visit.page("review_home.html", status=status, **shown, evidence=evidence_of(visit, question))


def _pair(visit: Visit, question: Question) -> dict[str, Any]:
    left, right = (detail(visit, record) for record in question.records)
    if left is None or right is None:
        raise HTTPException(404)
    withheld = bool(left["address_withheld"] or right["address_withheld"])
    weights = weights_of(visit, question.records, withheld=withheld and not visit.me.sees_protected_addresses)
    return {
        "left": left,
        "right": right,
        "rows": side_by_side(left, right, weights.levels if weights else None),
        "withheld": withheld,
        "weights": weights,
        "chart": None if weights is None else _chart(weights),
        "others": [of_person(visit, person, *question.records) for person in question.people],
    }


def _chart(weights: Weights) -> Waterfall:
    steps = [(f"{step.field}: {step.level}", step.weight) for step in weights.steps]
    before = None if weights.before is None else ("Before anything is compared", weights.before)
    return waterfall(steps, start=before, end=None if weights.total is None else "All together")
