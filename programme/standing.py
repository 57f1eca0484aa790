"""Which of a family's cases stand, and from which of them its results are reckoned.

A family has several cases where it was taken on again, or where two that were taken on became one. A result is paid for
the change since a family was taken on (guidance 2022 to 2025, chapter 4; phase 1 and 2 financial frameworks), so of
cases that are open together the first counts; the work of a closed case is over.
"""

import pandas as pd


def standing(attachments: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Of each family the cases that are open by the day, or where none is, those that were closed last.

    `attachments`: family_id, attached_on, closed_on; a case closed after the day is open by it.
    """
    known = attachments[(attachments["attached_on"] <= as_of).to_numpy(bool)]
    closed = known["closed_on"].where(known["closed_on"] <= as_of)
    ends = closed.fillna(as_of + pd.Timedelta(days=1))
    return known[ends.eq(ends.groupby(known["family_id"]).transform("max")).to_numpy(bool)]


def counted_from(attachments: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Family to the day from which its results are reckoned: that of the first of its standing cases."""
    return standing(attachments, as_of).groupby("family_id")["attached_on"].min().sort_index()
