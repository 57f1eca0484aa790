"""The two forms of an attendance row: the sessions of one code, or a whole term's totals.

Both forms may stand in one file, each row in one of them. A totals row's key ends with an empty code.
"""

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from feeds.judged import KEY_SEPARATOR, JudgedTable
from feeds.terms import is_academic_year

CODE_FORM = ("attendance_code", "sessions")
TOTALS_FORM = ("possible_sessions", "authorised_sessions", "unauthorised_sessions")


def judge_forms(table: JudgedTable, headings: frozenset[str]) -> None:
    """Reject rows that are of neither form or of both, or that lack a part of theirs; count doubtful ones."""
    present = {name: ~table.columns[name].is_missing() for name in (*CODE_FORM, *TOTALS_FORM)}
    has_code = present["attendance_code"]
    has_totals = np.logical_or.reduce([present[name] for name in TOTALS_FORM])
    table.break_rows(has_code & has_totals, "two_forms", "attendance_code")
    lacking = "attendance_code" if "attendance_code" in headings else "possible_sessions"
    table.break_rows(~has_code & ~has_totals, "required", lacking)
    table.break_rows(has_code & ~present["sessions"], "required", "sessions")
    for name in TOTALS_FORM:
        table.break_rows(has_totals & ~present[name], "required", name)
    _doubt_academic_years(table)
    _doubt_totals(table, has_totals)
    _doubt_terms_in_both_forms(table, has_code, has_totals)


def _doubt_academic_years(table: JudgedTable) -> None:
    judged = table.columns["academic_year"]
    strange = ~is_academic_year(judged.verdicts.values).to_numpy(dtype=bool)
    table.doubt(strange[judged.codes], "academic_year", "academic_year")


def _doubt_totals(table: JudgedTable, has_totals: np.ndarray) -> None:
    if has_totals.any():
        possible, authorised, unauthorised = (
            table.columns[name].values().fillna(0).to_numpy(dtype=np.int64) for name in TOTALS_FORM
        )
        table.doubt(
            has_totals & (authorised + unauthorised > possible), "more_absent_than_possible", "possible_sessions"
        )


def _doubt_terms_in_both_forms(table: JudgedTable, has_code: np.ndarray, has_totals: np.ndarray) -> None:
    if has_code.any() and has_totals.any():
        parts = [table.columns[name].key_part() for name in ("pupil_id", "academic_year", "term")]
        terms = pd.Series(pc.binary_join_element_wise(*parts, KEY_SEPARATOR).to_pandas())
        summed = terms[has_totals & table.usable]
        table.doubt(has_code & terms.isin(summed).to_numpy(dtype=bool), "term_in_both_forms", "attendance_code")
