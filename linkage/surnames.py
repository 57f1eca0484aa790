"""Surnames ever used, for telling who in one dwelling is of one family name."""

import pandas as pd

from linkage.connections import connect
from linkage.person_rows import PersonRows
from linkage.spelling import pairs_within, similar

_COLUMNS = ("surname", "preferred_surname", "former_surname", "alias_surname")
_NEAR = 0.74
_SHORTEST = 2


def surnames_used(people: PersonRows) -> pd.DataFrame:
    """One row per person and surname they were ever recorded under: `person`, `surname` in capital letters only.

    Each part of a double surname counts as well, so that Smith-Jones is of a name with Jones.
    """
    rows = people.rows
    parts = []
    for column in _COLUMNS:
        given = pd.DataFrame({"person": rows["person"], "surname": rows[column]}).dropna()
        parts.append(given.drop_duplicates())
    used = pd.concat(parts, ignore_index=True).drop_duplicates()
    codes, distinct = pd.factorize(used["surname"])
    letters = pd.Series(distinct).str.upper().str.normalize("NFKD").str.replace(r"[^A-Z\- ]+", "", regex=True)
    whole = letters.str.replace(r"[\- ]+", "", regex=True).rename("surname")
    halves = letters.str.split(r"[\- ]+", regex=True).explode().rename("surname")
    names = pd.concat([whole, halves]).reset_index().drop_duplicates()
    names = names[(names["surname"].str.len() >= _SHORTEST).fillna(value=False).to_numpy(bool)]
    spread = pd.DataFrame({"index": codes, "person": used["person"].to_numpy()}).merge(names, on="index")
    return (
        spread[["person", "surname"]]
        .drop_duplicates()
        .sort_values(["person", "surname"], kind="stable", ignore_index=True)
    )


def name_groups(stays: pd.DataFrame, used: pd.DataFrame) -> pd.DataFrame:
    """Each stay (by its place) with each family name of its dwelling: `stay`, `name`; near spellings are one name."""
    here = stays[["person", "dwelling"]].reset_index(names="stay").merge(used, on="person")
    names = here[["dwelling", "surname"]].drop_duplicates().sort_values(["dwelling", "surname"], ignore_index=True)
    left, right = pairs_within(names["dwelling"])
    texts = names["surname"].to_numpy(object)
    near = similar(texts[left], texts[right]) >= _NEAR
    names["name"] = connect(len(names), left[near], right[near])
    return here.merge(names, on=["dwelling", "surname"])[["stay", "name"]].drop_duplicates()
