"""Ledgers in whole numbers: a million texts are compared, sorted and grouped in a second and not in a minute."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from linkage.ledger import COLUMNS, Past
from linkage.person_rows import TEXT
from linkage.ranks import Codes, ranked, repeated
from linkage.runs import Runs


@dataclass(frozen=True)
class Lines:
    """What the ledgers of a `Past` say of one kind of id.

    `earlier`, `own` and `later` have `key`, `id`, `first`, `last` (months) and `current`: places in `keys`, `ids` and
    `months`, which are sorted, so that the numbers sort as the texts do. `month` is the place of the month being run.
    """

    earlier: pd.DataFrame
    own: pd.DataFrame
    later: pd.DataFrame
    keys: pd.Series
    ids: pd.Series
    months: pd.Series
    month: int

    def with_ids(self, minted: list[str]) -> tuple[Codes, Codes, "Lines"]:
        """The lines with these ids among `ids`; before it the places there of the ids that were known, and of these."""
        (known, new), ids = ranked(self.ids, pd.Series(minted, dtype=TEXT))
        parts = (part.assign(id=known[part["id"]]) for part in (self.earlier, self.own, self.later))
        earlier, own, later = parts
        return known, new, replace(self, earlier=earlier, own=own, later=later, ids=ids)


def number(past: Past, kind: str, keys: pd.Series) -> tuple[Codes, Lines]:
    """The places of this month's `keys` (text), and the lines of that kind of the past."""
    ledgers = (past.earlier, past.own, past.later)
    parts = [part.loc[(part["kind"] == kind).to_numpy(bool), [*COLUMNS[1:]]] for part in ledgers]
    with ThreadPoolExecutor(1) as beside:
        ranking = beside.submit(ranked, *(part["id"] for part in parts))
        (ours, *of_keys), key_texts = ranked(keys, *(part["key"] for part in parts))
        of_ids, id_texts = ranking.result()
    (now, *of_months), months = ranked(
        pd.Series([past.month], dtype=TEXT), *(part[name] for part in parts for name in ("first_month", "last_month"))
    )
    earlier, own, later = (
        pd.DataFrame(
            {
                "key": of_keys[place],
                "id": of_ids[place],
                "first": of_months[2 * place],
                "last": of_months[2 * place + 1],
                "current": part["current"].fillna(value=False).to_numpy(bool),
            }
        )
        for place, part in enumerate(parts)
    )
    return ours, Lines(earlier, own, later, key_texts, id_texts, months, int(now[0]))


def record(lines: Lines, kind: str, held: pd.DataFrame) -> pd.DataFrame:
    """The ledger after this month: everything known before, and `held` (places `key` and `id`) as current."""
    now = held[["key", "id"]].assign(first=lines.month, last=lines.month, current=True)
    before = pd.concat([lines.earlier, lines.own], ignore_index=True).assign(current=False)
    told = {name: np.concatenate([before[name].to_numpy(), now[name].to_numpy()]) for name in now}
    runs = Runs.of(told["key"], told["id"])
    texts = {
        "key": lines.keys.array.take(runs.first(told["key"])),
        "id": lines.ids.array.take(runs.first(told["id"])),
        "first_month": lines.months.array.take(runs.least(told["first"])),
        "last_month": lines.months.array.take(runs.most(told["last"])),
    }
    current = pd.array(runs.most(told["current"]), dtype="boolean")
    return pd.DataFrame({"kind": repeated(kind, len(runs)), **texts, "current": current})
