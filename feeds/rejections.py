"""Rows that could not be used, kept whole: where each stood, which rule it broke, and its text as JSON."""

import json

import numpy as np
import pandas as pd

from feeds.delivered import DeliveredTable
from feeds.judged import JudgedTable
from schemas.identifiers import TEXT

COLUMNS = ["line", "rule", "column_name", "record"]


def rejected_rows(table: JudgedTable, delivered: DeliveredTable) -> pd.DataFrame:
    """One row a rejected row, in the order of the file; a row that no column can claim is kept as its text."""
    places = np.flatnonzero(~table.usable)
    broken = pd.DataFrame(
        {
            "line": delivered.lines[places],
            "rule": table.rule[places],
            "column_name": table.column[places],
            "record": delivered.records(places),
        }
    )
    ragged = pd.DataFrame(
        [
            (row.line, "column_count", "", json.dumps({"text": row.text}, ensure_ascii=False))
            for row in delivered.ragged
        ],
        columns=COLUMNS,
    )
    both = pd.concat([broken, ragged]) if len(ragged) else broken
    both["column_name"] = both["column_name"].astype(TEXT).replace("", pd.NA)
    return both.sort_values("line", kind="stable", ignore_index=True)
