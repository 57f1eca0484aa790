"""How alike two records are, field by field: a ladder of named levels each, worked out on codes (recordlinkage features).

Level 0 is always `missing` and neutral; level 1 is agreement; the last is disagreement. Where a record has several
values of a kind, the best level of any combination counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import OSA, Indel, JaroWinkler
from rapidfuzz.process import cpdist
from recordlinkage import Compare
from recordlinkage.base import BaseCompareFeature

from linkage.names import Likeness
from linkage.pairs import pack
from linkage.records import People

Levels = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int32]
MISSING = 0
EXACT = 1


class Role(StrEnum):
    """What a field is about, which says whom else it may agree with: one's home, one's namesakes, one's age-mates."""

    FORENAME = "forename"
    SURNAME = "surname"
    BIRTH = "birth"
    SEX = "sex"
    HOME = "home"
    KIN = "kin"
    IDENTIFIER = "identifier"


@dataclass(frozen=True)
class Ladder:
    """A field's levels from `missing` to disagreement, and how often matches are first thought to stand on each.

    Levels from `aside` on are told only where the field proper cannot be, and count among themselves.
    `rarity`: whether agreeing on a rare value says more than agreeing on a common one. `strangers`: how often two
    strangers are first thought to stand on the levels after `missing`; the last has the rest.
    """

    role: Role
    levels: tuple[str, ...]
    expected: tuple[float, ...]
    strangers: tuple[float, ...]
    aside: int | None = None
    rarity: bool = False

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
MIDDLE = Ladder(Role.FORENAME, ("missing", "exact", "near", "initial", "different"), (0.0, 0.8, 0.05, 0.1, 0.05), (0.01, 0.005, 0.05))
BIRTH = Ladder(
    Role.BIRTH,
    (
        "missing", "exact", "swapped", "one digit", "first of January", "two parts", "same year", "near year",
        "different", "age agrees", "age differs",
    ),
    (0.0, 0.9, 0.01, 0.03, 0.01, 0.01, 0.01, 0.01, 0.01, 0.99, 0.01),
    (0.00004, 0.00002, 0.001, 0.0002, 0.003, 0.01, 0.05, 0.93, 0.5),
    aside=9,
)  # fmt: skip
SEX = Ladder(Role.SEX, ("missing", "same", "different"), (0.0, 0.99, 0.01), (0.5,))
ADDRESS = Ladder(
    Role.HOME,
    (
        "missing", "same dwelling", "same door", "same postcode", "near", "same street", "same sector", "same district",
        "different",
    ),
    (0.0, 0.6, 0.05, 0.03, 0.05, 0.02, 0.04, 0.08, 0.13),
    (0.0002, 0.0001, 0.001, 0.0001, 0.001, 0.01, 0.05),
)
POSTCODE = Ladder(Role.HOME, ("missing", "exact", "near", "sector", "district", "different"), (0.0, 0.7, 0.05, 0.05, 0.1, 0.1), (0.001, 0.001, 0.01, 0.05))
IDENTIFIER = Ladder(Role.IDENTIFIER, ("missing", "exact", "near", "different"), (0.0, 0.95, 0.03, 0.02), (0.000001, 0.00001))
EXCLUSIVE = Ladder(Role.IDENTIFIER, ("missing", "exact", "different"), (0.0, 0.99, 0.01), (0.000001,))
TEXT = Ladder(Role.HOME, ("missing", "exact", "near", "different"), (0.0, 0.7, 0.1, 0.2), (0.02, 0.01), rarity=True)
KIN = Ladder(Role.KIN, ("missing", "shared", "none shared"), (0.0, 0.7, 0.3), (0.000001,))
CONTACT = Ladder(Role.HOME, ("missing", "exact", "near", "different"), (0.0, 0.6, 0.1, 0.3), (0.00001, 0.0001))


class Feature(BaseCompareFeature):  # type: ignore[misc]
    """A field compared on codes: `name`, its ladder, and the code columns that it reads."""

    ladder: ClassVar[Ladder]
    is_quick: ClassVar[bool] = False

    def __init__(self, people: People, label: str, columns: Sequence[str]) -> None:
        super().__init__(list(columns), list(columns), label=label)
        self._people = people
        self._width = len(columns)

    def _compute_vectorized(self, *columns: Any) -> Levels:
        codes = [np.asarray(column) for column in columns]
        return self.levels(codes[: self._width], codes[self._width :])

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """The level of each pair, given the left and the right records' code columns."""
        raise NotImplementedError


