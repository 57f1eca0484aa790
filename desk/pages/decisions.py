"""Decisions of all months: what was said, by whom and why, and undoing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from casebook import audit, homes, pairs, people
from casebook.errors import AlreadyWithdrawnError, CasebookError, UnknownRowError
from casebook.events import Page, PageViewed, PersonViewed
from casebook.homes import Couple
from casebook.ledgers import Saying
from casebook.pairs import Pair, RecordKey
from casebook.reading import answers
from desk import forms
from desk.couple_named import GONE, named
from desk.pages.review import NEXT_RUN
from desk.paging import paged
from desk.question_words import ANSWERS, decision_name, told
from desk.questions import questions_of
from desk.record_sides import Said, detail, person_of, side_by_side
from desk.sources import source_words
from desk.visit import Visit
from desk.weights import weights_of
from schemas.vocabulary import ReviewKind

_PAGE_ROWS = 50


@dataclass(frozen=True)
class _Decision:
    """What was said of one pair or couple, and which answer binds."""

    kind: str
    sequence: int
    pair: Pair | None
    couple: Couple | None
    said: list[dict[str, Any]]
    binding: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        """What it is called."""
        return decision_name(self.kind, self.sequence)


def show_all(visit: Visit) -> Response:
    """Every answer that stands, the newest first."""
    with visit.looking_up() as connection:
        frame = answers(connection).sort_values("decided_at", ascending=False)
        called = {user.username: user.display_name for user in people.everyone(connection)}
    page = paged(visit, "decisions", frame.to_dict("records"), _PAGE_ROWS, kept={}, label="Pages of decisions")
    rows = [_listed(row) | {"who": called.get(row["decided_by"], row["decided_by"])} for row in page.rows]
    visit.record(PageViewed(Page.REVIEWS, visit.month, len(rows)))
    return visit.page("decisions.html", rows=rows, found=len(frame), pages=page.links, answers=ANSWERS)


def _listed(row: Mapping[Any, Any]) -> dict[str, Any]:
    is_pair = row["kind"] == ReviewKind.PAIR
    sides = [RecordKey(*str(row[side]).split("|", 2)) for side in ("left", "right")] if is_pair else []
    about = " and ".join(source_words(side) for side in sides) if is_pair else "Two people: one home?"
    return {**row, "about": about, "name": decision_name(str(row["kind"]), int(row["sequence"]))}


def show(visit: Visit) -> Response:
    """One decision, with all that was said of the same."""
    return _page(visit, _decision(visit))


def undo(visit: Visit) -> Response:
    """Withdraw the answer that binds, or all of its group; what stood before binds again."""
    decision, reason = _decision(visit), forms.text(visit, "reason")
    if decision.binding is None:
        return _page(visit, decision, {"reason": "This was undone already"})
    if not reason:
        return _page(visit, decision, {"reason": "Say why you undo it"})
    try:
        with visit.writing() as connection:
            _withdraw(connection, decision, Saying(visit.signature, reason), whole=forms.text(visit, "whole") == "yes")
    except (AlreadyWithdrawnError, UnknownRowError) as error:
        return _page(visit, decision, {"reason": str(error)})
    visit.tell(f"Undone. {NEXT_RUN}")
    return _back(visit, decision)


def _withdraw(connection: Connection, decision: _Decision, saying: Saying, *, whole: bool) -> None:
    answer = decision.binding["answer"] if decision.binding else None
    if answer is None:
        return
    if whole and answer.group_id:
        pairs.withdraw_group(connection, answer.group_id, saying)
    elif decision.pair:
        pairs.withdraw(connection, answer.sequence, saying)
    else:
        homes.withdraw(connection, answer.sequence, saying)


def _back(visit: Visit, decision: _Decision) -> Response:
    """To the question, where this month still asks it."""
    with visit.looking_up() as connection:
        questions = questions_of(visit, connection)
    for question in questions:
        if decision.pair and question.is_pair and question.pair == decision.pair:
            return visit.go("review", review_id=question.review_id)
    return visit.go("decisions")


def _decision(visit: Visit) -> _Decision:
    kind, number = str(visit.request.path_params["kind"]), int(visit.request.path_params["sequence"])
    try:
        with visit.looking_up() as connection:
            if kind == ReviewKind.PAIR:
                pair, couple = pairs.pair_of(connection, number), None
                said = told(connection, pairs.history(connection, pair), ReviewKind.PAIR)
            elif kind == ReviewKind.HOUSEHOLD:
                pair, couple = None, homes.couple_of(connection, number)
                said = told(connection, homes.history(connection, couple), ReviewKind.HOUSEHOLD)
            else:
                raise HTTPException(404)
    except CasebookError:
        raise HTTPException(404) from None
    return _Decision(kind, number, pair, couple, said, next((each for each in said if each["binds"]), None))


def _note_viewed(visit: Visit, decision: _Decision, names: Mapping[str, str]) -> None:
    """Write down who is shown, or whose records are."""
    records = (decision.pair.left, decision.pair.right) if decision.pair else ()
    seen = {person for record in records if (person := person_of(visit, record))}
    seen |= {person for person, name in names.items() if name != GONE}
    with visit.writing() as connection:
        audit.record(connection, PageViewed(Page.REVIEW, visit.month, len(seen)), visit.signature)
        for person in sorted(seen):
            audit.record(connection, PersonViewed(person, visit.month), visit.signature)


def _rows(visit: Visit, pair: Pair) -> list[Said]:
    """What both records say now; nothing where the month no longer has both."""
    left, right = detail(visit, pair.left), detail(visit, pair.right)
    if left is None or right is None:
        return []
    withheld = bool(left["address_withheld"] or right["address_withheld"])
    weights = weights_of(visit, (pair.left, pair.right), withheld=withheld)
    return side_by_side(left, right, weights.levels if weights else None)


def _page(visit: Visit, decision: _Decision, errors: Mapping[str, str] | None = None) -> Response:
    rows = _rows(visit, decision.pair) if decision.pair else []
    names = named(visit, decision.couple.left, decision.couple.right) if decision.couple else {}
    _note_viewed(visit, decision, names or {})
    return visit.page(
        "decision.html",
        status=422 if errors else 200,
        decision=decision,
        rows=rows,
        names=None if names is None else list(names.values()),
        source=source_words,
        errors=errors or {},
    )
