"""Dwellings: which addresses are one front door.

A property reference decides, unless the lines say that it stands for a whole building or for another door; else number
and unit exactly, the street nearly, and the postcode. A missing unit never merges into a building.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from linkage.address_lines import take_apart
from linkage.connections import connect
from linkage.person_rows import ADDRESS, TEXT, Codes
from linkage.ranks import ranked
from schemas import identifiers

STREET_NEAR = 0.74


@dataclass(frozen=True)
class Dwellings:
    """Where records are.

    `of_row`: the dwelling of each record by place, -1 without a usable address. `known`: one row a dwelling, by number:
    `key` (the same text month after month), `uprn`, `postcode`, `number`, `unit`, `street`, `place` (`refuge`, `shared`
    or empty), `vague` (a building without its unit, or a street without its number).
    """

    of_row: Codes
    known: pd.DataFrame


def locate(rows: pd.DataFrame) -> Dwellings:
    """The dwelling of each record from its address columns (`address_line_1`, `address_line_2`, `postcode`, `uprn`)."""
    of_row, addresses = distinct_addresses(rows)
    cells = _read(addresses)
    cells = cells.assign(said=np.bincount(of_row[of_row >= 0], minlength=len(cells)))
    cells["street"] = _one_spelling(cells)
    cells["door"] = _doors(cells)
    cells["dwelling"] = _by_reference(cells)
    known = _known(cells)
    place = pd.Index(known["dwelling"]).get_indexer(pd.Index(cells["dwelling"]))
    return Dwellings(np.where(of_row >= 0, np.append(place, -1)[of_row], -1), known.drop(columns="dwelling"))


def distinct_addresses(rows: pd.DataFrame) -> tuple[Codes, pd.DataFrame]:
    """The place of each row's address among the distinct ones, sorted (-1 where it has none), and those."""
    key = np.zeros(len(rows), np.int64)
    for column in ADDRESS:
        codes, values = pd.factorize(rows[column], sort=True)
        key = pd.factorize(key * (len(values) + 1) + codes + 1, sort=True)[0]
    empty = rows[list(ADDRESS)].isna().all(axis=1).to_numpy(bool)
    codes, _ = pd.factorize(np.where(empty, -1, key), sort=True)
    codes = codes - int(empty.any())
    first = np.unique(codes[codes >= 0], return_index=True)[1]
    return codes, rows.loc[~empty, list(ADDRESS)].iloc[first].reset_index(drop=True)


def _read(addresses: pd.DataFrame) -> pd.DataFrame:
    cells = take_apart(addresses["address_line_1"], addresses["address_line_2"])
    return cells.assign(
        postcode=_once_each(addresses["postcode"], _postcode), uprn=_once_each(addresses["uprn"], _reference)
    ).astype(object)


def _postcode(given: pd.Series) -> pd.Series:
    tidy = identifiers.tidy_postcode(given)
    return tidy.where(identifiers.is_postcode(tidy))


def _reference(given: pd.Series) -> pd.Series:
    tidy = identifiers.tidy_uprn(given)
    return tidy.where(identifiers.is_uprn(tidy))


def _once_each(given: pd.Series, read: Callable[[pd.Series], pd.Series]) -> npt.NDArray[np.object_]:
    """Each distinct value read once; empty text where it is missing or no such thing."""
    codes, values = pd.factorize(given)
    texts = read(pd.Series(values, dtype=TEXT)).fillna("").to_numpy(object)
    return np.append(texts, "")[codes]


def _one_spelling(cells: pd.DataFrame) -> pd.Series:
    """The street as most addresses of its postcode spell it: streets of one postcode that nearly agree are one."""
    streets = cells.groupby(["postcode", "street"], sort=True)["said"].sum().reset_index()
    streets = streets[(streets["postcode"] != "") & (streets["street"] != "")].reset_index(drop=True)
    left, right = pairs_within(streets["postcode"])
    near = similar(streets["street"].to_numpy(object)[left], streets["street"].to_numpy(object)[right]) >= STREET_NEAR
    streets["group"] = connect(len(streets), left[near], right[near])
    chosen = streets.sort_values(["group", "said", "street"], ascending=[True, False, True]).drop_duplicates("group")
    spelling = streets["group"].map(chosen.set_index("group")["street"])
    found = pd.MultiIndex.from_frame(streets[["postcode", "street"]]).get_indexer(
        pd.MultiIndex.from_frame(cells[["postcode", "street"]])
    )
    return pd.Series(np.where(found >= 0, spelling.reindex(found).to_numpy(object), cells["street"]), index=cells.index)


def pairs_within(groups: pd.Series) -> tuple[Codes, Codes]:
    """Every two places that share a group, the lower first."""
    frame = pd.DataFrame({"group": pd.factorize(groups)[0], "place": np.arange(len(groups))})
    sizes = frame.groupby("group")["place"].transform("size")
    frame = frame[sizes > 1]
    both = frame.merge(frame, on="group")
    both = both[both["place_x"] < both["place_y"]]
    return both["place_x"].to_numpy(np.int64), both["place_y"].to_numpy(np.int64)