def best_of(levels: Levels, other: Levels) -> Levels:
    """The better of two levels, missing being worse than any."""
    return np.minimum(levels - np.uint8(1), other - np.uint8(1)) + np.uint8(1)


class Names(Feature):
    """A feature on names, whose likeness is worked out once for each distinct pair."""

    ranks: ClassVar[dict[Likeness, int]]

    def _one(self, left: Codes, right: Codes) -> Levels:
        levels = np.zeros(len(left), np.uint8)
        both = (left >= 0) & (right >= 0)
        levels[both & (left == right)] = EXACT
        unequal = np.flatnonzero(both & (left != right))
        rank = np.zeros(len(Likeness) + 1, np.uint8)
        for likeness, level in self.ranks.items():
            rank[likeness] = level
        levels[unequal] = rank[self._people.names.likeness(left[unequal], right[unequal])]
        return levels

    def _best(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        levels = self._one(left[0], right[0])
        for a, b in list(product(left, right))[1:]:
            some = np.flatnonzero((a >= 0) & (b >= 0) & (levels != EXACT))
            if len(some):
                levels[some] = best_of(levels[some], self._one(a[some], b[some]))
        return levels


class Glance(Feature):
    """Names seen quickly: 1 where they agree, 2 where they do not at once (closer looking may find a nickname or typo)."""

    ladder = Ladder(Role.FORENAME, ("missing", "exact", "not exact"), (0.0, 0.9, 0.1), (0.01,))

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        a, b = left[0], right[0]
        levels = np.where(a == b, EXACT, 2).astype(np.uint8)
        levels[(a < 0) | (b < 0)] = MISSING
        for further in (*left[1:], *right[1:]):
            levels[(further >= 0) & (levels != EXACT)] = 3
        return levels


class Forename(Names):
    """Forenames; a nickname, a middle name used as forename, and forename and surname swapped have levels of their own."""

    ladder = FORENAME
    ranks: ClassVar[dict[Likeness, int]] = {
        Likeness.VARIANT: 2, Likeness.PART: 2, Likeness.NEAR: 3, Likeness.INITIAL: 5, Likeness.SIMILAR: 8,
        Likeness.DIFFERENT: 9,
    }  # fmt: skip

    def __init__(self, people: People, label: str, columns: Sequence[str]) -> None:
        self._forenames = len(columns)
        extra = [column for column in ("middle_0", "surname_0") if column in people.codes]
        self._middle = len(columns) + extra.index("middle_0") if "middle_0" in extra else None
        self._surname = len(columns) + extra.index("surname_0") if "surname_0" in extra else None
        super().__init__(people, label, [*columns, *extra])

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        levels = self._best(left[: self._forenames], right[: self._forenames])
        if self._surname is not None:
            crossings = _crossings(left[0], left[self._surname], right[0], right[self._surname])
            levels[(crossings == 1) & (levels > 7)] = 7
            levels[(crossings == 2) & (levels > 6)] = 6
        if self._middle is not None:
            a, b = left[self._middle], right[self._middle]
            levels[((a >= 0) & (a == right[0]) | (b >= 0) & (b == left[0])) & (levels > 4)] = 4
        return levels


def _crossings(forename: Codes, surname: Codes, other_forename: Codes, other_surname: Codes) -> Levels:
    """How many of a pair's names stand as forename here and as surname there: 2 where the two were swapped."""
    one = (forename >= 0) & (forename == other_surname)
    other = (surname >= 0) & (surname == other_forename)
    return np.where(forename != surname, one.astype(np.uint8) + other, 0).astype(np.uint8)


class Surname(Names):
    """Surnames, former and preferred ones included; part of a double-barrelled name is a level. Swapped is missing here."""

    ladder = SURNAME
    ranks: ClassVar[dict[Likeness, int]] = {
        Likeness.VARIANT: 3, Likeness.PART: 2, Likeness.NEAR: 3, Likeness.INITIAL: 4, Likeness.SIMILAR: 4,
        Likeness.DIFFERENT: 5,
    }  # fmt: skip

    def __init__(self, people: People, label: str, columns: Sequence[str]) -> None:
        self._surnames = len(columns)
        extra = ["forename_0"] if "forename_0" in people.codes else []
        super().__init__(people, label, [*columns, *extra])

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        levels = self._best(left[: self._surnames], right[: self._surnames])
        if len(left) > self._surnames:
            # The forename's levels `swapped` and `crossed` have said it all; a second time would count it twice.
            crossings = _crossings(left[-1], left[0], right[-1], right[0])
            levels[(crossings == 2) & (levels > 1) | (crossings == 1) & (levels > 4)] = MISSING
        return levels


class Middle(Names):
    """Middle names."""

    ladder = MIDDLE
    ranks: ClassVar[dict[Likeness, int]] = {
        Likeness.VARIANT: 2, Likeness.PART: 2, Likeness.NEAR: 2, Likeness.INITIAL: 3, Likeness.SIMILAR: 4,
        Likeness.DIFFERENT: 4,
    }  # fmt: skip

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        return self._best(left, right)


class Birth(Feature):
    """Dates of birth; where one is missing, whether the two are of one age group."""

    ladder = BIRTH
    is_quick = True

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        a, b = left[0], right[0]
        levels = np.zeros(len(a), np.uint8)
        both = np.flatnonzero((a >= 0) & (b >= 0))
        levels[both] = date_levels(a[both], b[both])
        if len(left) > 1:
            g, h = left[1], right[1]
            told = (levels == MISSING) & (g >= 0) & (h >= 0)
            levels[told] = np.where(g[told] == h[told], 9, 10)
        return levels


def date_levels(a: Codes, b: Codes) -> Levels:
    """Levels of the ladder BIRTH for pairs of dates written YYYYMMDD."""
    level = np.full(len(a), EXACT, np.uint8)
    unequal = np.flatnonzero(a != b)
    a, b = a[unequal], b[unequal]
    apart = np.abs(a // 10000 - b // 10000)
    # Digit by digit: four bits each, so that equal digits vanish in the difference.
    x, y = _digit_bits(a), _digit_bits(b)
    differ = x ^ y
    same_year, same_month, same_day = differ >> 16 == 0, differ & 0xFF00 == 0, differ & 0xFF == 0
    found = np.where(same_year, 6, np.where(apart <= 2, 7, 8)).astype(np.uint8)
    found[(same_month & (same_year | same_day)) | (same_year & same_day)] = 5
    vague = [day_of_year == value for day_of_year in (x & 0xFFFF, y & 0xFFFF) for value in (0x0101, 0)]
    found[same_year & np.logical_or.reduce(vague)] = 4
    found[_digits_set(differ) == 1] = 3
    found[same_year & (x >> 8 & 0xFF == y & 0xFF) & (y >> 8 & 0xFF == x & 0xFF)] = 2
    level[unequal] = found
    return level


def _digit_bits(dates: Codes) -> npt.NDArray[np.uint32]:
    bits = np.zeros(len(dates), np.uint32)
    rest = dates.astype(np.uint32)
    for place in range(8):
        rest, digit = np.divmod(rest, np.uint32(10))
        bits |= digit << np.uint32(4 * place)
    return bits


def _digits_set(bits: npt.NDArray[np.uint32]) -> Levels:
    folded = bits | bits >> 1
    folded |= folded >> 2
    return np.bitwise_count(folded & 0x11111111)


class Same(Feature):
    """Fields that agree or do not."""

    ladder = SEX
    is_quick = True

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        levels = np.zeros(len(left[0]), np.uint8)
        last = len(self.ladder.levels) - 1
        for a, b in product(left, right):
            both = (a >= 0) & (b >= 0)
            levels = best_of(levels, np.where(both, np.where(a == b, EXACT, last), MISSING).astype(np.uint8))
        return levels


class Exclusive(Same):
    """Identifiers of which a person has one: agreeing or not, and near is no evidence (numbers are issued in sequence)."""

    ladder = EXCLUSIVE


class Address(Feature):
    """A whole address: property number, door, postcode, street, whichever of them the two records have."""

    ladder = ADDRESS
    parts = ("uprn", "dwelling", "postcode", "number", "unit", "street", "sector", "district")

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        a = dict(zip(self.labels_left, left, strict=True))
        b = dict(zip(self.labels_left, right, strict=True))
        same = {part: _agree(a.get(part), b.get(part), len(left[0])) for part in self.parts}
        known = self._known(a, b, len(left[0]))
        levels = np.where(known, 8, MISSING).astype(np.uint8)
        levels[known & same["district"]] = 7
        levels[known & same["sector"]] = 6
        unsettled = np.flatnonzero(known & ~same["dwelling"] & ~same["uprn"])
        alike = np.zeros(len(levels), np.float32)
        if "street" in a:
            alike[unsettled] = self._street_likeness(a["street"][unsettled], b["street"][unsettled])
        levels[known & (alike >= 0.85)] = 5
        near_postcode = same["sector"] | self._postcode_typo(a, b, unsettled, len(levels))
        near = same["number"] & ((alike >= 0.75) | near_postcode & (alike >= 0.5)) | near_postcode & (alike >= 0.85)
        levels[near] = 4
        levels[same["postcode"] & (self._people.is_precise | (alike >= 0.85))] = 3
        levels[same["number"] & (same["postcode"] & self._people.is_precise | (alike >= 0.9))] = 2
        levels[same["dwelling"] | same["uprn"]] = EXACT
        return levels

    @staticmethod
    def _known(a: dict[str, Codes], b: dict[str, Codes], size: int) -> npt.NDArray[np.bool_]:
        """Both have an address, and of kinds that can be compared."""
        known = np.zeros(size, bool)
        for part in ("uprn", "postcode", "street"):
            if part in a:
                known |= (a[part] >= 0) & (b[part] >= 0)
        return known

    def _street_likeness(self, left: Codes, right: Codes) -> npt.NDArray[np.float32]:
        likeness = np.zeros(len(left), np.float32)
        likeness[(left >= 0) & (left == right)] = 1.0
        texts = self._people.vocabularies["street"]
        unequal = np.flatnonzero((left >= 0) & (right >= 0) & (left != right))
        keys = left[unequal].astype(np.int64) * len(texts) + right[unequal]
        index, distinct = pd.factorize(keys)
        a, b = np.divmod(distinct, len(texts))
        scores = _likeness(texts[a], texts[b])
        # Lines of an address change places.
        doubtful = np.flatnonzero((scores >= 0.4) & (scores < 0.85))
        ordered = [[" ".join(sorted(text.split())) for text in side] for side in (texts[a[doubtful]], texts[b[doubtful]])]
        scores[doubtful] = np.maximum(scores[doubtful], _likeness(*ordered))
        likeness[unequal] = scores[index]
        return likeness

    def _postcode_typo(
        self, a: dict[str, Codes], b: dict[str, Codes], rows: npt.NDArray[np.intp], size: int
    ) -> npt.NDArray[np.bool_]:
        typo = np.zeros(size, bool)
        if "postcode" in a:
            texts = self._people.vocabularies["postcode"]
            left, right = a["postcode"][rows], b["postcode"][rows]
            typo[rows] = _one_edit(texts, left, right)
        return typo


def _likeness(left: Sequence[str], right: Sequence[str]) -> npt.NDArray[np.float32]:
    scores: npt.NDArray[np.float32] = cpdist(left, right, scorer=Indel.normalized_similarity, dtype=np.float32)
    return scores


class Postcode(Feature):
    """A postcode where there is no more of the address."""

    ladder = POSTCODE

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        (a, sector, district), (b, other_sector, other_district) = left[:3], right[:3]
        levels = np.where((a >= 0) & (b >= 0), 5, MISSING).astype(np.uint8)
        levels[_agree(district, other_district, len(a))] = 4
        levels[_agree(sector, other_sector, len(a))] = 3
        levels[_one_edit(self._people.vocabularies["postcode"], a, b)] = 2
        levels[(a >= 0) & (a == b)] = EXACT
        return levels


class Text(Feature):
    """Texts that agree, nearly agree or do not: identifiers, categories, contact details."""

    ladder = TEXT

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        levels = np.zeros(len(left[0]), np.uint8)
        for (label, a), (other, b) in product(zip(self.labels_left, left, strict=True), zip(self.labels_left, right, strict=True)):
            one = np.where((a >= 0) & (b >= 0), 3, MISSING).astype(np.uint8)
            one[self._near(label, other, a, b)] = 2
            one[(a >= 0) & self._equal(label, other, a, b)] = EXACT
            levels = best_of(levels, one)
        return levels

    def _equal(self, label: str, other: str, a: Codes, b: Codes) -> npt.NDArray[np.bool_]:
        if label == other:
            return a == b
        left, right = self._texts(label), self._texts(other)
        return (b >= 0) & (left[a] == right[b])

    def _near(self, label: str, other: str, a: Codes, b: Codes) -> npt.NDArray[np.bool_]:
        unequal = np.flatnonzero((a >= 0) & (b >= 0) & ((a != b) | (label != other)))
        near = np.zeros(len(a), bool)
        keys = a[unequal].astype(np.int64) << 32 | b[unequal]
        index, distinct = pd.factorize(keys)
        left, right = self._texts(label)[distinct >> 32], self._texts(other)[distinct & 0xFFFFFFFF]
        near[unequal] = self._alike(left, right)[index]
        return near

    def _alike(self, left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        return cpdist(left, right, scorer=JaroWinkler.similarity, dtype=np.float32) >= 0.9

    def _texts(self, label: str) -> npt.NDArray[np.object_]:
        return np.append(self._people.vocabularies[label], "")


class Kin(Feature):
    """Whether two records share a relative, where the feeds say that both have some."""

    ladder = KIN

    def levels(self, left: Sequence[Codes], right: Sequence[Codes]) -> Levels:
        """See Feature."""
        has_kin, shared = self._people.has_kin, self._people.shared_kin
        levels = np.zeros(len(left[0]), np.uint8)
        if has_kin is None or shared is None or len(shared) == 0:
            return levels
        both = np.flatnonzero(has_kin[left[0]] & has_kin[right[0]])
        pairs = pack(left[0][both], right[0][both])
        place = np.minimum(np.searchsorted(shared, pairs), len(shared) - 1)
        levels[both] = np.where(shared[place] == pairs, EXACT, 2)
        return levels


class Identifier(Text):
    """A number that stands for a person, of which a person may have several."""

    ladder = IDENTIFIER

    def _alike(self, left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        return cpdist(left, right, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8) <= 1


class Contact(Identifier):
    """A telephone number or an electronic address."""

    ladder = CONTACT


def _agree(a: Codes | None, b: Codes | None, size: int) -> npt.NDArray[np.bool_]:
    return np.zeros(size, bool) if a is None or b is None else (a >= 0) & (a == b)


def _one_edit(texts: npt.NDArray[np.object_], left: Codes, right: Codes) -> npt.NDArray[np.bool_]:
    result = np.zeros(len(left), bool)
    unequal = np.flatnonzero((left >= 0) & (right >= 0) & (left != right))
    index, distinct = pd.factorize(left[unequal].astype(np.int64) << 32 | right[unequal])
    a, b = texts[distinct >> 32], texts[distinct & 0xFFFFFFFF]
    result[unequal] = (cpdist(a, b, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8) <= 1)[index]
    return result


def features_of(people: People) -> list[Feature]:
    """The fields that a table allows comparing, in the order in which a score is explained."""
    codes = set(people.codes.columns)
    fields: list[Feature] = []
    for label, feature in (("forename", Forename), ("middle", Middle), ("surname", Surname)):
        columns = people.named(label)
        if columns:
            fields.append(feature(people, "middle names" if label == "middle" else label, columns))
    if "dob" in codes:
        fields.append(Birth(people, "date of birth", [c for c in ("dob", "age_group") if c in codes]))
    if "sex" in codes:
        fields.append(Same(people, "sex", ["sex"]))
    if {"street", "dwelling", "uprn"} & codes:
        fields.append(Address(people, "address", [part for part in Address.parts if part in codes]))
    elif "postcode" in codes:
        fields.append(Postcode(people, "postcode", ["postcode", "sector", "district"]))
    if people.has_kin is not None:
        fields.append(Kin(people, "kin", ["position"]))
    for label in ("phone", "email"):
        if people.named(label):
            fields.append(Contact(people, label, people.named(label)))
    for column in people.named("identifier"):
        kind = Exclusive if column in people.exact else Identifier
        fields.append(kind(people, people.called[column], [column]))
    fields.extend(Text(people, people.called[column], [column]) for column in people.named("category"))
    return fields


class Levelled(Compare):  # type: ignore[misc]
    """recordlinkage's Compare on positions: one uint8 level per field and pair, without a frame for each side."""

    def _compute(self, pairs: pd.MultiIndex, x: pd.DataFrame, x_link: pd.DataFrame | None = None) -> pd.DataFrame:
        left, right = (np.ascontiguousarray(codes) for codes in pairs.codes)
        levels = np.empty((len(self.features), len(pairs)), np.uint8)
        taken: dict[str, tuple[Codes, Codes]] = {}
        for row, feature in enumerate(self.features):
            for column in feature.labels_left:
                if column not in taken:
                    values = x[column].to_numpy()
                    taken[column] = (values[left], values[right])
            columns = [taken[column] for column in feature.labels_left]
            levels[row] = feature._compute([a for a, _ in columns], [b for _, b in columns])  # noqa: SLF001
        return pd.DataFrame(levels.T, index=pairs, columns=[f.label for f in self.features], copy=False)
