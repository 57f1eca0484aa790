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
from linkage.errors import RecordsError
from linkage.pairs import Pairs, distinct, unpack
from linkage.records import People
from linkage.vocabulary import Codes

MOST_SHARING = 60  # records tied to one person in one way; more is an institution, not kin


@dataclass(frozen=True)
class Ties:
    """Who is tied to whom, by position: `holder` has `kin` as its child, parent or partner, which `way` tells."""

    holder: Codes
    kin: Codes
    way: Codes

    @classmethod
    def of(cls, people: People, relations: pd.DataFrame) -> Self:
        """Read relations: id, kin_id and way (what the second is to the first). Unknown ids are left out."""
        missing = {"id", "kin_id", "way"} - set(relations.columns)
        if missing:
            msg = f"relations need the columns id, kin_id and way; lacking {', '.join(sorted(missing))}."
            raise RecordsError(msg)
        holder, kin = people.positions(relations["id"], relations["kin_id"])
        way = pd.factorize(relations["way"], sort=True)[0].astype(np.int32)
        known = (holder >= 0) & (kin >= 0)
        return cls(holder[known], kin[known], way[known])


def tie(people: People, ties: Ties, group: Codes) -> People:
    """The people with what they share by kinship, given which records are one person so far."""
    ways = int(ties.way.max(initial=0)) + 1
    shared_by = distinct((group[ties.kin].astype(np.int64) * ways + ties.way) << 32 | ties.holder)
    sharing = Blocked.of((shared_by & 0xFFFFFFFF).astype(np.int32), shared_by.astype(np.uint64))
    shared = sharing.only(sharing.sizes <= MOST_SHARING).pairs()
    has_kin = np.zeros(len(people), bool)
    has_kin[ties.holder] = True
    return replace(people, shared_kin=distinct(shared), has_kin=has_kin)


def retold(pairs: Pairs, people: People) -> npt.NDArray[np.bool_]:
    """Which pairs may weigh differently once kinship is known: those of two records with kin."""
    left, right = unpack(pairs)
    has_kin = np.zeros(len(people), bool) if people.has_kin is None else people.has_kin
    both: npt.NDArray[np.bool_] = has_kin[left] & has_kin[right]
    return both
