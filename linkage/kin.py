"""Kin as evidence: two records whose child is one person are likelier one parent, wherever each of them says they live.

The feeds say who is whose parent, child or partner. Once records are persons, a tie to a record is a tie to a person;
sharing one is compared like any other field. A child's mother and father share it too, so a household may share kin.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.blocks import Blocked
from linkage.cleaning import HashTexts
from linkage.errors import RecordsError
from linkage.pairs import Pairs, distinct, moved, unpack
from linkage.records import People
from linkage.vocabulary import Codes

MOST_SHARING = 60  # records tied to one person in one way; more is an institution, not kin


@dataclass(frozen=True)
class Ties:
    """Who is tied to whom, by position: `holder` has `kin` as its child, parent or partner, which `way` tells."""

    holder: Codes
    kin: Codes
    way: Codes

    def moved(self, to: Codes) -> "Ties":
        """The same ties of records at other places."""
        return Ties(to[self.holder], to[self.kin], self.way)

    @classmethod
    def of(cls, people: People, relations: pd.DataFrame, hashed: HashTexts) -> Self:
        """Read relations: id, kin_id and way (what the second is to the first). Unknown ids are left out."""
        missing = {"id", "kin_id", "way"} - set(relations.columns)
        if missing:
            msg = f"relations need the columns id, kin_id and way; lacking {', '.join(sorted(missing))}."
            raise RecordsError(msg)
        holder, kin = people.positions(relations["id"], relations["kin_id"], hashed=hashed)
        way = pd.factorize(relations["way"], sort=True)[0].astype(np.int32)
        known = (holder >= 0) & (kin >= 0)
        return cls(holder[known], kin[known], way[known])


@dataclass(frozen=True)
class Kinship:
    """Which records the feeds say have kin, and which sorted pairs of records have one in common."""

    has_kin: npt.NDArray[np.bool_]
    shared: Pairs

    def told(self, people: People) -> People:
        """The people with it."""
        return replace(people, has_kin=self.has_kin, shared_kin=self.shared)

    def among(self, rows: Codes, at: Codes) -> "Kinship":
        """That of some records: those of `rows`, of which `at` tells where each stands among them, or -1."""
        return Kinship(self.has_kin[rows], distinct(moved(self.shared, at)[0]))


def kinship(size: int, ties: Ties, group: Codes) -> Kinship:
    """What `size` records share by kinship, given which records are one person so far."""
    ways = int(ties.way.max(initial=0)) + 1
    # Who has which kin in which way, sorted by whose: blocks as they are.
    shared_by = distinct((group[ties.kin].astype(np.int64) * ways + ties.way) << 32 | ties.holder)
    sharing = Blocked(shared_by.astype(np.uint64))
    shared = sharing.only(sharing.sizes <= MOST_SHARING).pairs()
    has_kin = np.zeros(size, bool)
    has_kin[ties.holder] = True
    return Kinship(has_kin, distinct(shared))


def retold(pairs: Pairs, people: People) -> npt.NDArray[np.bool_]:
    """Which pairs may weigh differently once kinship is known: those of two records with kin."""
    left, right = unpack(pairs)
    has_kin = np.zeros(len(people), bool) if people.has_kin is None else people.has_kin
    both: npt.NDArray[np.bool_] = has_kin[left] & has_kin[right]
    return both
