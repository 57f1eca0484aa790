"""Dwellings: which addresses are one front door.

A property reference decides, unless the lines say that it stands for a whole building or for another door; else number
and unit exactly, the street nearly, and the postcode. A missing unit never merges into a building.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.address_cells import Cells, most_said, numbered, read
from linkage.person_rows import TEXT
from linkage.ranks import Codes, ranked
from linkage.runs import Runs

_HOUSE_NAME = r"\b(?:COTTAGE|HOUSE|LODGE|FARM|HALL|VILLA|BARN)\b"


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
    of_row, cells = read(rows)
    cells = _with_doors(cells)
    dwelling, keys = _by_reference(cells)
    known = _known(cells, dwelling, keys)
    return Dwellings(np.where(of_row >= 0, np.append(dwelling, -1)[of_row], -1), known)


def _with_doors(read_cells: Cells) -> Cells:
    """The cells with `door`: the front door that the lines and postcode tell, 0 where they tell none.

    Of the postcode the sector counts: its last letters are often mistaken, and no sector has two streets of a name. A
    door without a postcode takes the one sector in which its street, number and unit are known.
    """
    cells, texts = read_cells.cells, read_cells.texts
    named = texts["street"].str.contains(_HOUSE_NAME, regex=True).to_numpy(bool)
    numbers = ((cells["number"] != 0) | (cells["unit"] != 0)).to_numpy(bool)
    placed = (numbers | named[cells["street"]]) & (cells["street"] != 0).to_numpy(bool)
    parts = [cells[name].to_numpy() for name in ("street", "number", "unit")]
    sector, sectors = numbered(texts["postcode"].str[:-2], cells["postcode"].to_numpy())
    sector = _only_sector(Runs.of(*parts).of_each, sector, placed)
    rows = np.flatnonzero(placed & (sector != 0))
    doors = Runs.of(sector[rows], *(part[rows] for part in parts))
    words = [sectors, *(texts[name] for name in ("street", "number", "unit"))]
    told = [words_of.iloc[doors.first(part[rows])] for words_of, part in zip(words, (sector, *parts), strict=True)]
    door = np.zeros(len(cells), np.int64)
    door[rows], door_texts = numbered(_joined(*told), doors.of_each)
    return Cells(cells.assign(door=door), texts | {"door": door_texts})


def _only_sector(door: Codes, sector: Codes, placed: npt.NDArray[np.bool_]) -> Codes:
    """The sectors (0: none), where a door without one takes the only one in which it is known."""
    full = np.flatnonzero(placed & (sector != 0))
    known = Runs.of(door[full], sector[full])
    of_door = known.first(door[full])
    only = ~pd.Series(of_door).duplicated(keep=False).to_numpy()
    taken = np.zeros(int(door.max(initial=-1)) + 1, np.int64)
    taken[of_door[only]] = known.first(sector[full])[only]
    return np.where(sector != 0, sector, taken[door])


def _joined(*columns: pd.Series) -> pd.Series:
    """The texts of each row in one, with bars between them."""
    text = pa.large_string()
    joined = pc.binary_join_element_wise(*(pa.array(column, text) for column in columns), pa.scalar("|", text))
    return pd.Series(pd.array(joined, dtype=TEXT))


def _by_reference(read_cells: Cells) -> tuple[Codes, pd.Series]:
    """The dwelling of each cell, by its door's property reference, else by the door, else by the bare reference.

    With it the dwellings' texts, sorted, to which the numbers point; -1 is an address that tells no place.
    """
    cells, texts = read_cells.cells, read_cells.texts
    reference, references = _references(read_cells)
    door = cells["door"].to_numpy()
    of_door = _most_said(door, reference, cells["said"].to_numpy(), len(texts["door"]))
    chosen = np.where(of_door[door] != 0, of_door[door], np.where(door == 0, reference, 0))
    street, postcode = cells["street"].to_numpy(), cells["postcode"].to_numpy()
    parts = ("postcode", "street", "number", "unit")
    # What little the lines tell: a street without its house, or a door without its town.
    vague = np.flatnonzero((chosen == 0) & (door == 0) & ((street != 0) | (postcode != 0)))
    places = Runs.of(*(cells[name].to_numpy()[vague] for name in parts))
    words = _joined(*(texts[name].iloc[cells[name].to_numpy()[vague[places.firsts]]] for name in parts))
    number = np.where(chosen != 0, chosen, np.where(door != 0, len(references) + door, -1))
    number[vague] = len(references) + len(texts["door"]) + places.of_each
    all_texts = pd.concat(["U" + references, "D" + texts["door"], "V" + words], ignore_index=True)
    used, of_cell = np.unique(number[number >= 0], return_inverse=True)
    (rank,), keys = ranked(all_texts.iloc[used])
    number[number >= 0] = rank[of_cell]
    return number, keys


def _references(read_cells: Cells) -> tuple[Codes, pd.Series]:
    """The property reference of each cell's own door, 0 without one, and the texts of references.

    One under which several units are known, each said more than once or beside another, is a building's: it tells a
    door with its unit only.
    """
    cells, texts = read_cells.cells, read_cells.texts
    uprn, unit, said = (cells[name].to_numpy() for name in ("uprn", "unit", "said"))
    rows = np.flatnonzero((uprn != 0) & (unit != 0))
    units = Runs.of(uprn[rows], unit[rows])
    of_unit = units.first(uprn[rows])
    several = np.bincount(of_unit[units.total(said[rows]) > 1], minlength=len(texts["uprn"])) > 1
    doors = texts["uprn"].iloc[of_unit] + "/" + texts["unit"].iloc[units.first(unit[rows])].array
    (whole, with_unit), references = ranked(texts["uprn"], doors)
    own = np.zeros(len(cells), np.int64)
    own[rows] = with_unit[units.of_each]
    return np.where(several[uprn], own, whole[uprn]), references


def _most_said(door: Codes, reference: Codes, said: Codes, size: int) -> Codes:
    """The reference that most records give with each of so many doors, the lesser of two; 0 where none does."""
    rows = np.flatnonzero((door != 0) & (reference != 0))
    both = Runs.of(door[rows], reference[rows])
    return most_said(both.first(door[rows]), both.first(reference[rows]), both.total(said[rows]), size)


def _known(read_cells: Cells, dwelling: Codes, keys: pd.Series) -> pd.DataFrame:
    """One row a dwelling with the address most often given."""
    texts = read_cells.texts
    told = read_cells.cells.assign(dwelling=dwelling)[dwelling >= 0]
    told = told.iloc[np.lexsort((-told["postcode"], -told["door"], -told["said"], told["dwelling"]))]
    best = told.drop_duplicates("dwelling").reset_index(drop=True)
    place = np.zeros(len(best), np.int64)
    placed = told[(told["place"] != 0).to_numpy()].drop_duplicates("dwelling")
    place[placed["dwelling"]] = placed["place"]
    references = pc.extract_regex(pa.array(keys, pa.large_string()), r"^U(?P<uprn>[^/]*)")
    reference = pd.array(pc.struct_field(references, "uprn"), dtype=TEXT)
    unitless = (best["unit"] == 0).to_numpy() & _has_units(best, read_cells.cells)
    words = {name: texts[name].iloc[best[name]].to_numpy(object) for name in ("number", "unit", "street")}
    return pd.DataFrame(
        {
            "key": keys.array,
            "uprn": reference,
            "postcode": texts["postcode"].replace("", None).iloc[best["postcode"]].array,
            "place": texts["place"].iloc[place].to_numpy(object),
            "vague": keys.str.startswith("V").to_numpy(bool) | (unitless & pd.isna(reference)),
            **words,
        }
    )


def _has_units(best: pd.DataFrame, cells: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Of each dwelling whether its postcode, number and street are known with some unit, so are a building's."""
    both = pd.concat([best, cells], ignore_index=True)
    doors = Runs.of(*(both[name].to_numpy() for name in ("postcode", "number", "street")))
    with_unit = (both["unit"] != 0).to_numpy() & (np.arange(len(both)) >= len(best))
    return np.asarray(doors.most(with_unit)[doors.of_each][: len(best)])
