"""Which fields a table allows comparing, and the comparing of pairs (recordlinkage's Compare)."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.address_features import Address, Postcode
from linkage.features import Birth, BornAbout, Contact, Email, Exclusive, Feature, Identifier, Kin, Same, Text
from linkage.interfaces import BaseCompare
from linkage.name_features import Forename, Middle, Surname
from linkage.pairs import Pairs, pack, unpack
from linkage.records import People

Levels = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int32]


def features_of(people: People) -> list[Feature]:
    """The fields that a table allows comparing, in the order in which a score is explained."""
    return [*_names(people), *_particulars(people), *_numbers(people)]


def _names(people: People) -> Iterator[Feature]:
    for label, feature in (("forename", Forename), ("middle", Middle), ("surname", Surname)):
        columns = people.named(label)
        if columns:
            yield feature(people, "middle names" if label == "middle" else label, columns)


def _particulars(people: People) -> Iterator[Feature]:
    codes = set(people.codes)
    if "dob" in codes:
        yield Birth(people, "date of birth", [column for column in ("dob", "age_group") if column in codes])
    if {"dob", "born_about"} <= codes:
        yield BornAbout(people, "age by children", [c for c in ("dob", "born_about", "age_group") if c in codes])
    if "sex" in codes:
        yield Same(people, "sex", ["sex"])
    if {"street", "dwelling", "uprn"} & codes:
        yield Address(people, "address", [part for part in Address.parts if part in codes])
    elif "postcode" in codes:
        yield Postcode(people, "postcode", ["postcode", "sector", "district"])
    if people.has_kin is not None:
        yield Kin(people, "kin", ["position"])


def _numbers(people: People) -> Iterator[Feature]:
    if people.named("phone"):
        yield Contact(people, "phone", people.named("phone"))
    if people.named("email"):
        has_homes = not {"street", "dwelling", "uprn", "postcode"}.isdisjoint(people.codes)
        yield (Contact if has_homes else Email)(people, "email", people.named("email"))
    for column in people.named("identifier"):
        kind = Exclusive if column in people.exact else Identifier
        yield kind(people, people.called[column], [column])
    for column in people.named("category"):
        yield Text(people, people.called[column], [column])


def levels_of(people: People, features: Sequence[Feature], pairs: Pairs) -> Levels:
    """One uint8 level per packed pair and field (pairs x fields, each field contiguous)."""
    left, right = (side.astype(np.intp) for side in unpack(pairs))
    levels = np.empty((len(features), len(pairs)), np.uint8)
    taken: dict[str, tuple[Codes, Codes]] = {}
    for row, feature in enumerate(features):
        for column in feature.labels_left:
            if column not in taken:
                codes = people.codes[column]
                taken[column] = (codes[left], codes[right])
        columns = [taken[column] for column in feature.labels_left]
        levels[row] = feature.levels([a for a, _ in columns], [b for _, b in columns])
    return levels.T


class Levelled(BaseCompare):  # type: ignore[misc]
    """recordlinkage's Compare on positions: one uint8 level per field and pair, without a frame for each side."""

    def __init__(self, people: People, features: Sequence[Feature]) -> None:
        super().__init__(list(features))
        self._people = people

    def _compute(self, pairs: pd.MultiIndex, _x: pd.DataFrame, _x_link: object = None) -> pd.DataFrame:
        levels = levels_of(self._people, self.features, pack(*pairs.codes))
        return pd.DataFrame(levels, index=pairs, columns=[f.label for f in self.features], copy=False)
