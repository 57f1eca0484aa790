"""The kinds of pairs that are no match, and what is known of them before any data are seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage.ladders import ADDRESS, FULL_NAME, SEX, Ladder, Role

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """A kind of non-match: the roles in which it is unlike strangers, and how many per record at first.

    `alike`: those roles in which its people are as alike as two records of one person are, so that nothing is learnt of
    them. `generations`: whether its people are parent and child of one name, of which much is known beforehand.
    `counted`: whether it is whoever else agrees in forename and surname, so that its pairs can be counted in the table.
    """

    name: str
    shares: frozenset[Role]
    inherits: frozenset[Role]
    per_record: float
    alike: frozenset[Role] = frozenset()
    generations: bool = False
    counted: bool = False


_ALIKE = (*FULL_NAME, SEX)
_HOME = frozenset({Role.SURNAME, Role.HOME, Role.KIN, Role.EMAIL})
_BORN_TOGETHER = _HOME | {Role.BIRTH, Role.AGE}
KINDS = (
    # The ages of people of one home are not strangers' ages: couples are near, parents and children a generation apart.
    Kind("household", _BORN_TOGETHER, _HOME, 0.5),
    Kind("twins", _BORN_TOGETHER, _HOME, 0.01, alike=_BORN_TOGETHER),
    Kind("namesakes at home", _HOME | {Role.FORENAME, Role.SEX}, _HOME | {Role.FORENAME}, 0.01, generations=True),
    # People of one name have electronic addresses that are made of it; see `linkage.features.Email`.
    Kind("namesakes", frozenset({Role.FORENAME, Role.SURNAME, Role.SEX, Role.EMAIL}), frozenset(), 0.1, counted=True),
    Kind("same date of birth", frozenset({Role.BIRTH}), frozenset(), 0.1),
)


@dataclass(frozen=True)
class Known:
    """A row for each level of each ladder, a column for each kind of non-match.

    `given`: the share that is known beforehand, 0 where it is learnt. `as_match`: whether it is a match's own share.
    `only_dates_tell`: whether nothing but the date of birth parts people of one name in one home.
    """

    given: Floats
    as_match: npt.NDArray[np.bool_]
    only_dates_tell: bool


def known_beforehand(ladders: Sequence[Ladder]) -> Known:
    """What is known of the kinds before any data are seen, given the ladders of a table.

    A kind so rare as twins, learnt freely, drifts to whatever else the homes hold, and which way it drifts hangs on a
    handful of pairs (`docs/decisions/0014`). Twins are as alike as two records of one person, in all but what names and
    numbers say. Two of one name in one home are parent and child, or grandparent: of one name and sex as much as two
    records of a person are, and a generation apart. Where a table has no homes, nothing is known of these.
    """
    has_homes = ADDRESS in ladders
    sizes = [len(ladder.levels) for ladder in ladders]
    parted = np.array([kind.generations for kind in KINDS]) & has_homes
    told = np.concatenate([[0.0, *(ladder.generation or [0.0] * (len(ladder.levels) - 1))] for ladder in ladders])
    is_name = np.repeat([ladder in _ALIKE for ladder in ladders], sizes)
    alike = np.repeat([[ladder.role in kind.alike for kind in KINDS] for ladder in ladders], sizes, axis=0)
    has_numbers = any(ladder.role is Role.IDENTIFIER for ladder in ladders)
    return Known(np.outer(told, parted), alike | np.logical_and.outer(is_name, parted), has_homes and not has_numbers)
