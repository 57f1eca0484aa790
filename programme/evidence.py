"""The evidence pack of a claim: all that an auditor needs in years to come, in one file that stands by itself.

What was judged and by which rules, from which rows of which delivered file, which match decisions join the people, who
decided, and in which run. Ids and counts, no names: the files under their hashes hold those.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from programme import describe
from programme.profile import Profile

PACK_VERSION = 2


@dataclass(frozen=True)
class Published:
    """The published month that a pack is made from: frames of `schemas.published` by table name.

    `deliveries` may hold those of earlier months too, for evidence rests on files of any month.
    """

    tables: Mapping[str, pd.DataFrame] = field(repr=False)

    def of(self, table: str, **where: object) -> pd.DataFrame:
        """The rows of a table that hold these values; a list holds any of its own."""
        frame = self.tables[table]
        for column, wanted in where.items():
            values = wanted if isinstance(wanted, list) else [wanted]
            frame = frame[frame[column].isin(values)]
        return frame


@dataclass(frozen=True)
class Said:
    """What people decided: of pairs of records, of who lives together, of who belongs to a family.

    Frames of `schemas.casebook`: CasebookDecision, HouseholdDecision, FamilyConfirmation.
    """

    pairs: pd.DataFrame = field(repr=False)
    homes: pd.DataFrame = field(repr=False)
    members: pd.DataFrame = field(repr=False)

    def about(
        self, records: Collection[tuple[str, str, str]], family: str, people: Collection[str]
    ) -> dict[str, pd.DataFrame]:
        """The decisions that concern these records, this family or these people."""
        pairs, homes, members = self.pairs, self.homes, self.members
        both = homes["left_person_id"].isin(people) | homes["right_person_id"].isin(people)
        own = members["family_id"].eq(family) | members["person_id"].isin(people)
        return {
            # A reason is free text and may name people; the casebook keeps it.
            "pairs": pairs[_among(pairs, "left", records) | _among(pairs, "right", records)].drop(columns="reason"),
            "homes": homes[both],
            "members": members[own],
        }


def _among(pairs: pd.DataFrame, side: str, records: Collection[tuple[str, str, str]]) -> pd.Series:
    """Whether the record on this side of each pair is one of these."""
    keys = pairs[[f"{side}_feed", f"{side}_table", f"{side}_id"]].itertuples(index=False, name=None)
    return pd.Series([key in records for key in keys], index=pairs.index, dtype=bool)


def pack(
    claim_id: str,
    profile: Profile,
    month: Published,
    *,
    decisions: pd.DataFrame | None = None,
    said: Said | None = None,
) -> dict[str, Any]:
    """The pack of one claim.

    `decisions`: what people decided of it (claim_id, status, decided_by, decided_on); `said`: what they decided of
    records, homes and families. Raises KeyError where the month holds no such claim.
    """
    found = month.of("claims", claim_id=claim_id)
    if found.empty:
        message = f"No claim {claim_id} in this month."
        raise KeyError(message)
    (claim,) = _plain(found)
    family = str(claim["family_id"])
    people = month.of("family_members", family_id=family)["person_id"].tolist()
    results = _results(profile, claim, month.of("outcomes", family_id=family))
    needs = [_unfolded(row) for row in _plain(month.of("needs", family_id=family, state="met"))]
    return {
        "pack_version": PACK_VERSION,
        "claim": claim,
        "decisions": [] if decisions is None else _plain(decisions[decisions["claim_id"] == claim_id]),
        "family": _plain(month.of("family_members", family_id=family)),
        "attachments": _plain(month.of("attachments", family_id=family)),
        "programme": {"name": profile.name, "version": profile.version, "sha256": profile.sha256},
        "results": results,
        "needs": needs,
        "files": _files(month, [*results, *needs]),
        "identified": _plain(month.of("cohort", family_id=family)),
        "identification": describe.identification(profile),
        "identity": _identity(month, family, people, said),
        "run": _plain(month.of("run")),
    }


def as_text(made: Mapping[str, Any]) -> str:
    """The pack as text that is the same whenever it is made of the same month."""
    return json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _results(profile: Profile, claim: Mapping[str, Any], outcomes: pd.DataFrame) -> list[dict[str, Any]]:
    routes = [profile.routes[part] for part in str(claim["route"]).split("+") if part in profile.routes]
    claimed = {result for route in routes for result in route.results}
    rows = []
    for row in _plain(outcomes):
        key = str(row["outcome_id"])
        rule = profile.outcomes.get(key)
        said = describe.result(rule) if rule else describe.criterion(profile.criteria[key])
        rows.append({**_unfolded(row), "is_claimed": key in claimed, "rule": said})
    return rows


def _unfolded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "evidence": json.loads(str(row["evidence"]))}


def _files(month: Published, judged: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The delivered files that the evidence names, by hash, as far as the deliveries handed over know them."""
    hashes = {row["file_sha256"] for each in judged for row in each["evidence"] if "file_sha256" in row}
    return _plain(month.of("deliveries", sha256=sorted(hashes)))


def _identity(month: Published, family: str, people: list[str], said: Said | None) -> dict[str, Any]:
    """Whose records they are, which pairs were compared, and who decided anything about them."""
    records = month.of("person_records", person_id=people)
    keys = set(zip(records["feed"], records["table_name"], records["source_id"], strict=True))
    links = month.tables["links"]
    inside = _among(links, "left", keys) & _among(links, "right", keys)
    told = {} if said is None else said.about(keys, family, people)
    nothing: dict[str, list[dict[str, Any]]] = {"pairs": [], "homes": [], "members": []}
    decided = {**nothing, **{name: _plain(rows) for name, rows in told.items()}}
    return {"records": _plain(records), "links": _plain(links[inside]), "decided": decided}


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.astype(object).to_dict("records")
    return [{str(key): _value(value) for key, value in row.items()} for row in rows]


def _value(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat()
    return value.item() if hasattr(value, "item") else value
