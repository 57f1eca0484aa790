"""The feed tables as of a month, each read from the store when it is first asked for."""

from collections.abc import Iterator, Mapping

import pandas as pd

from assets.store import Store
from feeds import holdings
from schemas.registry import FEED_TABLES, ROSTER_OF


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
    """Of each contract table: when it was last used, of which day it speaks, whether it is late or never came.

    An event names its person by a roster's key, so events speak of nobody newer than their roster: where the roster is
    late they are late too, and as old.
    """
    with store.connect(store.feeds_file) as connection:
        status = holdings.table_status(connection, month).rename(columns={"last_used": "last_month"})
    rosters = pd.DataFrame(
        [(feed, table, roster) for (feed, table), (roster, _) in ROSTER_OF.items()],
        columns=["feed", "table_name", "roster"],
        dtype=status["feed"].dtype,
    )
    known = status.set_index(["feed", "table_name"])[["last_month", "extract_on"]].add_suffix("_of_roster")
    status = status.merge(rosters, on=["feed", "table_name"], how="left")
    status = status.join(known, on=["feed", "roster"])
    never = status["last_month"].isna()
    stale = status["roster"].notna() & status["last_month_of_roster"].ne(month).fillna(value=True)
    status["is_late"] = never | status["last_month"].ne(month).fillna(value=True) | stale
    status["extract_on"] = status[["extract_on", "extract_on_of_roster"]].min(axis=1)
    return status.assign(never_delivered=never)[
        ["feed", "table_name", "last_month", "extract_on", "is_late", "never_delivered"]
    ]
