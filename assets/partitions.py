"""The run months."""

import datetime as dt

import dagster as dg
import pandas as pd

FIRST_MONTH = "2012-04"

# A month may be run before it has ended, and a council that is only a test may live in months to come.
MONTHS = dg.MonthlyPartitionsDefinition(start_date=FIRST_MONTH, fmt="%Y-%m", end_offset=12)


def as_of(month: str) -> pd.Timestamp:
    """The reckoning date of a run month: its last day."""
    return pd.Period(month, "M").end_time.normalize()


def month_before(day: dt.date) -> str:
    """The month before the one that the day is in."""
    return str(pd.Period(day, "M") - 1)
