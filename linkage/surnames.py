"""Surnames ever used, for telling who in one dwelling is of one family name."""

import numpy as np
import pandas as pd

from linkage.connections import connect
from linkage.person_rows import PersonRows
from linkage.ranks import ranked
from linkage.runs import Runs
from linkage.spelling import pairs_within, similar

_COLUMNS = ("surname", "preferred_surname", "former_surname", "alias_surname")
NEAR = 0.74
_SHORTEST = 2


def surnames_used(people: PersonRows) -> pd.DataFrame:
    """One row per person and surname they were ever recorded under: `person`, `surname` in capital letters only.

    Each part of a double surname counts as well, so that Smith-Jones is of a name with Jones. `surname` is a category,
    for many people share a few names.
    """
    written, distinct = ranked(*(people.rows[column] for column in _COLUMNS))
    person, name = np.tile(people.rows["person"].to_numpy(), len(_COLUMNS)), np.concatenate(written)
    used = Runs.of(person[name >= 0], name[name >= 0])
    person, name = used.first(person[name >= 0]), used.first(name[name >= 0])
    parts, surnames = _parts(distinct)
    spread = pd.DataFrame({"written": name, "person": person}).merge(parts, on="written")
    person, code = spread["person"].to_numpy(), spread["surname"].to_numpy()
    once = Runs.of(person, code)
    surname = pd.Categorical.from_codes(once.first(code).tolist(), categories=pd.Index(surnames))
    return pd.DataFrame({"person": once.first(person), "surname": surname})


def _parts(written: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Each name as written (by place), with the place of each surname that it tells among the surnames, sorted."""
    letters = written.str.upper().str.normalize("NFKD").str.replace(r"[^A-Z\- ]+", "", regex=True)
    whole = letters.str.replace(r"[\- ]+", "", regex=True)
    halves = letters.str.split(r"[\- ]+", regex=True).explode()
    names = pd.concat([whole, halves])
    names = names[(names.str.len() >= _SHORTEST).fillna(value=False).to_numpy(bool)]
    (code,), surnames = ranked(names)
    return pd.DataFrame({"written": names.index, "surname": code}).drop_duplicates(), surnames


def name_groups(stays: pd.DataFrame, used: pd.DataFrame) -> pd.DataFrame:
    """Each stay (by its place) with each family name of its dwelling: `stay`, `name`; near spellings are one name."""
    here = stays[["person", "dwelling"]].reset_index(names="stay").merge(used, on="person")
    dwelling, surname = here["dwelling"].to_numpy(), here["surname"].cat.codes.to_numpy()
    names = Runs.of(dwelling, surname)
    left, right = pairs_within(pd.Series(names.first(dwelling)))
    texts = used["surname"].cat.categories.to_numpy(object)[names.first(surname)]
    near = similar(texts[left], texts[right]) >= NEAR
    name = connect(len(names), left[near], right[near])[names.of_each]
    return pd.DataFrame({"stay": here["stay"], "name": name}).drop_duplicates()
