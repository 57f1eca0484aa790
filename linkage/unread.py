"""What a table says that no kind can read: an address where a telephone number was declared, a date in words unknown.

Such a value counts as missing. A few are mistakes of whoever wrote them; many are a column declared by the wrong kind.
"""

from collections.abc import Iterator

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.cleaning import apply_forms, open_engine
from linkage.records import as_text
from linkage.spec import DATES, Kind, LinkSpec

_FORMS = {
    **dict.fromkeys(DATES, "date_form(x)"),
    Kind.SEX: "sex_form(x)",
    Kind.AGE_GROUP: "age_group_form(x)",
    Kind.UPRN: "uprn_form(x)",
    Kind.PHONE: "phone_form(x)",
    Kind.EMAIL: "email_form(x)",
}


def unread(records: pd.DataFrame, spec: LinkSpec) -> list[str]:
    """A sentence for each column that is empty or of which values cannot be read, and each source that no record has.

    They hold counts, and never a value.
    """
    with open_engine(1) as engine:
        return [*_of_sources(records, spec), *_of_columns(records, spec, engine)]


def _of_sources(records: pd.DataFrame, spec: LinkSpec) -> Iterator[str]:
    there = set(records[spec.source].dropna().astype(str)) if spec.source else set()
    for source in sorted(spec.once_per_person - there):
        yield f"once_per_person names {source!r}, but no record has that in its column {spec.source}."


def _of_columns(records: pd.DataFrame, spec: LinkSpec, engine: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for column in spec.columns if len(records) else ():
        written = records[column.name]
        filled = int(written.notna().sum())
        if not filled:
            yield f"{column.name}: no record has a value, so the column tells nothing."
        elif column.kind in _FORMS and not pd.api.types.is_datetime64_any_dtype(written.dtype):
            lost = f"{_lost(as_text(written), _FORMS[column.kind], engine):,}"
            if lost != "0":
                yield f"{column.name}: {lost} of {filled:,} values cannot be read as {column.kind}, and are missing."


def _lost(values: pa.Array, form: str, engine: duckdb.DuckDBPyConnection) -> int:
    """How many values have no comparable form, white space being no value."""
    counts = pc.value_counts(values)
    distinct = counts.field("values")
    formed = apply_forms(engine, distinct, [form])[0]
    said = pc.not_equal(pc.utf8_trim_whitespace(distinct), "")
    return int(pc.sum(pc.filter(counts.field("counts"), pc.and_(said, pc.is_null(formed)))).as_py() or 0)
