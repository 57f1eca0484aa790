"""Children looked after by the council: who cares for them shares their household and not their family."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.person_rows import PersonRows, Tables

FOSTER = "foster"


def spells(people: PersonRows, tables: Tables, as_of: pd.Timestamp) -> pd.DataFrame:
    """Spells of being looked after that had `begun` by the day, by `person`; `ended` is missing while one goes on."""
    episodes = tables["mash", "episodes"]
    mine = episodes[((episodes["kind"] == "looked_after") & (episodes["started_on"] <= as_of)).to_numpy(bool)]
    person = people.of("mash", "people", mine["mash_id"])
    ended = mine["ended_on"].where(mine["ended_on"] <= as_of)
    told = pd.DataFrame({"person": person, "begun": mine["started_on"], "ended": ended})
    return told[(person >= 0)].reset_index(drop=True)


def looked_after(people: PersonRows, tables: Tables, as_of: pd.Timestamp) -> npt.NDArray[np.bool_]:
    """Of each person, whether a spell of being looked after is open on the day."""
    care = spells(people, tables, as_of)
    found = np.zeros(len(people.ids), bool)
    found[care.loc[care["ended"].isna().to_numpy(), "person"]] = True
    return found


def with_carers(ties: pd.DataFrame, in_care: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The ties, where a school's carer of a child in care fosters it.

    Whoever cares for any other child is kin: a school has no word for an aunt.
    """
    of_child = in_care[ties["right"]]
    fosters = of_child & ((ties["tie"] == "carer") & (ties["said_by"] == "school")).to_numpy(bool)
    return ties.assign(tie=ties["tie"].mask(fosters, FOSTER))


def where_at_home(ties: pd.DataFrame, in_care: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The ties that may tell where somebody lives: of a child in care those alone of which a school says so.

    Such a child has been taken from its home, so that the addresses of its parents, brothers and sisters are not its
    own; whoever fosters it is stated by a school, and so is a parent with whom it has been placed.
    """
    away = (in_care[ties["left"]] | in_care[ties["right"]]) & ties["lives"].isna().to_numpy(bool)
    return pd.DataFrame(ties[~away])
