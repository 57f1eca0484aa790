"""What coordinators decided of two records since their table was matched: it counts in the next matching."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.engine import Linked
from linkage.pairs import Pairs, any_of, distinct, in_pairs, pack
from linkage.rules import PAIR, binding

_WHEN = "It counts from the next run on, or when this month is run again."


def decided_since(linked: Linked, left: int, right: int, decisions: pd.DataFrame) -> list[str]:
    """In words, what is decided otherwise by now than when the table was matched; nothing where nothing is.

    `decisions` as of `linkage.engine.link`, as they stand now; left and right by position. Told are decisions about the
    two and, where none is, about any record that either was joined with.
    """
    rules = linked.rules
    joined, parted = (_pairs(linked, binding(decisions), said) for said in ("same", "different"))
    # What a certain fact keeps apart no decision joins, neither then nor in the next run.
    joined = joined[~in_pairs(joined, np.setdiff1d(rules.apart, rules.parted))]
    pair = pack(np.array([left]), np.array([right]))
    for then, now, other, words in (
        (rules.joined, joined, parted, "one"),
        (rules.parted, parted, joined, "two"),
    ):
        was, is_now = (bool(in_pairs(pair, pairs)[0]) for pairs in (then, now))
        if is_now and not was:
            return [f"Since then a coordinator has decided that they are {words}. {_WHEN}"]
        if was and not is_now and not in_pairs(pair, other)[0]:
            return [f"Since then the decision that they are {words} has been undone. {_WHEN}"]
    group = linked.persons.group
    theirs = np.isin(group, group[[left, right]])
    changed = np.concatenate([np.setxor1d(rules.joined, joined), np.setxor1d(rules.parted, parted)])
    if any_of(changed, theirs).any():
        return [f"Since then a coordinator has decided something else about records of theirs. {_WHEN}"]
    return []


def _pairs(linked: Linked, decisions: pd.DataFrame, said: str) -> Pairs:
    """The pairs of the table of which it is said, by position."""
    chosen = decisions[decisions["decision"].eq(said).to_numpy(bool)]
    left, right = (_positions(linked, chosen[side]) for side in PAIR)
    known = (left >= 0) & (right >= 0)
    return distinct(pack(left[known], right[known]))


def _positions(linked: Linked, ids: pd.Series) -> npt.NDArray[np.intp]:
    return pd.Index(linked.persons.people.ids).get_indexer(pd.Index(ids.astype(object)))
