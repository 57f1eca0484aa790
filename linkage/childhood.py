"""Who is a child on a day, as far as the records tell."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.person_rows import TRUST, PersonRows, Tables

ADULT_AT = 18


@dataclass(frozen=True)
class Rules:
    """Who makes a family: a child is `dependent_until` that birthday; `expectant` parents count, or do not."""

    dependent_until: int = ADULT_AT
    expectant: bool = False


@dataclass(frozen=True)
class Ages:
    """Per person: `years` on the day (NaN: birth unknown), `child`, `adult`, `unborn`; none of them is unknown."""

    years: npt.NDArray[np.float64]
    child: npt.NDArray[np.bool_]
    adult: npt.NDArray[np.bool_]
    unborn: npt.NDArray[np.bool_]

    def is_dependent_child(self) -> pd.Series:
        """Yes, no, or missing where nothing tells."""
        told = pd.Series(self.child, dtype="boolean")
        return told.mask(~(self.child | self.adult | self.unborn))


def ages(
    people: PersonRows, births: pd.Series, tables: Tables, as_of: pd.Timestamp, *, grown_at: int = ADULT_AT
) -> Ages:
    """Ages on `as_of`; `births` is the date of birth by place in `people.ids`.

    A child is under 18 (`grown_at`), a birthday counting on the day. A pupil of unknown birth is a child, and so are
    whoever was referred to the safeguarding hub or is in its care, and a baby whose expected day has passed; a claimant
    or a school's contact of unknown birth (save a sibling) is an adult.
    """
    rows, size = people.rows, len(people.ids)
    expected = rows.groupby("person")["expected_date_of_birth"].max().reindex(range(size))
    awaited = births.isna().to_numpy() & expected.notna().to_numpy()
    unborn = awaited & (expected > as_of).to_numpy()
    born = births.where(~(awaited & ~unborn), expected)
    years = _years(born, as_of)
    unknown = np.isnan(years) & ~unborn
    pupil = _appears_in(rows, size, ("school", "pupils"))
    grown = (
        _appears_in(rows, size, ("jobcentre", "claimants")) | _appears_in(rows, size, ("school", "contacts"))
    ) & ~pupil
    child = np.where(unknown, pupil | (_referred(people, tables) & ~grown), years < grown_at)
    return Ages(years, child & ~unborn, np.where(unknown, grown, years >= grown_at) & ~unborn, unborn)


def _years(born: pd.Series, as_of: pd.Timestamp) -> npt.NDArray[np.float64]:
    """Whole birthdays passed, with the share of a year since the last one."""
    days = pd.to_datetime(born)
    months = (as_of.year - days.dt.year) * 12 + as_of.month - days.dt.month - (days.dt.day > as_of.day)
    return np.asarray(np.floor(months.to_numpy(np.float64, na_value=np.nan) / 12))


def _referred(people: PersonRows, tables: Tables) -> npt.NDArray[np.bool_]:
    """Who has a referral or an episode with the safeguarding hub, which opens them for children alone."""
    ids = pd.concat([tables["mash", "referrals"]["mash_id"], tables["mash", "episodes"]["mash_id"]])
    person = people.of("mash", "people", ids.drop_duplicates())
    there = np.zeros(len(people.ids), bool)
    there[person[person >= 0]] = True
    return there


def _appears_in(rows: pd.DataFrame, size: int, table: tuple[str, str]) -> npt.NDArray[np.bool_]:
    there = np.zeros(size, bool)
    there[rows["person"].to_numpy()[(rows["trust"] == TRUST[table]).to_numpy()]] = True
    return there
