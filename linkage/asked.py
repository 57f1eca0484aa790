"""A doubtful stay as a question: its columns, and of whom nothing is asked."""

import numpy as np
import pandas as pd

from linkage.households import Homes
from schemas.vocabulary import Answer

COLUMNS = ["left", "right", "household", "why", "answer", "urgency", "closeness"]


def asked(
    both: pd.DataFrame, why: str | pd.Series, answer: Answer, *, urgency: int, closeness: str | float | np.ndarray
) -> pd.DataFrame:
    """Pairs with a `household` as questions; those of the least `closeness` come first (its column, or its numbers)."""
    even = both[closeness].to_numpy(float) if isinstance(closeness, str) else closeness
    return both.assign(why=why, answer=answer.value, urgency=urgency, closeness=even).reindex(columns=COLUMNS)


def at(stays: pd.DataFrame, side: str) -> pd.DataFrame:
    """Where people stay, they as this side of a pair."""
    return stays[["person", "household"]].rename(columns={"person": side})


def pairs_of(rows: pd.DataFrame) -> pd.DataFrame:
    """The two people of each row, whichever is named first."""
    left, right = rows["left"].to_numpy(np.int64), rows["right"].to_numpy(np.int64)
    return pd.DataFrame({"lower": np.minimum(left, right), "upper": np.maximum(left, right)}, index=rows.index)


def lives_by_word(homes: Homes) -> pd.Series:
    """People of whom a school says with whom they live: it sees the child every day, so that settles it."""
    said = homes.ties[homes.ties["lives"].fillna(value=False).to_numpy(bool)]
    return pd.Series(pd.concat([said["left"], said["right"]], ignore_index=True))


def hidden_people(homes: Homes) -> pd.Series:
    """People of whom some record gives a protected address."""
    return pd.Series(homes.weighed.loc[homes.weighed["protected"].to_numpy(bool), "person"])
