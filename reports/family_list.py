"""The list of identified families: one row a family in rank order, with its members and needs beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

PROTECTED = "protected"

LIST_HEADINGS = {
    "rank": "Rank",
    "family_id": "Family",
    "surnames": "Surnames",
    "adults": "Adults",
    "children": "Children",
    "ward": "Ward",
    "needs_met": "Needs met",
    "headlines": "Headlines",
    "change": "Change",
    "first_identified": "First identified",
    "oldest_data": "Oldest data",
    "reason": "Why",
}


@dataclass(frozen=True)
class FamilyList:
    """A month's list: the families, their members and the needs they meet, each in list order."""

    month: str
    programme: str
    families: pd.DataFrame
    members: pd.DataFrame
    needs: pd.DataFrame

    def __repr__(self) -> str:
        """Counts only: the frames hold names."""
        return f"FamilyList({self.month}, {len(self.families)} families)"


def compile_list(month: str, tables: Mapping[str, pd.DataFrame]) -> FamilyList:
    """The list of a published month from its tables `cohort families family_members persons needs`."""
    cohort = tables["cohort"]
    identified = cohort[cohort["is_identified"].fillna(value=False)].sort_values(["rank", "family_id"])
    chosen = identified[["rank", "family_id", "needs_met", "change", "first_identified", "reason"]]
    members = _members(tables, chosen)
    needs = _needs(tables["needs"], chosen)
    families = chosen.merge(
        tables["families"][["family_id", "adults", "children", "ward", "protected"]], on="family_id"
    )
    families = families.merge(_surnames(members), on="family_id", how="left").merge(
        _known(needs), on="family_id", how="left"
    )
    # A protected family's ward says where to look for it.
    families["ward"] = families["ward"].mask(families["protected"].fillna(value=False), PROTECTED)
    programme = str(cohort["programme"].iloc[0]) if len(cohort) else ""
    return FamilyList(month, programme, families[list(LIST_HEADINGS)].reset_index(drop=True), members, needs)


def _members(tables: Mapping[str, pd.DataFrame], chosen: pd.DataFrame) -> pd.DataFrame:
    persons = tables["persons"][["person_id", "forename", "surname", "date_of_birth", "sex"]]
    members = (
        chosen[["rank", "family_id"]].merge(tables["family_members"], on="family_id").merge(persons, on="person_id")
    )
    ordered = members.sort_values(["rank", "role", "date_of_birth", "person_id"], key=_adults_first)
    return ordered[["rank", "family_id", "person_id", "role", "forename", "surname", "date_of_birth", "sex", "basis"]]


def _adults_first(column: pd.Series) -> pd.Series:
    order = {"parent": 0, "adult": 1, "child": 2}
    return column.map(order) if column.name == "role" else column


def _surnames(members: pd.DataFrame) -> pd.DataFrame:
    """The surnames of each family, the commonest first; agencies that write in capitals do not make a second one."""
    named = members.dropna(subset=["surname"])
    named = named.assign(shown=named["surname"].map(_shown), folded=named["surname"].str.casefold())
    counts = named.groupby(["family_id", "folded"], sort=True)["shown"].agg(["size", "max"]).reset_index()
    ordered = counts.sort_values(["family_id", "size", "max"], ascending=[True, False, True])
    return ordered.groupby("family_id")["max"].agg(" / ".join).rename("surnames").reset_index()


def _shown(surname: str) -> str:
    return surname.title() if surname.isupper() else surname


def _needs(needs: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    met = chosen[["rank", "family_id"]].merge(needs[needs["state"].eq("met")], on="family_id")
    return met.sort_values(["rank", "criterion_id"]).drop(columns=["evidence", "state"])


def _known(met: pd.DataFrame) -> pd.DataFrame:
    grouped = met.groupby("family_id")
    headlines = grouped["headline"].agg(lambda names: ", ".join(dict.fromkeys(names))).rename("headlines")
    oldest = grouped["extract_on"].min().rename("oldest_data")
    return pd.concat([headlines, oldest], axis=1).reset_index()
