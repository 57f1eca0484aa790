"""A table whose every column has been judged: values by row, and the first rule that each row breaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from feeds.delivered import DeliveredTable
from feeds.judging import Case, Circumstances, Verdicts, judge
from schemas.columns import FeedColumn
from schemas.identifiers import TEXT

KEY_SEPARATOR = pa.scalar("|", pa.large_string())
Counts = dict[tuple[str, str], int]


@dataclass(frozen=True)
class JudgedColumn:
    """One column: its verdict on each distinct text, and which of them each row holds."""

    verdicts: Verdicts
    codes: np.ndarray

    def values(self, rows: np.ndarray | None = None) -> pd.Series:
        """The typed values of the given rows, or of all."""
        codes = self.codes if rows is None else self.codes[rows]
        return pd.Series(self.verdicts.values.array.take(codes))

    def key_part(self) -> pa.Array:
        """The values as they stand in a row's key: text, days as YYYY-MM-DD, nothing as empty."""
        values = self.verdicts.values
        texts = values.dt.strftime("%Y-%m-%d") if values.dtype.kind == "M" else values
        parts = pa.array(texts.astype(object).fillna("").to_numpy(dtype=object), pa.large_string())
        return parts.take(pa.array(self.codes))

    def is_missing(self) -> np.ndarray:
        """Which rows have no value."""
        missing: np.ndarray = self.verdicts.values.isna().to_numpy(dtype=bool)[self.codes]
        return missing


@dataclass
class JudgedTable:
    """All columns of a table, and row by row the first rule that it breaks, with the column."""

    columns: Mapping[str, JudgedColumn]
    rule: np.ndarray
    column: np.ndarray
    usable: np.ndarray
    repaired: Counts = field(default_factory=dict)
    doubtful: Counts = field(default_factory=dict)

    def break_rows(self, rows: np.ndarray, rule: str, column: str) -> None:
        """Let these rows break the rule, where they break none yet."""
        broken = rows & self.usable
        self.rule[broken], self.column[broken] = rule, column
        self.usable[broken] = False

    def doubt(self, rows: np.ndarray, rule: str, column: str) -> None:
        """Count the usable ones among these rows as doubtful."""
        add(self.doubtful, rule, column, int((rows & self.usable).sum()))


def judge_table(
    delivered: DeliveredTable, contract: Mapping[str, FeedColumn], circumstances: Circumstances
) -> JudgedTable:
    """Judge every contract column, those of the key first, then the required ones; an absent column is all missing."""
    rows = len(delivered.lines)
    columns = {name: _judge_column(delivered, name, column, circumstances) for name, column in contract.items()}
    table = JudgedTable(
        columns, np.full(rows, "", dtype=object), np.full(rows, "", dtype=object), np.ones(rows, dtype=bool)
    )
    for name in sorted(contract, key=lambda name: (not contract[name].key, not contract[name].required)):
        judged = columns[name]
        for rule in sorted(set(judged.verdicts.broken) - {""}):
            table.break_rows((judged.verdicts.broken == rule)[judged.codes], rule, name)
    return table


def count_mends(table: JudgedTable, contract: Mapping[str, FeedColumn]) -> None:
    """Count what was repaired and what is doubtful in the rows that are used, by the kind of the column."""
    for name, judged in table.columns.items():
        codes, kind = judged.codes[table.usable], contract[name].kind.value
        add(table.repaired, kind, name, int(judged.verdicts.repaired[codes].sum()))
        add(table.doubtful, kind, name, int(judged.verdicts.doubtful[codes].sum()))


def as_text(values: pa.Array) -> pd.Series:
    """Arrow text as a held text column, without a copy of the text."""
    text: pd.Series = values.to_pandas(types_mapper={pa.string(): TEXT, pa.large_string(): TEXT}.get)
    return text


def add(counts: Counts, rule: str, column: str, rows: int) -> None:
    """Add rows to a count, leaving out what never happened."""
    if rows:
        counts[rule, column] = counts.get((rule, column), 0) + rows


def _judge_column(
    delivered: DeliveredTable, name: str, column: FeedColumn, circumstances: Circumstances
) -> JudgedColumn:
    cells = delivered.column(name)
    if cells is None:
        texts, codes = pd.Series([pd.NA], dtype=TEXT), np.zeros(len(delivered.lines), dtype=np.int32)
    else:
        encoded = cells.dictionary_encode()
        trimmed = pd.Series(encoded.dictionary.to_pandas(), dtype=TEXT).str.strip()
        texts, codes = trimmed.mask(trimmed.eq("")), encoded.indices.to_numpy()
    return JudgedColumn(judge(texts, Case(name, column, circumstances)), codes)
