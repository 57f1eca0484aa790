"""When somebody must have been born to be the parent or grandparent whom a record makes of them.

A school contact mostly has no birth date; of whom it is a parent tells nearly as much. The bounds are of nature, not of
what is common: a claimant of the same name who would have borne the child at 55 is somebody else.
"""

import numpy as np
import pandas as pd

from linkage.mention_ids import mention_ids
from linkage.person_rows import TEXT, Tables

# Whole years between a birth and that of the child: the least and the most there can be, by who is whose.
_MOTHER, _PARENT, _GRANDPARENT = (12, 50), (12, 80), (26, 110)
_YEARS = {"mother": _MOTHER, "father": _PARENT, "parent": _PARENT, "grandparent": _GRANDPARENT}
_EPOCH = 1970
_YEAR = 365.25
# How old parents are when a child is born, on average (ONS, births by parents' characteristics, England and Wales 2021:
# mothers 30.9 years, fathers 33.7; a little less of the children of ten years before).
_USUAL = {"mother": 30, "father": 33, "parent": 31}


def birth_bounds(tables: Tables) -> pd.DataFrame:
    """One row for each mention of a stated parent or grandparent of a child whose birth is known.

    `id` is the mention's, `born_from` the first day on which its person can have been born, and `born_until` the first
    that is too late; of several children all count. Stepparents and carers may be of any age. `tables` are the held
    feed tables.
    """
    told = _stated(tables)
    years = pd.DataFrame([_YEARS[each] for each in told["tie"]], columns=["least", "most"], index=told.index)
    year = told["born"].dt.year
    told = told.assign(born_from=_first_day(year - years["most"]), born_until=_first_day(year - years["least"] + 1))
    by_person = told.groupby("id", sort=True)
    return by_person.agg(born_from=("born_from", "max"), born_until=("born_until", "min")).reset_index()


def born_about(tables: Tables) -> pd.DataFrame:
    """One row for each mention of a stated parent of a child whose birth is known: `id` and `born_about`, a day.

    It is the usual age of mothers, fathers or parents before the mean of the children's births. `tables` are the held
    feed tables.
    """
    told = _stated(tables)
    told = told[told["tie"].isin(list(_USUAL)).to_numpy(bool)]
    usual = pd.to_timedelta(told["tie"].map(_USUAL).to_numpy(float) * _YEAR, unit="D")
    about = (told["born"] - usual).groupby(told["id"], sort=True).mean().dt.floor("D").astype("datetime64[us]")
    return about.rename("born_about").reset_index()


def _first_day(years: pd.Series) -> pd.Series:
    since = years.to_numpy(np.int64) - _EPOCH
    return pd.Series(since.astype("datetime64[Y]").astype("datetime64[us]"), index=years.index)


def _stated(tables: Tables) -> pd.DataFrame:
    """Mentions (`id`) with a `tie` to a child whose birth is known, when it was `born`."""
    return pd.concat([_contacts(tables), _relatives(tables)], ignore_index=True).dropna()


def _contacts(tables: Tables) -> pd.DataFrame:
    contacts, pupils = tables["school", "contacts"], tables["school", "pupils"]
    born = pupils.drop_duplicates("pupil_id").set_index("pupil_id")["date_of_birth"]
    tie = contacts["relationship"].where(contacts["relationship"].isin(list(_YEARS)))
    return _told(mention_ids("school", "contacts", contacts["source_id"]), tie, contacts["pupil_id"].map(born))


def _relatives(tables: Tables) -> pd.DataFrame:
    people, related = tables["mash", "people"], tables["mash", "relationships"]
    known = people.drop_duplicates("mash_id").set_index("mash_id")
    word = related["relationship"]
    elder = related["related_mash_id"].where(word.ne("child"), related["mash_id"])
    child = related["mash_id"].where(word.ne("child"), related["related_mash_id"])
    tie = word.replace("child", "parent")
    mother = (tie.eq("parent") & elder.map(known["sex"]).eq("F")).fillna(value=False)
    tie = tie.where(tie.isin(list(_YEARS))).mask(mother, "mother")
    return _told(mention_ids("mash", "people", elder), tie, child.map(known["date_of_birth"]))


def _told(ids: pd.Series, tie: pd.Series, born: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"id": ids.array, "tie": tie.astype(TEXT).array, "born": born.astype("datetime64[us]").array})
