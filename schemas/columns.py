"""The kinds of column that a table is made of, for feed tables and published tables alike.

A feed column's kind says how its text is read (`feeds/screening.py`); the dtype says how it is held. What a pandera
field cannot say of a column, its kind, whether it is part of the key, its code set, stands in the field's metadata.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

Text = Series[Annotated[pd.StringDtype, "pyarrow", pd.NA]]
Day = Series[pd.Timestamp]
Instant = Series[pd.Timestamp]
Whole = Series[pd.Int64Dtype]
Flag = Series[pd.BooleanDtype]
Decimal = Series[float]


class Kind(StrEnum):
    """How the text of a feed column is read."""

    TEXT = "text"
    DATE = "date"
    WHOLE = "whole"
    FLAG = "flag"
    CODE = "code"
    CODES = "codes"
    UPN = "upn"
    NINO = "nino"
    NHS_NUMBER = "nhs_number"
    POSTCODE = "postcode"
    UPRN = "uprn"
    ATTENDANCE_CODE = "attendance_code"


@dataclass(frozen=True)
class FeedColumn:
    """What the contract says of one feed column beyond its type.

    `rejects`: a code outside the set rejects the row (the contract lists the set); otherwise it becomes missing.
    `optional_in_form`: the column may be absent where the file carries the table's other form.
    """

    kind: Kind = Kind.TEXT
    required: bool = False
    key: bool = False
    optional_in_form: bool = False
    default: bool | None = None
    codes: frozenset[str] = frozenset()
    repairs: Mapping[str, str] = field(default_factory=dict)
    fold_case: bool = False
    rejects: bool = True


def feed_field(kind: Kind = Kind.TEXT, description: str = "", **says: Any) -> Any:
    """Declare a feed column that may be empty."""
    column = FeedColumn(kind=kind, **says)
    nullable = not column.required or column.optional_in_form
    return pa.Field(nullable=nullable, description=description, metadata={"feed": column})


def required(kind: Kind = Kind.TEXT, description: str = "", **says: Any) -> Any:
    """Declare a feed column that is required and never empty (`!` of the contract)."""
    return feed_field(kind, description, required=True, **says)


def key(kind: Kind = Kind.TEXT, description: str = "", **says: Any) -> Any:
    """Declare a required feed column that is part of the row's key (`*!` of the contract)."""
    return required(kind, description, key=True, **says)


def says(description: str, *, nullable: bool = False, isin: Iterable[str] | None = None, **checks: Any) -> Any:
    """Declare a published column: what it says, and the set it is of."""
    return pa.Field(nullable=nullable, description=description, isin=sorted(map(str, isin)) if isin else None, **checks)
