"""The ladders of levels on which two records are compared, and what is expected of each before any data are seen.

Level 0 is always `missing` and neutral; level 1 is agreement; the last is disagreement.
"""

from dataclasses import dataclass
from enum import StrEnum

MISSING = 0
EXACT = 1


class Role(StrEnum):
    """What a field is about, which says whom else it may agree with: one's home, one's namesakes, one's age-mates."""

    FORENAME = "forename"
    SURNAME = "surname"
    BIRTH = "birth"
    AGE = "age"
    SEX = "sex"
    HOME = "home"
    KIN = "kin"
    EMAIL = "email"
    IDENTIFIER = "identifier"


@dataclass(frozen=True)
class Ladder:
    """A field's levels from `missing` to disagreement, and how often matches are first thought to stand on each.

    Levels from `aside` on are told only where the field proper cannot be, and count among themselves.
    `rarity`: whether agreeing on a rare value says more than agreeing on a common one. `strangers`: how often two
    strangers are first thought to stand on the levels after `missing`; the last has the rest. `generation`: how often
    two people of one name in one home stand on the levels after `missing`: they are parent and child, for nobody gives
    two children one name.
    """

    role: Role
    levels: tuple[str, ...]
    expected: tuple[float, ...]
    strangers: tuple[float, ...]
    aside: int | None = None
    rarity: bool = False
    generation: tuple[float, ...] | None = None

    def parts(self) -> list[slice]:
        """The runs of levels that each add up to one."""
        end = len(self.levels)
        return [slice(1, end)] if self.aside is None else [slice(1, self.aside), slice(self.aside, end)]


FORENAME = Ladder(
    Role.FORENAME,
    ("missing", "exact", "variant", "near", "middle", "initial", "swapped", "crossed", "similar", "different"),
    (0.0, 0.85, 0.05, 0.04, 0.005, 0.01, 0.005, 0.005, 0.01, 0.025),
    (0.005, 0.003, 0.002, 0.001, 0.001, 0.00001, 0.0002, 0.005),
    rarity=True,
)
SURNAME = Ladder(
    Role.SURNAME,
    ("missing", "exact", "part", "near", "similar", "different"),
    (0.0, 0.85, 0.02, 0.05, 0.02, 0.06),
    (0.002, 0.0005, 0.001, 0.004),
    rarity=True,
)
FULL_NAME = (FORENAME, SURNAME)  # what two people of one name agree in
MIDDLE = Ladder(
    Role.FORENAME,
    ("missing", "exact", "near", "initial", "different"),
    (0.0, 0.8, 0.05, 0.1, 0.05),
    (0.01, 0.005, 0.05),
)
BIRTH = Ladder(
    Role.BIRTH,
    (
        "missing", "exact", "swapped", "one digit", "first of January", "two parts", "same year", "near year",
        "different", "age agrees", "age differs",
    ),
    (0.0, 0.9, 0.01, 0.03, 0.01, 0.01, 0.01, 0.01, 0.01, 0.9995, 0.0005),
    (0.00004, 0.00002, 0.001, 0.0002, 0.003, 0.01, 0.05, 0.93, 0.5),
    aside=9,
    generation=(0.0005, 0.0001, 0.0004, 0.0002, 0.003, 0.0008, 0.005, 0.99, 0.3, 0.7),
)  # fmt: skip
BORN_ABOUT = Ladder(
    Role.AGE,
    ("missing", "as expected", "near", "apart", "far"),
    (0.0, 0.62, 0.22, 0.12, 0.04),
    (0.18, 0.1, 0.12),
    generation=(0.03, 0.07, 0.15, 0.75),
)
SEX = Ladder(Role.SEX, ("missing", "same", "different"), (0.0, 0.99, 0.01), (0.5,))
ADDRESS = Ladder(
    Role.HOME,
    (
        "missing",
        "same dwelling",
        "same door",
        "same postcode",
        "near",
        "same street",
        "same sector",
        "same district",
        "different",
    ),
    (0.0, 0.6, 0.05, 0.03, 0.05, 0.02, 0.04, 0.08, 0.13),
    (0.0002, 0.0001, 0.001, 0.0001, 0.001, 0.01, 0.05),
)
POSTCODE = Ladder(
    Role.HOME,
    ("missing", "exact", "near", "sector", "district", "different"),
    (0.0, 0.7, 0.05, 0.05, 0.1, 0.1),
    (0.001, 0.001, 0.01, 0.05),
)
IDENTIFIER = Ladder(
    Role.IDENTIFIER, ("missing", "exact", "near", "different"), (0.0, 0.95, 0.03, 0.02), (0.000001, 0.00001)
)
EXCLUSIVE = Ladder(Role.IDENTIFIER, ("missing", "exact", "different"), (0.0, 0.99, 0.01), (0.000001,))
TEXT = Ladder(Role.HOME, ("missing", "exact", "near", "different"), (0.0, 0.7, 0.1, 0.2), (0.02, 0.01), rarity=True)
KIN = Ladder(Role.KIN, ("missing", "shared", "none shared"), (0.0, 0.7, 0.3), (0.000001,))
CONTACT = Ladder(Role.HOME, ("missing", "exact", "near", "different"), (0.0, 0.6, 0.1, 0.3), (0.00001, 0.0001))
EMAIL = Ladder(Role.EMAIL, CONTACT.levels, CONTACT.expected, CONTACT.strangers)
