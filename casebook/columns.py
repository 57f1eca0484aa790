"""Kinds of column that the casebook's tables share: instants in UTC, and rows that are numbered and never changed."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import SchemaItem

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only where the type is exactly INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; one without a time zone is refused, for nobody could say which moment it is."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Always with its zone, also from SQLite, which keeps none."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def ledger(name: str, *columns: SchemaItem, needs: str) -> Table:
    """A table of what people decided: rows are only ever added, and a row may withdraw one earlier row.

    A row either withdraws another or has the columns that `needs` names (joined by commas).
    """
    present = " and ".join(f"{column} is not null" for column in needs.split(","))
    return Table(
        name,
        METADATA,
        Column("sequence", Number, primary_key=True, autoincrement=True),
        *columns,
        Column("withdraws", Number, ForeignKey(f"{name}.sequence"), unique=True),
        Column("reason", Text),
        Column("decided_by", Text, ForeignKey("users.user_id"), nullable=False),
        Column("decided_at", Instant, nullable=False),
        CheckConstraint(f"withdraws is not null or ({present})", name="complete"),
        sqlite_autoincrement=True,
    )
