"""Questions to people: what is asked, under an id that stays while the same is asked, and of what it asks.

A question names records, persons and households by their ids only. Its fingerprint is made of those of the records
behind it, so that an answer turns stale when one of them changes.
"""

import hashlib
from collections.abc import Iterable

import pandas as pd

from linkage.person_rows import TEXT
from schemas.vocabulary import Answer, Decision, ReviewKind

_PLACE = ["feed", "table_name", "source_id"]
_PAIR = [f"{side}_{part}" for side in ("left", "right") for part in ("feed", "table", "id")]
_ASKED = "Are these two records one person?"
_DOUBTFUL = "the records are alike, and neither alike nor unlike enough to be sure of"
_DECIDED = "a coordinator decided it before; since then one of the two records has changed"


def pairs(
    links: pd.DataFrame,
    person_records: pd.DataFrame,
    fingerprints: pd.DataFrame,
    *,
    key: str,
    decisions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A question for each doubtful pair, and for each decided one of which a record has changed since.

    `fingerprints`: feed, table_name, source_id, fingerprint. `decisions`: pairs with `decision` and, where it was kept,
    `fingerprint` of the question when it was decided; the newest of a pair comes last. Columns as
    `schemas.published.Review` but for the effects and the rank.
    """
    doubtful = links.loc[(links["decision"] == Decision.REVIEW.value).to_numpy(bool), [*_PAIR, "weight"]]
    asked = doubtful.assign(why=_DOUBTFUL, answer=Answer.SAME.value, decided=_missing(doubtful))
    asked = pd.concat([asked, _decided(links, decisions)], ignore_index=True).drop_duplicates(_PAIR)
    for side in ("left", "right"):
        of_side = [f"{side}_{part}" for part in ("feed", "table", "id")]
        known = person_records.merge(fingerprints, on=_PLACE, how="left").rename(
            columns={**dict(zip(_PLACE, of_side, strict=True)), "person_id": f"{side}_person_id"}
        )
        asked = asked.merge(
            known[[*of_side, f"{side}_person_id", "fingerprint"]].rename(columns={"fingerprint": f"{side}_print"}),
            on=of_side,
        )
    ways = [_record(asked, side) for side in ("left", "right")]
    asked = asked.assign(
        kind=ReviewKind.PAIR.value,
        question=_ASKED,
        review_id=_texts(review_id(key, ReviewKind.PAIR, both) for both in zip(*ways, strict=True)),
        household_id=_missing(asked),
        fingerprint=_texts(fingerprint(both) for both in zip(asked["left_print"], asked["right_print"], strict=True)),
        was_decided=asked["decided"].notna(),
    )
    stale = asked["decided"].isna() | asked["decided"].ne(asked["fingerprint"]).fillna(value=False)
    return asked[stale.to_numpy(bool)].drop(columns=["decided", "left_print", "right_print"]).reset_index(drop=True)


def _decided(links: pd.DataFrame, decisions: pd.DataFrame | None) -> pd.DataFrame:
    """The decided pairs whose fingerprint was kept, as the month's links name them and weigh them."""
    if decisions is None or "fingerprint" not in decisions:
        nothing = pd.DataFrame(columns=[*_PAIR, "weight", "why", "answer", "decided"], dtype=TEXT)
        return nothing.astype({"weight": float})
    said = decisions.assign(both=_both(decisions)).drop_duplicates("both", keep="last")
    said = said.dropna(subset=["fingerprint"])
    asked = links.assign(both=_both(links)).merge(
        said[["both", "decision", "fingerprint"]], on="both", suffixes=("_", "")
    )
    same = (asked["decision"] == Decision.SAME.value).to_numpy(bool)
    other = pd.Series(Answer.SAME.value, index=asked.index).mask(same, Answer.DIFFERENT.value)
    asked = asked.assign(why=_DECIDED, answer=other, decided=asked["fingerprint"])
    return asked[[*_PAIR, "weight", "why", "answer", "decided"]]


def _both(rows: pd.DataFrame) -> pd.Series:
    """The two records of a pair as one text, whichever stands first."""
    left, right = (_record(rows, side).astype(object) for side in ("left", "right"))
    return left.where(left <= right, right) + "\x1f" + right.where(left <= right, left)


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
