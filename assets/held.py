"""The feed tables as of a month, each read from the store when it is first asked for."""

from collections.abc import Iterator, Mapping

import pandas as pd

from assets.store import Store
from feeds import holdings
from schemas.registry import FEED_TABLES


class HeldTables(Mapping[tuple[str, str], pd.DataFrame]):
    """(feed, table) to its held frame; attendance alone can be millions of rows, so the rest is not read."""

    def __init__(self, store: Store, month: str) -> None:
        self._store = store
        self._month = month
        self._read: dict[tuple[str, str], pd.DataFrame] = {}

    def __getitem__(self, key: tuple[str, str]) -> pd.DataFrame:
        if key not in self._read:
            with self._store.connect(self._store.feeds_file) as connection:
                self._read[key] = holdings.held_table(connection, self._month, *key)
        return self._read[key]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(FEED_TABLES)

    def __len__(self) -> int:
        return len(FEED_TABLES)


def table_status(store: Store, month: str) -> pd.DataFrame:
    """Of each contract table: when it was last used, of which day it speaks, whether it is late or never came."""
    with store.connect(store.feeds_file) as connection:
        status = holdings.table_status(connection, month).rename(columns={"last_used": "last_month"})
    never = status["last_month"].isna()
    return status.assign(is_late=never | status["last_month"].ne(month).fillna(value=True), never_delivered=never)
