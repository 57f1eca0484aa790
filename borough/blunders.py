"""Rows that cannot be used: about one in a thousand, each beside a good row, so that no truth is lost with them."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from borough.chance import Ints
from borough.contract import KEYS, is_date

SHARE = 0.001
_UNKNOWN_CODES = {
    ("school", "pupils"): ("enrolment_status", "Q"),
    ("school", "contacts"): ("relationship", "cousin"),
    ("school", "attendance"): ("term", "michaelmas"),
    ("school", "exclusions"): ("category", "INT"),
    ("police", "occurrences"): ("role", "bystander"),
    ("police", "asb_interventions"): ("type", "letter"),
    ("mash", "relationships"): ("relationship", "friend"),
    ("mash", "referrals"): ("decision", "pending"),
    ("mash", "episodes"): ("kind", "surgery"),
    ("jobcentre", "claims"): ("benefit_code", "TC"),
    ("jobcentre", "progress"): ("action", "sanction"),
}
_REQUIRED = {
    ("school", "pupils"): "school_urn",
    ("school", "contacts"): "pupil_id",
    ("school", "attendance"): "academic_year",
    ("school", "exclusions"): "pupil_id",
    ("school", "attainment"): "value",
    ("police", "nominals"): "nominal_id",
    ("police", "occurrences"): "occurred_on",
    ("police", "asb_interventions"): "nominal_id",
    ("mash", "people"): "mash_id",
    ("mash", "relationships"): "relationship",
    ("mash", "referrals"): "received_on",
    ("mash", "episodes"): "mash_id",
    ("mash", "never_link"): "other_id",
    ("jobcentre", "claimants"): "claimant_id",
    ("jobcentre", "claims"): "started_on",
    ("jobcentre", "employment"): "started_on",
    ("jobcentre", "progress"): "action_on",
    ("nominations", "nominations"): "agency",
}
_BAD_DATES = ("31/02/2026", "2026-13-01", "not known", "00/00/0000")


def spoil(
    rng: np.random.Generator, table: pa.Table, subject: tuple[str, str], people: Ints | None
) -> tuple[pa.Table, Ints | None]:
    """The table with unusable copies of some of its rows put before the good ones, and the person of every row.

    `table` has dates as text where its file can hold a date that is none.
    """
    count = int(rng.poisson(table.num_rows * SHARE))
    sources = np.sort(rng.choice(table.num_rows, min(count, table.num_rows), replace=False))
    if not len(sources) or subject == ("mash", "never_link"):
        return table, people
    copies = table.take(pa.array(sources)).to_pylist()
    for serial, row in enumerate(copies):
        _break(row, subject, table.schema, serial + int(rng.integers(0, 7)), int(sources[serial]))
    joined = pa.concat_tables([table, pa.Table.from_pylist(copies, schema=table.schema)])
    order = np.argsort(np.concatenate([np.arange(table.num_rows), sources - 0.5]), kind="stable")
    persons = None if people is None else np.concatenate([people, people[sources]])[order]
    return joined.take(pa.array(order)), persons


def _break(row: dict[str, Any], subject: tuple[str, str], schema: pa.Schema, kind: int, serial: int) -> None:
    """Make one row unusable: a second one of its key, an empty required value, a code or a date that is none."""
    if kind % 4 == 0:
        return
    key = KEYS[subject][0]
    row[key] = f"{row[key]}Z{serial}"
    dated = [
        name
        for name in schema.names
        if is_date(name) and name == _REQUIRED[subject] and pa.types.is_string(schema.field(name).type)
    ]
    if kind % 4 == 1 and subject in _UNKNOWN_CODES:
        column, code = _UNKNOWN_CODES[subject]
        row[column] = code
    elif kind % 4 == 2 and dated:
        row[dated[0]] = _BAD_DATES[serial % len(_BAD_DATES)]
    else:
        row[_REQUIRED[subject]] = None


def doubtful_births(rng: np.random.Generator, table: pa.Table) -> pa.Table:
    """A few missing dates of birth as words, in files whose dates are text."""
    if "date_of_birth" not in table.column_names or not pa.types.is_string(table.schema.field("date_of_birth").type):
        return table
    column = table.column("date_of_birth").to_numpy(zero_copy_only=False).copy()
    empty = np.flatnonzero(pc.is_null(table.column("date_of_birth")).to_numpy())
    chosen = empty[rng.random(len(empty)) < 0.01]
    column[chosen] = np.array(_BAD_DATES, dtype=object)[chosen % len(_BAD_DATES)]
    place = table.column_names.index("date_of_birth")
    return table.set_column(place, "date_of_birth", pa.array(column, pa.string()))
