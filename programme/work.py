"""Continuous work: whether an adult who left an out-of-work benefit has since worked as long as that benefit asks.

Weeks are whole weeks reckoned back from the last day of which the Job Centre's extract speaks; a week counts when every
day of it lies within a spell of work.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from programme.catalogue import CURRENT_WORK_CONDITIONALITY
from programme.facts import Month
from programme.results import ContinuousWork, WorkRule

_TABLES = ("claims", "employment", "progress")
_DAY = np.timedelta64(1, "D")
_OUT_OF_WORK_UC = frozenset(CURRENT_WORK_CONDITIONALITY)


@dataclass(frozen=True)
class Worked:
    """How an adult's work stands: the most weeks reached of those asked, and the rows that say so."""

    is_enough: bool
    weeks: int
    evidence: str


def judged(rule: ContinuousWork, month: Month, attached: Mapping[str, pd.Timestamp]) -> dict[str, Worked]:
    """The best adult of each family: person by person, since the family was attached, against their benefit's rule."""
    held = _Held.of(month)
    best: dict[str, Worked] = {}
    for family, person in _adults(month, attached):
        worked = _of_person(rule, held, person, attached[family])
        if worked and (family not in best or (worked.is_enough, worked.weeks) > _order(best[family])):
            best[family] = worked
    return best


def _order(worked: Worked) -> tuple[bool, int]:
    return worked.is_enough, worked.weeks


@dataclass(frozen=True)
class _Held:
    """The Job Centre's rows by person, and the last day that they speak of."""

    claims: Mapping[str, pd.DataFrame]
    employment: Mapping[str, pd.DataFrame]
    progress: Mapping[str, pd.DataFrame]
    until: pd.Timestamp

    @classmethod
    def of(cls, month: Month) -> "_Held":
        """The rows of the month, those of one person together."""
        records = month.person_records
        known = records[(records["feed"] == "jobcentre") & (records["table_name"] == "claimants")]
        person = known.set_index("source_id")["person_id"]
        tables = {name: _by_person(month.tables["jobcentre", name], person) for name in _TABLES}
        extracts = month.feeds.loc[month.feeds["feed"] == "jobcentre", "extract_on"].dropna()
        until = min(month.as_of, extracts.min()) if len(extracts) else month.as_of
        return cls(**tables, until=until)


def _by_person(frame: pd.DataFrame, person: pd.Series) -> dict[str, pd.DataFrame]:
    named = frame.assign(person_id=frame["claimant_id"].map(person)).dropna(subset=["person_id"])
    return {str(key): rows for key, rows in named.groupby("person_id")}


def _adults(month: Month, attached: Mapping[str, pd.Timestamp]) -> list[tuple[str, str]]:
    members = month.family_members[month.family_members["family_id"].isin(list(attached))]
    born = members["person_id"].map(month.persons.set_index("person_id")["date_of_birth"])
    grown = born + pd.DateOffset(years=18) <= month.as_of
    adult = grown.where(born.notna(), members["role"] != "child")
    chosen = members[adult.astype(bool)].sort_values(["family_id", "person_id"])
    return list(zip(chosen["family_id"], chosen["person_id"], strict=True))


def _of_person(rule: ContinuousWork, held: _Held, person: str, attached_on: pd.Timestamp) -> Worked | None:
    claims, jobs = held.claims.get(person), held.employment.get(person)
    if claims is None or jobs is None or _helped_by_another_scheme(rule, held.progress.get(person), attached_on):
        return None
    left = _left(claims, attached_on, held.until)
    if left is None:
        return None
    days = _worked_days(jobs, attached_on, held.until)
    asked = [each for each in rule.rules if set(each.benefits) & set(left["benefit_code"])]
    if not asked:
        return None
    # Who left several benefits is held to the longest of their rules.
    strictest = max(asked, key=lambda each: each.weeks)
    reached = _weeks(days, strictest)
    evidence = json.dumps([*_rows("employment", jobs), *_rows("claims", left)], separators=(",", ":"))
    return Worked(reached >= strictest.weeks, reached, evidence)


def _helped_by_another_scheme(rule: ContinuousWork, steps: pd.DataFrame | None, since: pd.Timestamp) -> bool:
    if steps is None or not rule.not_after:
        return False
    return bool((steps["action"].isin(rule.not_after) & (steps["action_on"] >= since)).any())


def _left(claims: pd.DataFrame, attached_on: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame | None:
    """The out-of-work claims that ended after attachment; none where one is still in payment."""
    searching = claims["conditionality"].str.lower().isin(_OUT_OF_WORK_UC)
    idle = claims[(claims["benefit_code"] != "UC") | searching]
    is_open = idle["ended_on"].isna() | (idle["ended_on"] > until)
    ended = idle[~is_open & (idle["ended_on"] > attached_on)]
    return None if is_open.any() or ended.empty else ended


def _worked_days(jobs: pd.DataFrame, attached_on: pd.Timestamp, until: pd.Timestamp) -> npt.NDArray[np.bool_]:
    """One truth for each day after attachment up to `until`: within a spell of work or not."""
    first = np.datetime64(attached_on, "D") + _DAY
    worked = np.zeros(max(0, int((np.datetime64(until, "D") - first) / _DAY) + 1), dtype=bool)
    for start, end in zip(jobs["started_on"], jobs["ended_on"], strict=True):
        last = until if pd.isna(end) else end
        low = max(0, int((np.datetime64(start, "D") - first) / _DAY))
        worked[low : max(0, int((np.datetime64(last, "D") - first) / _DAY) + 1)] = True
    return worked


def _weeks(days: npt.NDArray[np.bool_], rule: WorkRule) -> int:
    """The most weeks worked within any `out_of` weeks on end."""
    whole = len(days) // 7
    if not whole:
        return 0
    weeks = days[len(days) - whole * 7 :].reshape(whole, 7).all(axis=1)
    sums = np.convolve(weeks.astype(int), np.ones(min(rule.out_of, whole), dtype=int), mode="valid")
    return int(sums.max())


def _rows(table: str, frame: pd.DataFrame) -> Iterable[dict[str, object]]:
    for row in frame.sort_values("source_id").itertuples(index=False):
        yield {
            "feed": "jobcentre",
            "table": table,
            "source_id": str(row.source_id),
            "received_for": str(row.received_for),
            "file_sha256": str(row.file_sha256),
            "line": int(str(row.line)),
        }
