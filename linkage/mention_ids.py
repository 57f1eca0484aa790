"""Under which ids the feeds' records stand among mentions."""

import pandas as pd

from linkage.person_rows import TEXT


def mention_ids(feed: str, table: str, source_ids: pd.Series) -> pd.Series:
    """The ids under which a table's records stand in mentions."""
    return (f"{feed}|{table}|" + source_ids.astype(TEXT)).astype(TEXT)
