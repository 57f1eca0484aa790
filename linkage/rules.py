"""What no score may overrule: who is certainly two people, and whom a coordinator has joined or parted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.cleaning import HashTexts
from linkage.connections import connect
from linkage.errors import DecisionsError
from linkage.pairs import Pairs, distinct, in_pairs, moved, pack, unpack
from linkage.records import People
from linkage.vocabulary import Codes

PAIR = ("left_id", "right_id")


@dataclass(frozen=True)
class Rules:
    """Certainties about a table's records, by position.

    `apart`: pairs that are two people, sorted. `joined`: pairs that a coordinator says are one, sorted.
    `parted`: those of `apart` that are a coordinator's. `exclusive`: codes of which a person has one, -1 none, where
    codes that a coordinator's decision brings together are one code.
    """

    apart: Pairs
    parted: Pairs
    joined: Pairs
    exclusive: tuple[Codes, ...]

    def conflicts(self, left: Codes, right: Codes) -> npt.NDArray[np.bool_]:
        """Whether each pair of positions can never be one person."""
        conflict = in_pairs(pack(left, right), self.apart)
        for codes in self.exclusive:
            a, b = codes[left], codes[right]
            conflict |= (a >= 0) & (b >= 0) & (a != b)
        return conflict

    def among(self, rows: Codes, at: Codes) -> "Rules":
        """The rules of some records: those of `rows`, of which `at` tells where each stands among them, or -1."""
        apart, parted, joined = (distinct(moved(pairs, at)[0]) for pairs in (self.apart, self.parted, self.joined))
        return Rules(apart, parted, joined, tuple(codes[rows] for codes in self.exclusive))


def rules_of(people: People, never: pd.DataFrame | None, decisions: pd.DataFrame | None, hashed: HashTexts) -> Rules:
    """The rules of a table.

    `never` and `decisions` carry left_id and right_id; decisions also decision, `same` or `different`, of which the
    last row about a pair stands. Ids that the table lacks are left out. `hashed` hashes texts.
    """
    decided = binding(decisions)
    apart, parted, joined = _positions(
        people, [never, *(decided[decided["decision"].eq(said)] for said in ("different", "same"))], hashed
    )
    apart = distinct(apart, parted)
    joined = joined[~in_pairs(joined, apart)]
    exclusive = [_merged(codes, joined) for codes in people.exclusive.values()]
    once = np.where(people.once_per_person, people.sources, -1)
    if people.once_per_person.any():
        exclusive.extend(_once_per_person(once))
    return Rules(apart, parted, joined, tuple(exclusive))


def binding(decisions: pd.DataFrame | None) -> pd.DataFrame:
    """The decisions that bind: of each pair the last. Raises DecisionsError where a column or a decision is amiss."""
    if decisions is None:
        return pd.DataFrame({"left_id": [], "right_id": [], "decision": []}, dtype="string[pyarrow]")
    missing = {*PAIR, "decision"} - set(decisions.columns)
    wrong = set() if missing else set(decisions["decision"].dropna().unique()) - {"same", "different"}
    if missing or wrong:
        msg = (
            f"decisions need the columns left_id, right_id and decision (same or different); "
            f"lacking {sorted(missing)}, with {len(wrong)} other kinds of decision."
        )
        raise DecisionsError(msg)
    left, right = decisions["left_id"].astype(str), decisions["right_id"].astype(str)
    key = pd.DataFrame({"low": left.where(left <= right, right), "high": right.where(left <= right, left)})
    return decisions[~key.duplicated(keep="last").to_numpy()]


def _positions(people: People, tables: Sequence[pd.DataFrame | None], hashed: HashTexts) -> list[Pairs]:
    sides = [_sides(table) for table in tables]
    found = people.positions(*(side for both in sides for side in both), hashed=hashed)
    pairs = []
    for left, right in zip(found[::2], found[1::2], strict=True):
        known = (left >= 0) & (right >= 0) & (left != right)
        pairs.append(distinct(pack(left[known], right[known])))
    return pairs


def _sides(pairs: pd.DataFrame | None) -> list[pd.Series]:
    if pairs is None or pairs.empty:
        return [pd.Series(dtype="string[pyarrow]")] * 2
    if not {*PAIR} <= set(pairs.columns):
        raise DecisionsError("never-link pairs need the columns left_id and right_id.")
    return [pairs[side] for side in PAIR]


def _merged(codes: Codes, joined: Pairs) -> Codes:
    """Codes as one where a coordinator joined records that bear two, be it through others that bear none."""
    left, right = unpack(joined)
    told = np.unique(np.concatenate([left, right]))
    known = np.flatnonzero(codes[told] >= 0)
    size = int(codes.max(initial=-1)) + 1
    # The records joined stand behind the codes, each tied to its own.
    one = np.concatenate([size + np.searchsorted(told, left), size + known])
    other = np.concatenate([size + np.searchsorted(told, right), codes[told[known]]])
    group = connect(size + len(told), one, other)[:size]
    return np.append(group, -1)[codes].astype(np.int32)


def _once_per_person(sources: Codes) -> list[Codes]:
    """For each source that holds a person once, a number for each of its records, which excludes the others'."""
    own = np.arange(len(sources), dtype=np.int32)
    return [np.where(sources == source, own, -1).astype(np.int32) for source in np.unique(sources[sources >= 0])]
