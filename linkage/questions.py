"""Questions to people: what is asked, under an id that stays while the same is asked, and of what it asks.

A question names records, persons and households by their ids only. Its fingerprint is made of those of the records
behind it: an answer stands until one of them changes, and then the same is asked again.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
import pandas as pd

from linkage.person_rows import TEXT
from schemas.vocabulary import Answer, DecidedBy, Decision, ReviewKind

_PLACE = ["feed", "table_name", "source_id"]
_PAIR = [f"{side}_{part}" for side in ("left", "right") for part in ("feed", "table", "id")]
_ASKED = "Are these two records one person?"
_DOUBTFUL = "the records are too alike to pass over, and not alike enough to be sure of"
_CONTRADICTED = "they are alike enough to be one person, but records joined with the one contradict the other"
_NUMBERED = "all else says that they are one person, but they bear two numbers of which a person has one"
_AGAIN = "it was answered before, and since then a record behind it has changed"


def pairs(  # noqa: PLR0913 - tables, and by what they were matched and are named
    links: pd.DataFrame,
    person_records: pd.DataFrame,
    fingerprints: pd.DataFrame,
    *,
    key: str,
    same: float,
    answers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A question for each doubtful pair, and for each pair of which a record has changed since somebody answered.

    `links`: those to be reviewed and those that people decided. `same`: the weight that joins two. `fingerprints`:
    feed, table_name, source_id, fingerprint. `answers`: those that stand, as `schemas.casebook.Answered`; one without a
    fingerprint stands for good. Columns as `schemas.published.Review` but for the effects and the rank.
    """
    prints = person_records.merge(fingerprints, on=_PLACE, how="left")
    asked = links[[*_PAIR, "weight", "decision", "decided_by"]].drop_duplicates(_PAIR)
    for side in ("left", "right"):
        columns = dict(zip(_PLACE, [f"{side}_{part}" for part in ("feed", "table", "id")], strict=True))
        of_side = prints.rename(columns={**columns, "person_id": f"{side}_person_id", "fingerprint": f"{side}_print"})
        asked = asked.merge(of_side[[*columns.values(), f"{side}_person_id", f"{side}_print"]], on=[*columns.values()])
    sides = list(zip(_record(asked, "left"), _record(asked, "right"), strict=True))
    joined = (asked["decision"] == Decision.SAME.value).to_numpy(bool)
    asked = asked.assign(
        kind=ReviewKind.PAIR.value,
        question=_ASKED,
        review_id=_texts(review_id(key, ReviewKind.PAIR, both) for both in sides),
        household_id=_missing(asked),
        answer=_texts(np.where(joined, Answer.DIFFERENT.value, Answer.SAME.value)),
        fingerprint=_texts(fingerprint(both) for both in zip(asked["left_print"], asked["right_print"], strict=True)),
        why=_texts(_why(asked, same)),
        after_abuse=pd.array([False] * len(asked), dtype="boolean"),
    )
    is_open = (asked["decision"] == Decision.REVIEW.value).to_numpy(bool)
    return _unanswered(asked, sides, is_open, answers).drop(
        columns=["decision", "decided_by", "left_print", "right_print"]
    )


def _why(asked: pd.DataFrame, same: float) -> Iterable[str]:
    """Why each pair is not settled. Numbers alone keep two apart by rule that are asked about all the same."""
    by_rule = asked["decided_by"].eq(DecidedBy.RULE.value).fillna(value=False).to_numpy(bool)
    is_heavy = (asked["weight"] >= same).fillna(value=False).to_numpy(bool)
    return [str(why) for why in np.select([by_rule, is_heavy], [_NUMBERED, _CONTRADICTED], _DOUBTFUL)]


def households(
    doubts: pd.DataFrame,
    person_records: pd.DataFrame,
    fingerprints: pd.DataFrame,
    *,
    key: str,
    answers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A question for each doubtful household that nobody has answered since the records of either person changed.

    `doubts`: as `linkage.doubts` gives them; all else and the columns as in `pairs`.
    """
    sides = list(zip(doubts["left_person_id"], doubts["right_person_id"], strict=True))
    known = person_records[person_records["person_id"].isin({person for both in sides for person in both})]
    known = known.merge(fingerprints, on=_PLACE, how="left")
    prints = {person: fingerprint(rows) for person, rows in known.groupby("person_id")["fingerprint"]}
    asked = doubts.assign(
        kind=ReviewKind.HOUSEHOLD.value,
        review_id=_texts(review_id(key, ReviewKind.HOUSEHOLD, both) for both in sides),
        fingerprint=_texts(fingerprint(prints.get(person, "") for person in both) for both in sides),
        weight=np.nan,
        **{name: _missing(doubts) for name in _PAIR},
    )
    return _unanswered(asked, sides, np.ones(len(asked), bool), answers)


def _unanswered(
    asked: pd.DataFrame, sides: list[tuple[str, str]], is_open: np.ndarray, answers: pd.DataFrame | None
) -> pd.DataFrame:
    """Questions that are open and have no answer, and those whose answer was given of other records."""
    given = pd.DataFrame(columns=["kind", "left", "right", "fingerprint"]) if answers is None else answers
    mine = given[given["kind"].isin(asked["kind"])]
    told = {
        tuple(sorted(both)): said for *both, said in zip(mine["left"], mine["right"], mine["fingerprint"], strict=True)
    }
    said = [told.get(tuple(sorted(both)), "") for both in sides]
    answered = np.array([bool(pd.isna(each) or each) for each in said], dtype=bool)
    stale = np.array(
        [not pd.isna(one) and one not in {"", other} for one, other in zip(said, asked["fingerprint"], strict=True)],
        bool,
    )
    again = asked["why"].mask(pd.Series(stale, index=asked.index), _AGAIN)
    asked = asked.assign(was_decided=pd.array(stale, dtype="boolean"), why=again.astype(TEXT))
    return pd.DataFrame(asked[(is_open & ~answered) | stale]).reset_index(drop=True)


def _record(rows: pd.DataFrame, side: str) -> pd.Series:
    return rows[f"{side}_feed"] + "|" + rows[f"{side}_table"] + "|" + rows[f"{side}_id"]


def _texts(values: Iterable[str]) -> pd.Series:
    return pd.Series(list(values), dtype=TEXT)


def _missing(rows: pd.DataFrame) -> pd.Series:
    return pd.Series(pd.NA, index=rows.index, dtype=TEXT)


def review_id(key: str, kind: str, sides: Iterable[str]) -> str:
    """The id of a question about two things, whichever is named first; without the key nobody can tell it from them."""
    said = "\x1f".join([kind, *sorted(sides)])
    return "r" + hashlib.blake2b(said.encode(), key=key.encode()[:64], digest_size=8).hexdigest()


def fingerprint(parts: Iterable[str]) -> str:
    """One fingerprint of several, whatever their order."""
    return hashlib.sha256("\x1f".join(sorted(str(part) for part in parts)).encode()).hexdigest()[:24]
