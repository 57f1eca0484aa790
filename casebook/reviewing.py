"""The published questions beside what people have answered: open, decided, or stale and to be asked again."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, func, select

from casebook import pairs
from casebook.following import Following
from casebook.reading import answers
from casebook.tables import home_decisions, pair_decisions
from schemas.casebook import Standing
from schemas.vocabulary import ReviewKind

# What `marked` adds of the answer that stands; `answer` itself is the question's own column.
ADDED = ("decision", "sequence", "reason", "decided_by", "decided_at", "decided_month", "follows")
_SIDES = ["left", "right"]
_TEXT: Final = "string[pyarrow]"


def marked(connection: Connection, reviews: pd.DataFrame) -> pd.DataFrame:
    """The published `reviews` in their order, with `standing` and the columns `ADDED` of what was answered.

    A question is stale when its fingerprint is no longer the one that was answered: then it is asked again, with what
    was answered before. Where either fingerprint is unknown, the answer stands. A pair that nobody was asked about is
    decided too where its answer `follows` from those about other pairs.
    """
    given = answers(connection).rename(columns={"fingerprint": "answered_fingerprint", "month": "decided_month"})
    asked = _sides(reviews)
    found = asked.merge(given, on=["kind", *_SIDES], how="left", validate="many_to_one")
    was, now = found["answered_fingerprint"], found["fingerprint"]
    has_changed = (was.notna() & now.notna() & (was != now).fillna(value=False)).to_numpy(bool)
    standing = pd.Series(Standing.DECIDED.value, index=found.index, dtype=_TEXT)
    standing = standing.mask(has_changed, Standing.STALE.value)
    standing = standing.mask(found["sequence"].isna().to_numpy(bool), Standing.OPEN.value)
    found = _with_followers(connection, found.assign(standing=standing))
    return found[[*reviews.columns, "standing", *ADDED]].set_axis(reviews.index)


def state(connection: Connection) -> tuple[int, ...]:
    """A state of all answers: another as soon as one is given or taken back, for rows are only ever added."""
    asked = (pair_decisions, home_decisions)
    return tuple(connection.scalar(select(func.max(table.c.sequence))) or 0 for table in asked)


def _with_followers(connection: Connection, found: pd.DataFrame) -> pd.DataFrame:
    """The questions, those decided whose answer follows from other answers."""
    following = Following.of(pairs.all_bound(connection))
    is_asked = found["kind"].eq(ReviewKind.PAIR.value) & found["standing"].eq(Standing.OPEN.value)
    asked = found.loc[is_asked.fillna(value=False).to_numpy(bool), list(pairs.KEY)]
    settled = [following.settles(pair_asked(row)) for row in asked.to_dict("records")]
    follows = pd.Series([None if each is None else each.decision.value for each in settled], asked.index, dtype=_TEXT)
    follows = follows.reindex(found.index)
    return found.assign(
        decision=found["decision"].fillna(follows),
        standing=found["standing"].mask(follows.notna().to_numpy(bool), Standing.DECIDED.value),
        follows=follows.notna().astype("boolean"),
    )


def pair_asked(question: Mapping[Any, Any]) -> pairs.Pair:
    """The pair that a published question is about."""
    left, right = (
        pairs.RecordKey(*(str(question[f"{side}_{part}"]) for part in ("feed", "table", "id"))) for side in _SIDES
    )
    return pairs.Pair.of(left, right)


def _sides(reviews: pd.DataFrame) -> pd.DataFrame:
    """Both sides of each question as one text each, the smaller first, as answers have them."""
    is_pair = reviews["kind"].eq(ReviewKind.PAIR.value).fillna(value=False).to_numpy(bool)
    one, other = (
        _record(reviews, side).where(is_pair, reviews[f"{side}_person_id"]).fillna("").astype(object) for side in _SIDES
    )
    is_ordered = (one <= other).to_numpy(bool)
    left, right = one.where(is_ordered, other), other.where(is_ordered, one)
    return reviews.assign(left=left.astype(_TEXT), right=right.astype(_TEXT))


def _record(reviews: pd.DataFrame, side: str) -> pd.Series:
    return reviews[f"{side}_feed"] + "|" + reviews[f"{side}_table"] + "|" + reviews[f"{side}_id"]
