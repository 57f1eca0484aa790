"""Addresses mended from a person's other records, and from those of the people they are tied to.

A flat without its number, a street without its house, a house number with one wrong digit: where a better known address
of the same people fits, the record is taken to mean that one.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from linkage.address_cells import STREET_NEAR
from linkage.dwellings import Dwellings
from linkage.kinship import KIN
from linkage.ranks import Codes
from linkage.runs import Runs
from linkage.spelling import similar

_SOLITARY = 1


def repair(dwellings: Dwellings, people: pd.Series, ties: pd.DataFrame) -> Codes:
    """The dwelling of each record, mended; `people` is the person of each record, `ties` stated ties of persons.

    Mended are vague dwellings, and those that one record alone names without a property reference.
    """
    of_row = dwellings.of_row.copy()
    records = np.bincount(of_row[of_row >= 0], minlength=len(dwellings.known))
    referenced = dwellings.known["uprn"].notna().to_numpy()
    weak = dwellings.known["vague"].to_numpy(bool) | ((records <= _SOLITARY) & ~referenced)
    rows = np.flatnonzero(np.append(weak, False)[of_row])
    wanted = pd.DataFrame({"row": rows, "person": people.to_numpy()[rows], "weak": of_row[rows]})
    offers = _offers(people.to_numpy(), of_row, weak, ties)
    pairs = wanted.merge(offers, on="person")
    pairs = pairs[_fits(dwellings.known, pairs["weak"].to_numpy(), pairs["dwelling"].to_numpy())]
    pairs = pairs.assign(records=records[pairs["dwelling"]])
    best = pairs.sort_values(["row", "own", "records", "dwelling"], ascending=[True, False, False, True], kind="stable")
    best = best.drop_duplicates("row")
    of_row[best["row"].to_numpy()] = best["dwelling"].to_numpy()
    return of_row


def _offers(people: Codes, of_row: Codes, weak: npt.NDArray[np.bool_], ties: pd.DataFrame) -> pd.DataFrame:
    """Better known dwellings of each person and of those tied to them."""
    firm = (of_row >= 0) & ~np.append(weak, False)[of_row]
    own = pd.DataFrame({"person": people[firm], "dwelling": of_row[firm]}).drop_duplicates()
    kin = ties.loc[ties["tie"].isin(KIN).to_numpy(), ["left", "right"]]
    ways = np.concatenate([kin.to_numpy(), kin.to_numpy()[:, ::-1]])
    of_kin = pd.DataFrame(ways, columns=["of", "person"]).merge(own.rename(columns={"person": "of"}), on="of")
    offers = pd.concat([own.assign(own=True), of_kin[["person", "dwelling"]].assign(own=False)], ignore_index=True)
    person, dwelling, is_own = (offers[name].to_numpy() for name in ("person", "dwelling", "own"))
    runs = Runs.of(person, dwelling)
    return pd.DataFrame({"person": runs.first(person), "dwelling": runs.first(dwelling), "own": runs.most(is_own)})


def _fits(known: pd.DataFrame, weak: Codes, firm: Codes) -> npt.NDArray[np.bool_]:
    """Whether the weak address may be the firm one: street and postcode near, number and unit within one slip."""
    if not len(weak):
        return np.zeros(0, bool)
    left, right = known.iloc[weak], known.iloc[firm]
    street = (left["street"] == "").to_numpy() | (
        similar(left["street"].to_numpy(object), right["street"].to_numpy(object)) >= STREET_NEAR
    )
    postcode = _near(left["postcode"], right["postcode"], 1)
    number, unit = _near(left["number"], right["number"], 1), _near(left["unit"], right["unit"], 1)
    same_number = left["number"].to_numpy(object) == right["number"].to_numpy(object)
    # One slip is forgiven once: a neighbour's number with another unit is another door.
    once = same_number | (left["unit"].to_numpy(object) == right["unit"].to_numpy(object))
    some = (left["number"] != "").to_numpy() | left["postcode"].notna().to_numpy()
    return np.asarray(street & postcode & number & unit & once & some, dtype=bool)


def _near(left: pd.Series, right: pd.Series, slips: int) -> npt.NDArray[np.bool_]:
    """Missing on the left, or equal but for so many slips."""
    one, other = left.fillna("").to_numpy(object), right.fillna("").to_numpy(object)
    distance = cpdist(one, other, scorer=OSA.distance)
    return np.asarray((one == "") | (distance <= slips), dtype=bool)
