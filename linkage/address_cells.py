"""Distinct addresses read once, in whole numbers that sort as the texts do that they stand for."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from linkage.address_lines import take_apart
from linkage.connections import connect
from linkage.person_rows import ADDRESS, TEXT
from linkage.ranks import Codes, ranked
from linkage.runs import Runs
from linkage.spelling import pairs_within, similar
from schemas import identifiers

STREET_NEAR = 0.74
_LINES = ["address_line_1", "address_line_2"]
_NOTHING = pd.Series([""], dtype=TEXT)


@dataclass(frozen=True)
class Cells:
    """What addresses tell.

    `cells` has one row an address: `unit`, `number`, `street`, `place`, `postcode` and `uprn` as places in `texts` of
    that name, which are sorted and begin with the empty text, so that 0 is nothing told; and `said`, by how many
    records.
    """

    cells: pd.DataFrame
    texts: dict[str, pd.Series]


def read(rows: pd.DataFrame) -> tuple[Codes, Cells]:
    """The place of each row's address among the distinct ones (-1 where it has none), and those."""
    of_row, addresses = _distinct(rows)
    read_lines, of_address = _of_lines(addresses)
    parts = {str(name): numbered(column, of_address) for name, column in read_lines.items()}
    parts["postcode"] = _once_each(addresses["postcode"], _postcode)
    parts["uprn"] = _once_each(addresses["uprn"], _reference)
    said = np.bincount(of_row[of_row >= 0], minlength=len(addresses))
    cells = pd.DataFrame({name: codes for name, (codes, _) in parts.items()} | {"said": said})
    return of_row, _one_spelling(Cells(cells, {name: texts for name, (_, texts) in parts.items()}))


def numbered(texts: pd.Series, of: Codes) -> tuple[Codes, pd.Series]:
    """The rank of the text at each of these places, and the texts: sorted, the empty one first."""
    (_, codes), sorted_texts = ranked(_NOTHING, texts)
    return codes[of], sorted_texts


def most_said(group: Codes, value: Codes, said: Codes, size: int) -> Codes:
    """The value most said of each of so many groups, the lesser of two; 0 of a group of which none is."""
    best = np.lexsort((value, -said, group))
    best = best[Runs.of(group[best]).firsts]
    chosen = np.zeros(size, np.int64)
    chosen[group[best]] = value[best]
    return chosen


def _distinct(rows: pd.DataFrame) -> tuple[Codes, pd.DataFrame]:
    """The place of each row's address among the distinct ones, sorted (-1 where it has none), and those."""
    columns = [ranked(rows[column])[0][0] for column in ADDRESS]
    told = np.flatnonzero(np.logical_or.reduce([codes >= 0 for codes in columns]))
    runs = Runs.of(*(codes[told] for codes in columns))
    of_row = np.full(len(rows), -1, np.int64)
    of_row[told] = runs.of_each
    return of_row, rows[list(ADDRESS)].iloc[told[runs.firsts]].reset_index(drop=True)


def _of_lines(addresses: pd.DataFrame) -> tuple[pd.DataFrame, Codes]:
    """The distinct lines of addresses taken apart, and which of them each address has: many differ in the rest only."""
    runs = Runs.of(*(ranked(addresses[line])[0][0] for line in _LINES))
    lines = addresses[_LINES].iloc[runs.firsts]
    return take_apart(*(lines[line] for line in _LINES)), runs.of_each


def _once_each(given: pd.Series, read_texts: Callable[[pd.Series], pd.Series]) -> tuple[Codes, pd.Series]:
    """Each distinct value read once; 0, the empty text, where it is missing or no such thing."""
    (codes,), values = ranked(given)
    return numbered(pd.concat([read_texts(values).fillna(""), _NOTHING]), codes)


def _postcode(given: pd.Series) -> pd.Series:
    tidy = identifiers.tidy_postcode(given)
    return tidy.where(identifiers.is_postcode(tidy))


def _reference(given: pd.Series) -> pd.Series:
    tidy = identifiers.tidy_uprn(given)
    return tidy.where(identifiers.is_uprn(tidy))


def _one_spelling(read_cells: Cells) -> Cells:
    """The cells, each street as most addresses of its postcode spell it: streets there that nearly agree are one."""
    cells = read_cells.cells
    placed = np.flatnonzero((cells["postcode"] != 0) & (cells["street"] != 0))
    postcode, street, said = (cells[name].to_numpy()[placed] for name in ("postcode", "street", "said"))
    runs = Runs.of(postcode, street)
    postcode, street, said = runs.first(postcode), runs.first(street), runs.total(said)
    left, right = pairs_within(pd.Series(postcode))
    texts = read_cells.texts["street"].to_numpy(object)
    near = similar(texts[street[left]], texts[street[right]]) >= STREET_NEAR
    group = connect(len(street), left[near], right[near])
    chosen = most_said(group, street, said, len(street))
    spelt = cells["street"].to_numpy().copy()
    spelt[placed] = chosen[group][runs.of_each]
    return Cells(cells.assign(street=spelt), read_cells.texts)
