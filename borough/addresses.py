"""Addresses as agencies write them: in full or short, on one line or two, with or without the room."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from borough.chance import Flags, Ints, Texts
from borough.town import ELSEWHERE, HMO, HOSTEL, Town

_SHORT = {
    " Road": " Rd", " Street": " St", " Avenue": " Ave", " Close": " Cl", " Drive": " Dr", " Crescent": " Cres",
    " Gardens": " Gdns", " Terrace": " Terr", " Lane": " Ln", " Square": " Sq", " Place": " Pl", " Grove": " Gr",
}  # fmt: skip


@dataclass(frozen=True)
class Address:
    """The address columns of some records."""

    line_1: Texts
    line_2: Texts
    town: Texts
    postcode: Texts
    uprn: Texts


class AddressBook:
    """Every dwelling of the town in each manner of writing."""

    def __init__(self, town: Town) -> None:
        self._town = town
        short = _shortened(town.street)
        self._full = _lines(town, town.street)
        self._brief = _one_line(town, short)
        self._split = _split(town, town.street)

    def write(self, dwellings: Ints, rooms: Ints, manner: NDArray[np.float64]) -> Address:
        """Addresses of these dwellings (-1: none); `manner` in [0, 1) chooses how each is written."""
        place = np.maximum(dwellings, 0)
        town = self._town
        forms = [manner < 0.6, manner < 0.85]
        line_1 = np.select(forms, [self._full[0][place], self._brief[place]], self._split[0][place])
        line_2 = np.select(forms, [self._full[1][place], np.full(len(place), "", dtype=object)], self._split[1][place])
        roomed = np.isin(town.kind[place], (HMO, HOSTEL)) & ((manner * 7919) % 1 < 0.45)
        line_1 = np.where(roomed, "Room " + rooms.astype(str).astype(object) + ", " + line_1, line_1)
        known = dwellings >= 0
        return Address(
            line_1=_where(known, line_1),
            line_2=_where(known, line_2),
            town=_where(known & ((manner * 104_729) % 1 < 0.9), town.place[place]),
            postcode=_where(known, town.postcode[place]),
            uprn=_where(known & (town.kind[place] != ELSEWHERE), town.uprn[place]),
        )


def _where(flags: Flags, texts: Texts) -> Texts:
    return np.where(flags, texts, "").astype(object)


def _shortened(streets: Texts) -> Texts:
    out = pa.array(streets, pa.string())
    for word, brief in _SHORT.items():
        out = pc.replace_substring_regex(out, f"{word}$", brief)
    return np.asarray(out.to_numpy(zero_copy_only=False))


def _door(town: Town, street: Texts) -> Texts:
    """Number and street; only the street where a house has a name instead of a number."""
    return np.where(town.number == "", street, town.number + " " + street).astype(object)


def _named(town: Town) -> Texts:
    """Unit and building together."""
    gap = np.where((town.unit != "") & (town.building != ""), " ", "").astype(object)
    return np.asarray(town.unit + gap + town.building)


def _lines(town: Town, street: Texts) -> tuple[Texts, Texts]:
    door, named = _door(town, street), _named(town)
    joined = named + ", " + door
    flat = (town.unit != "") & (town.building == "")
    first = np.select([named == "", flat], [door, joined], named)
    second = np.where((named == "") | flat, "", door)
    return first.astype(object), second.astype(object)


def _one_line(town: Town, street: Texts) -> Texts:
    door, named = _door(town, street), _named(town)
    return np.where(named == "", door, named + ", " + door).astype(object)


def _split(town: Town, street: Texts) -> tuple[Texts, Texts]:
    """The unit alone on the first line, as some systems keep it."""
    door = _door(town, street)
    rest = np.where(town.building == "", door, town.building + ", " + door)
    whole = town.unit == ""
    return np.where(whole, rest, town.unit).astype(object), np.where(whole, "", rest).astype(object)
