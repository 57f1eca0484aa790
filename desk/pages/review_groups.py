"""None of these: said once of all the waiting questions that are about the same people."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from casebook import audit, pairs
from casebook.events import ReviewViewed
from casebook.following import Following
from casebook.ledgers import Saying
from casebook.questions import Asked
from desk import forms
from desk.pages.review import go_on
from desk.questions import Question, group_of, question_of, questions_of
from desk.record_sides import detail
from desk.rendering import plural
from desk.sources import source_words
from desk.visit import Visit
from schemas.casebook import PairAnswer


def show(visit: Visit) -> Response:
    """The questions of the group, all ticked."""
    group = _group(visit)
    with visit.writing() as connection:
        for question in group:
            audit.record(connection, ReviewViewed(question.review_id, visit.month), visit.signature)
    return _page(visit, group, chosen={question.review_id for question in group})


def decide(visit: Visit) -> Response:
    """Keep that no two records of the ticked questions are one person."""
    group, reason = _group(visit), forms.text(visit, "reason")
    chosen = set(forms.texts(visit, "questions"))
    ticked = [question for question in group if question.review_id in chosen]
    errors = ({} if ticked else {"questions": "Choose at least one question"}) | (
        {} if reason else {"reason": "Say why, in a few words"}
    )
    if errors:
        return _page(visit, group, chosen=chosen, errors=errors)
    if against := _contradicted(visit, ticked):
        return _page(visit, group, chosen=chosen, errors={"questions": against})
    asked = [(each.pair, Asked(each.review_id, each.row["fingerprint"], visit.month)) for each in ticked]
    with visit.writing() as connection:
        pairs.none_of_these(connection, asked, Saying(visit.signature, reason))
    return go_on(visit, f"Saved: {plural(len(ticked), 'pair')} of different people.", group[0].review_id)


def _contradicted(visit: Visit, ticked: list[Question]) -> str | None:
    """What is wrong where earlier decisions already make one person of a ticked pair."""
    with visit.looking_up() as connection:
        given = pairs.all_bound(connection)
    for question in ticked:
        follows = Following.of(given, leaving_out=question.pair).settles(question.pair)
        if follows and follows.decision is PairAnswer.SAME:
            numbers = ", ".join(str(number) for number in follows.through)
            return f"Earlier decisions (number {numbers}) make one person of a pair that you ticked. Undo them first"
    return None


def _group(visit: Visit) -> list[Question]:
    with visit.looking_up() as connection:
        questions = questions_of(visit, connection)
    question = question_of(questions, str(visit.request.path_params["review_id"]))
    if question is None or not question.is_pair or not question.is_waiting:
        raise HTTPException(404)
    return group_of(questions, question)


def _page(visit: Visit, group: list[Question], *, chosen: set[str], errors: dict[str, str] | None = None) -> Response:
    shown = [(question, [detail(visit, record) or {} for record in question.records]) for question in group]
    return visit.page(
        "review_group.html",
        status=422 if errors else 200,
        question=group[0],
        group=shown,
        chosen=chosen,
        source=source_words,
        reason=forms.text(visit, "reason"),
        errors=errors or {},
    )
