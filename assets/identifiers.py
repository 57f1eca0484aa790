"""Identifiers that people may hold only one of, counted over a month's persons."""

from collections.abc import Mapping

import pandas as pd

from schemas.identifiers import is_temporary_upn

Tables = Mapping[tuple[str, str], pd.DataFrame]

_UPN = {("school", "pupils"), ("mash", "people"), ("nominations", "nominations")}
_NINO = {("jobcentre", "claimants"), ("nominations", "nominations")}
_NHS = {("mash", "people"), ("nominations", "nominations")}


def shared_identifiers(held: Tables, person_records: pd.DataFrame) -> dict[str, int]:
    """How many persons hold more than one UPN, NINO or NHS number, and how many `never_link` pairs are one person.

    A UPN that another record of the person calls its former one, or that is temporary, is not a second one.
    """
    return {
        "upn": _many(_upns(held, person_records)),
        "nino": _many(_values(held, person_records, _NINO, "nino")),
        "nhs_number": _many(_values(held, person_records, _NHS, "nhs_number")),
        "never_link": _joined(held[("mash", "never_link")], person_records),
    }


def _many(values: pd.DataFrame) -> int:
    return int(values.groupby("person_id")["value"].nunique().gt(1).sum())


def _upns(held: Tables, person_records: pd.DataFrame) -> pd.DataFrame:
    current = _values(held, person_records, _UPN, "upn")
    former = _values(held, person_records, {("school", "pupils")}, "former_upn")
    explained = pd.MultiIndex.from_frame(former[["person_id", "value"]])
    superseded = pd.MultiIndex.from_frame(current[["person_id", "value"]]).isin(explained)
    return current[~superseded & ~is_temporary_upn(current["value"])]


def _values(held: Tables, person_records: pd.DataFrame, keys: set[tuple[str, str]], column: str) -> pd.DataFrame:
    parts = [
        held[key][["source_id", column]]
        .dropna()
        .assign(feed=key[0], table_name=key[1])
        .rename(columns={column: "value"})
        for key in sorted(keys)
    ]
    return pd.concat(parts).merge(person_records, on=["feed", "table_name", "source_id"])


def _joined(never: pd.DataFrame, person_records: pd.DataFrame) -> int:
    people = person_records[["feed", "table_name", "source_id", "person_id"]]
    ours = people[people["feed"].eq("mash")].rename(columns={"source_id": "mash_id", "person_id": "ours"})
    theirs = people.rename(columns={"feed": "other_feed", "source_id": "other_id", "person_id": "theirs"})
    pairs = never.merge(ours[["mash_id", "ours"]], on="mash_id").merge(theirs, on=["other_feed", "other_id"])
    named = pairs["other_table"].isna() | pairs["other_table"].eq(pairs["table_name"])
    return int((named & pairs["ours"].eq(pairs["theirs"])).sum())
