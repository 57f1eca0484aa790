"""The kinds of pairs that are no match, and what is known of them before any data are seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage.ladders import ADDRESS, FORENAME, SEX, SURNAME, Ladder, Role

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """A kind of non-match: the roles in which it is unlike strangers, and how many per record at first.

    `generations`: whether its people are parent and child of one name, of which much is known beforehand.
    """

    name: str
    shares: frozenset[Role]
    inherits: frozenset[Role]
    per_record: float
    generations: bool = False


_ALIKE = (FORENAME, SURNAME, SEX)
_HOME = frozenset({Role.SURNAME, Role.HOME, Role.KIN, Role.EMAIL})
KINDS = (
    Kind("household", _HOME, _HOME, 0.5),
    Kind("twins", _HOME | {Role.BIRTH}, _HOME, 0.01),
    Kind("namesakes at home", _HOME | {Role.FORENAME, Role.SEX}, _HOME | {Role.FORENAME}, 0.01, generations=True),
    # People of one name have electronic addresses that are made of it; see `linkage.features.Email`.
    Kind("namesakes", frozenset({Role.FORENAME, Role.SURNAME, Role.SEX, Role.EMAIL}), frozenset(), 0.1),
    Kind("same date of birth", frozenset({Role.BIRTH}), frozenset(), 0.1),
)


@dataclass(frozen=True)
class Known:
    """A row for each level of each ladder, a column for each kind of non-match.

    `given`: the share that is known beforehand, 0 where it is learnt. `as_match`: whether it is a match's own share.
    """

    given: Floats
    as_match: npt.NDArray[np.bool_]

    def __bool__(self) -> bool:
        return bool(self.as_match.any())


def known_beforehand(ladders: Sequence[Ladder]) -> Known:
    """What is known of the kinds before any data are seen, given the ladders of a table.

    Two of one name in one home are parent and child, or grandparent: of one name and sex as much as two records of a
    person are, and a generation apart. Where numbers tell them apart the data teach what else they are like. In a table
    of homes without numbers only their dates can, and a kind so rare, learnt freely, drifts to whatever else the homes
    hold: its pairs are then taken for matches whose dates are all wrong.
    """
    is_in_doubt = ADDRESS in ladders and all(ladder.role is not Role.IDENTIFIER for ladder in ladders)
    parted = np.array([kind.generations for kind in KINDS]) & is_in_doubt
    told = np.concatenate([[0.0, *(ladder.generation or [0.0] * (len(ladder.levels) - 1))] for ladder in ladders])
    is_name = np.repeat([ladder in _ALIKE for ladder in ladders], [len(ladder.levels) for ladder in ladders])
    return Known(np.outer(told, parted), np.logical_and.outer(is_name, parted))
