"""What each kind of column makes of a text: its typed value, and what was wrong with it.

Every rule is judged once for each distinct text of a column, however many rows hold it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from schemas import identifiers
from schemas.columns import FeedColumn, Kind
from schemas.identifiers import TEXT
from schemas.vocabulary import ATTENDANCE_CODES

FIRST_DAY, LAST_DAY = pd.Timestamp(1900, 1, 1), pd.Timestamp(2100, 12, 31)
_DAY = r"\d{4}-\d{2}-\d{2}"
_TIME = r"[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?"
_WHOLE = r"[+-]?\d{1,9}(\.0+)?"


@dataclass(frozen=True)
class Circumstances:
    """What a value is judged by beside its column: the day of the extract, and whether test identifiers pass."""

    extract_on: date
    allow_test_identifiers: bool = False


@dataclass(frozen=True)
class Case:
    """A column by name, what the contract says of it, and the circumstances."""

    name: str
    column: FeedColumn
    circumstances: Circumstances


@dataclass(frozen=True)
class Verdicts:
    """For each distinct text: the typed value, the rule that it breaks (empty for none), repaired, doubtful."""

    values: pd.Series
    broken: np.ndarray
    repaired: np.ndarray
    doubtful: np.ndarray


def judge(texts: pd.Series, case: Case) -> Verdicts:
    """Judge the distinct trimmed texts of one column; missing text is NA."""
    column = case.column
    verdicts = _JUDGES[column.kind](texts, case)
    if column.required and not column.optional_in_form:
        verdicts.broken[texts.isna().to_numpy()] = "required"
    return verdicts


def _verdicts(
    texts: pd.Series, values: pd.Series, *, rule: str, rejects: bool, tidied: pd.Series | None = None
) -> Verdicts:
    """A present text without a value breaks the rule, or is repaired to missing; a tidied one is repaired."""
    bad = (texts.notna() & values.isna()).to_numpy(dtype=bool)
    changed = np.zeros(len(texts), dtype=bool) if tidied is None else tidied.to_numpy(dtype=bool)
    broken = np.where(bad & rejects, rule, "").astype(object)
    return Verdicts(values, broken, (bad & (not rejects)) | changed, np.zeros(len(texts), dtype=bool))


def _judge_text(texts: pd.Series, _case: Case) -> Verdicts:
    return _verdicts(texts, texts, rule="text", rejects=False)


def _judge_date(texts: pd.Series, case: Case) -> Verdicts:
    column = case.column
    written = _matches(texts, f"{_DAY}({_TIME})?")
    days = pd.to_datetime(texts.where(written).str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
    last = pd.Timestamp(case.circumstances.extract_on) if case.name == "date_of_birth" else LAST_DAY
    days = days.where(days.between(FIRST_DAY, last)).astype("datetime64[ns]")
    timed = written & ~_matches(texts, f"{_DAY}([T ]00:00(:00([.]0+)?)?)?") & days.notna()
    return _verdicts(texts, days, rule="date", rejects=column.required, tidied=timed)


def _judge_whole(texts: pd.Series, case: Case) -> Verdicts:
    column = case.column
    numbers = pd.to_numeric(texts.where(_matches(texts, _WHOLE)), errors="coerce")
    numbers = numbers.where(numbers.ge(0).fillna(value=False)).astype("float64").astype("Int64")
    return _verdicts(texts, numbers, rule="number", rejects=column.required or column.optional_in_form)


def _judge_flag(texts: pd.Series, case: Case) -> Verdicts:
    column = case.column
    flags = texts.str.upper().map({"Y": True, "N": False}).astype("boolean")
    verdicts = _verdicts(texts, flags, rule="code", rejects=column.rejects)
    if column.default is None:
        return verdicts
    values = flags.where(texts.notna(), column.default)
    return Verdicts(values, verdicts.broken, verdicts.repaired, verdicts.doubtful)


def _judge_code(texts: pd.Series, case: Case) -> Verdicts:
    column = case.column
    folded = texts.str.lower() if column.fold_case else texts
    codes = folded.map(_by_comparable(column)).astype(TEXT)
    mended = folded.isin([_comparable(repair, column) for repair in column.repairs])
    return _verdicts(texts, codes, rule="code", rejects=column.rejects, tidied=mended)


def _by_comparable(column: FeedColumn) -> Mapping[str, str]:
    codes = {_comparable(code, column): str(code) for code in column.codes}
    return codes | {_comparable(wrong, column): right for wrong, right in column.repairs.items()}


def _comparable(code: str, column: FeedColumn) -> str:
    return str(code).lower() if column.fold_case else str(code)


def _judge_codes(texts: pd.Series, _case: Case) -> Verdicts:
    tidy = texts.str.replace(r"\s*;[\s;]*", ";", regex=True).str.strip(";")
    return _verdicts(texts, tidy.mask(tidy.eq("").fillna(value=False)), rule="code", rejects=False)


def _judge_attendance_code(texts: pd.Series, _case: Case) -> Verdicts:
    codes = texts.str.upper()
    verdicts = _verdicts(texts, codes, rule="code", rejects=False)
    doubtful = (codes.notna() & ~codes.isin(list(ATTENDANCE_CODES))).to_numpy(dtype=bool)
    return Verdicts(codes, verdicts.broken, verdicts.repaired, doubtful)


def _identifier(
    kind: Kind, tidy: Callable[[pd.Series], pd.Series], is_valid: Callable[..., pd.Series], *, has_tests: bool
) -> Callable[..., Verdicts]:
    def judge_identifier(texts: pd.Series, case: Case) -> Verdicts:
        tidied = tidy(texts)
        allowed = {"allow_test": case.circumstances.allow_test_identifiers} if has_tests else {}
        values = tidied.where(is_valid(tidied, **allowed))
        changed = values.notna() & values.ne(texts).fillna(value=False)
        return _verdicts(texts, values, rule=kind.value, rejects=False, tidied=changed)

    return judge_identifier


def _matches(texts: pd.Series, pattern: str) -> pd.Series:
    return texts.str.fullmatch(pattern).fillna(value=False).astype(bool)


_JUDGES: Mapping[Kind, Callable[..., Verdicts]] = {
    Kind.TEXT: _judge_text,
    Kind.DATE: _judge_date,
    Kind.WHOLE: _judge_whole,
    Kind.FLAG: _judge_flag,
    Kind.CODE: _judge_code,
    Kind.CODES: _judge_codes,
    Kind.ATTENDANCE_CODE: _judge_attendance_code,
    Kind.UPN: _identifier(Kind.UPN, identifiers.compact, identifiers.is_upn, has_tests=True),
    Kind.NINO: _identifier(Kind.NINO, identifiers.compact, identifiers.is_nino, has_tests=True),
    Kind.NHS_NUMBER: _identifier(
        Kind.NHS_NUMBER, identifiers.tidy_nhs_number, identifiers.is_nhs_number, has_tests=True
    ),
    Kind.POSTCODE: _identifier(Kind.POSTCODE, identifiers.tidy_postcode, identifiers.is_postcode, has_tests=False),
    Kind.UPRN: _identifier(Kind.UPRN, identifiers.tidy_uprn, identifiers.is_uprn, has_tests=False),
}
