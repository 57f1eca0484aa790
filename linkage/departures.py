"""Children who have left a school's roll and are on no other: they live elsewhere now."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.enrolment import is_previous
from linkage.person_rows import TRUST, PersonRows, Tables

_SCHOOL_AGE_ENDS = 16
# A child who changes school is on no roll for some weeks, and in the summer until September.
_BETWEEN_SCHOOLS = pd.DateOffset(months=1)
_SUMMER = (7, 8)


@dataclass(frozen=True)
class Departed:
    """`rows`: whether each record tells only of a home that was left; `people`: who has no home here."""

    rows: npt.NDArray[np.bool_]
    people: npt.NDArray[np.bool_]


def departed(people: PersonRows, tables: Tables, confirmed: pd.Series, as_of: pd.Timestamp) -> Departed:
    """Records of children who left, and of their contacts, that are no newer than the leaving.

    A child under 16 must be at some school: one who is on no roll for a month of term has most likely left, and is not
    back because of a later birthday. `confirmed` is the day on which each record's address was last surely believed.
    """
    pupils = tables["school", "pupils"]
    leaving, person = _leaving(pupils), people.of("school", "pupils", pupils["source_id"])
    born = pupils["date_of_birth"]
    staying = np.isin(person, person[leaving.isna().to_numpy()])
    # Whoever was on several rolls has left when the last of them was left.
    missed = (_from_term(leaving) + _BETWEEN_SCHOOLS).groupby(person).transform("max")
    young = (born.isna() | (born + pd.DateOffset(years=_SCHOOL_AGE_ENDS) > missed)).to_numpy(bool)
    gone = (missed <= as_of).to_numpy(bool) & young & ~staying & (person >= 0)
    of_contact = _of_contacts(people.rows, set(pupils["source_id"][gone]))
    left_on = pd.Series(leaving[gone].to_numpy(), index=person[gone]).groupby(level=0).max()
    rows = of_contact | _until(people.rows, left_on, confirmed)
    without = np.zeros(len(people.ids), bool)
    without[left_on.index.to_numpy(np.int64)] = True
    without[people.rows["person"].to_numpy()[~rows]] = False
    return Departed(rows, without)


def _until(rows: pd.DataFrame, left_on: pd.Series, confirmed: pd.Series) -> npt.NDArray[np.bool_]:
    last_seen = rows["person"].map(left_on)
    return np.asarray((last_seen.notna() & ~(confirmed > last_seen)).to_numpy(bool))


def _of_contacts(rows: pd.DataFrame, pupil_ids: set[str]) -> npt.NDArray[np.bool_]:
    contacts = (rows["trust"] == TRUST["school", "contacts"]).to_numpy()
    pupil = rows["source_id"].str.replace(r"^.*\|", "", regex=True)
    return np.asarray(contacts & pupil.isin(list(pupil_ids)).to_numpy(bool))


def _from_term(leaving: pd.Series) -> pd.Series:
    """The days, those of the summer as the last of August."""
    summer = leaving.dt.month.isin(_SUMMER)
    return leaving.mask(summer, pd.to_datetime({"year": leaving.dt.year, "month": 8, "day": 31}))


def _leaving(pupils: pd.DataFrame) -> pd.Series:
    """The day on which each pupil left; missing while they are on the roll."""
    previous = is_previous(pupils)
    return pupils["left_on"].where(previous | pupils["left_on"].notna()).fillna(pupils["entry_on"].where(previous))