def similar(left: npt.NDArray[np.object_], right: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """Share of letters that two texts have in common place by place, 0 to 1."""
    if not len(left):
        return np.zeros(0)
    return np.asarray(cpdist(left, right, scorer=Levenshtein.normalized_similarity), dtype=np.float64)


def _doors(cells: pd.DataFrame) -> pd.Series:
    """Text of the front door that the lines and postcode tell; empty where they tell none.

    Of the postcode the sector counts: its last letters are often mistaken, and no sector has two streets of a name. A
    door without a postcode takes the one sector in which its street, number and unit are known.
    """
    placed = ((cells["number"] != "") | (cells["unit"] != "")).to_numpy(bool)
    placed[~placed] = _named(cells[~placed])
    placed &= (cells["street"] != "").to_numpy(bool)
    door = cells["street"] + "|" + cells["number"] + "|" + cells["unit"]
    sector = cells["postcode"].str[:-2]
    full = placed & (sector != "")
    known = pd.DataFrame({"door": door[full], "sector": sector[full]}).drop_duplicates()
    only = known.drop_duplicates("door", keep=False).set_index("door")["sector"]
    sector = sector.where(sector != "", door.map(only).astype(object).fillna(""))
    return (sector + "|" + door).where(placed & (sector != ""), "")


def _named(cells: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """A house with a name instead of a number."""
    named = cells["street"].str.contains(r"\b(?:COTTAGE|HOUSE|LODGE|FARM|HALL|VILLA|BARN)\b", regex=True)
    return np.asarray(named.to_numpy(bool))


def _by_reference(cells: pd.DataFrame) -> pd.Series:
    """Text of each cell's dwelling: its door's property reference, else the door, else the bare reference."""
    building = _building_references(cells)
    reference = cells["uprn"].mask(cells["uprn"].isin(building), cells["uprn"] + "/" + cells["unit"])
    reference = reference.mask(cells["uprn"].isin(building) & (cells["unit"] == ""), "")
    both = (reference != "") & (cells["door"] != "")
    said = cells[both].assign(reference=reference[both]).groupby(["door", "reference"], sort=True)["said"].sum()
    ranked = said.reset_index().sort_values(["said", "reference"], ascending=[False, True], kind="stable")
    of_door = ranked.drop_duplicates("door").set_index("door")["reference"]
    by_door = cells["door"].map(of_door).astype(object).fillna("")
    chosen = by_door.where(by_door != "", reference.where(cells["door"] == "", ""))
    return ("U" + chosen).where(chosen != "", ("D" + cells["door"]).where(cells["door"] != "", _vague(cells)))


def _building_references(cells: pd.DataFrame) -> pd.Index:
    """References under which several units are known, each said more than once or beside another."""
    units = cells[(cells["uprn"] != "") & (cells["unit"] != "")].groupby(["uprn", "unit"])["said"].sum().reset_index()
    several = units[units["said"] > 1].groupby("uprn").size()
    return several.index[several > 1]


def _vague(cells: pd.DataFrame) -> pd.Series:
    """Text of what little the lines tell: a street without its house, or a door without its town."""
    parts = cells["postcode"] + "|" + cells["street"] + "|" + cells["number"] + "|" + cells["unit"]
    return ("V" + parts).where((cells["street"] != "") | (cells["postcode"] != ""), "")


def _known(cells: pd.DataFrame) -> pd.DataFrame:
    """One row a dwelling with the address most often given."""
    told = cells[cells["dwelling"] != ""]
    (dwelling,), (door,), (postcode,) = (ranked(told[name])[0] for name in ("dwelling", "door", "postcode"))
    told = told.iloc[np.lexsort((-postcode, -door, -told["said"].to_numpy(), dwelling))]
    best = told.drop_duplicates("dwelling").reset_index(drop=True)
    place = told[told["place"] != ""].drop_duplicates("dwelling").set_index("dwelling")["place"]
    reference = best["dwelling"].str.extract(r"^U([^/]*)", expand=False).fillna("")
    units = cells[cells["unit"] != ""].drop_duplicates(["postcode", "number", "street", "unit"])
    building = pd.MultiIndex.from_frame(units[["postcode", "number", "street"]])
    unitless = (best["unit"] == "") & pd.MultiIndex.from_frame(best[["postcode", "number", "street"]]).isin(building)
    frame = pd.DataFrame(
        {
            "dwelling": best["dwelling"],
            "key": best["dwelling"],
            "uprn": reference.replace("", None).astype(TEXT),
            "postcode": best["postcode"].replace("", None).astype(TEXT),
            "place": best["dwelling"].map(place).fillna(""),
            "vague": best["dwelling"].str.startswith("V") | (unitless & (reference == "")),
        }
    )
    return frame.join(best[["number", "unit", "street"]])
