"""Samples of a month's pairs for clerical reading: drawn, laid out, and kept in the store until the readings come."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.errors import EmptyDataError, ParserError

from assets.match_rates import ethnicities
from assets.partitions import as_of
from assets.snapshots import read_published
from assets.store import Store
from linkage.errors import ReadingsError
from linkage.groups import groups_of
from linkage.lasting import record_keys
from linkage.readings import numbered, sample_name, sheet
from linkage.statement import draw
from reports.sheets import csv_of


@dataclass(frozen=True, repr=False)
class Sample:
    """A month's drawn pairs: pair, left_id, right_id, is_joined, band, stands_for."""

    month: str
    drawn: pd.DataFrame


def draw_sample(store: Store, month: str, *, size: int, seed: int, to: Path | None = None) -> tuple[Path, int]:
    """Draw pairs of a published month and write them as a sheet for readers: its path, and how many pairs are in it.

    The sheet is the store's `samples/<month>.csv` unless named, for its owner alone, and never written over. What each
    pair stands for, and whether it is joined, is kept in the store, for no reader to see.
    """
    details = read_published(store, month, "record_details")
    pairs = joined_pairs(store, month)
    if details.empty or pairs.empty:
        message = f"{month} was published without pairs or without the records behind them. Run the month again."
        raise ReadingsError(message)
    drawn = numbered(draw(pairs, size, np.random.default_rng(seed)), month)
    file = to or store.samples / f"{month}.csv"
    if file.exists():
        message = f"{file} is there already, and may hold readings. Move or delete it, or name another with --out."
        raise ReadingsError(message)
    kept = store.samples / f"{month}.{sample_name(drawn['pair'].iloc[0])}.csv"
    kept.unlink(missing_ok=True)
    _write_private(kept, drawn.to_csv(index=False).encode())
    _write_private(file, csv_of(sheet(drawn, details)))
    return file, len(drawn)


def sample_of(store: Store, filled: pd.DataFrame, *, told: str) -> Sample:
    """The sample that a reader's sheet was drawn as; ReadingsError where this store drew no such sample."""
    pairs = filled["pair"].astype(str).str.strip() if "pair" in filled.columns else pd.Series(dtype=str)
    names = {sample_name(pair) for pair in pairs}
    known = {file.stem.partition(".")[2]: file for file in sorted(store.samples.glob("????-??.s*.csv"))}
    if not (found := sorted(names & known.keys())):
        message = f"{told} holds no pairs that this store has drawn. Draw a sample with: hearth evaluate draw"
        raise ReadingsError(message)
    file = known[found[0]]
    return Sample(file.stem.partition(".")[0], pd.read_csv(file, dtype={"pair": str, "left_id": str, "right_id": str}))


def joined_pairs(store: Store, month: str) -> pd.DataFrame:
    """left_id, right_id (feed|table|source id), weight and is_joined (one published person) of each pair kept."""
    links = read_published(store, month, "links")
    person = person_of(store, month)
    sides = {
        side: record_keys(
            links[[f"{side}_feed", f"{side}_table", f"{side}_id"]].set_axis(["feed", "table_name", "source_id"], axis=1)
        ).astype(str)
        for side in ("left", "right")
    }
    joined = sides["left"].map(person).eq(sides["right"].map(person))
    pairs = pd.DataFrame({"left_id": sides["left"], "right_id": sides["right"], "weight": links["weight"].to_numpy()})
    return pairs.assign(is_joined=joined).sort_values(["left_id", "right_id"], ignore_index=True)


def person_of(store: Store, month: str) -> pd.Series:
    """The published person of each record, by feed|table|source id."""
    records = read_published(store, month, "person_records")
    return pd.Series(records["person_id"].astype(str).to_numpy(), index=record_keys(records).astype(str))


def groups(store: Store, month: str) -> pd.DataFrame:
    """sex, age, ethnicity, name_origin and area of each record of a month, as far as its feeds tell."""
    details = read_published(store, month, "record_details")
    told = pd.DataFrame(columns=["feed", "table_name", "source_id", "ethnicity"], dtype=pd.StringDtype("pyarrow"))
    if store.feeds_file.is_file():
        told = ethnicities(store, month)
    return groups_of(details, told, as_of=as_of(month), settings=store.engine_settings)


def read_table(file: Path) -> pd.DataFrame:
    """A CSV that people filled in, all text; ReadingsError where it is none.

    Headings are in small letters, and a row in which nothing stands is none: spreadsheets change the one and leave the
    other. Rows keep their place in the file, from 0 after the headings.
    """
    try:
        table = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig", encoding_errors="replace")
    except (EmptyDataError, ParserError, OSError):
        message = f"{file} cannot be read as a CSV file. Save the sheet as CSV, with commas between."
    else:
        says = table.apply(lambda column: column.str.strip().ne("")).any(axis="columns").to_numpy(bool)
        return pd.DataFrame(table[says]).rename(columns=lambda name: name.strip().lower())
    raise ReadingsError(message)


def _write_private(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
