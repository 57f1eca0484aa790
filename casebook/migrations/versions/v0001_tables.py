"""The tables: users and sessions, the audit trail, and one ledger for each kind of thing that people decide."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)
_TABLES = (
    "users sessions saved_views secrets audit pair_decisions home_decisions family_confirmations cases consents "
    "workers plans activities closures claim_steps"
).split()


def upgrade() -> None:
    """Make every table."""
    _access()
    _trail()
    _questions()
    _casework()
    _claims()


def downgrade() -> None:
    """Drop every table, with what is in it."""
    for name in reversed(_TABLES):
        op.drop_table(name)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text())


def _needed(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def _indexed(name: str, *more: SchemaItem) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), *more, index=True)


def _case() -> "sa.Column[str]":
    return _indexed("case_id", sa.ForeignKey("cases.case_id"))


def _ledger(name: str, *columns: SchemaItem, needs: str) -> None:
    present = " and ".join(f"{column} is not null" for column in needs.split(","))
    op.create_table(
        name,
        sa.Column("sequence", _NUMBER, primary_key=True, autoincrement=True),
        *columns,
        sa.Column("withdraws", _NUMBER, sa.ForeignKey(f"{name}.sequence"), unique=True),
        _text("reason"),
        sa.Column("decided_by", sa.Text(), sa.ForeignKey("users.user_id"), nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=False),
        sa.CheckConstraint(f"withdraws is not null or ({present})", name="complete"),
        sqlite_autoincrement=True,
    )


def _access() -> None:
    op.create_table(
        "users",
        sa.Column("user_id", sa.Text(), primary_key=True),
        sa.Column("username", sa.Text(), nullable=False, unique=True),
        _needed("display_name"),
        _needed("role"),
        sa.Column("sees_protected_addresses", sa.Boolean(), nullable=False),
        _text("password_hash"),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        _text("issuer"),
        _text("subject"),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", _INSTANT),
        sa.Column("disabled_at", _INSTANT),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.UniqueConstraint("issuer", "subject"),
    )
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.Text(), primary_key=True),
        sa.Column("token_sha256", sa.Text(), nullable=False, unique=True),
        sa.Column("user_id", sa.Text(), sa.ForeignKey("users.user_id"), nullable=False, index=True),
        sa.Column("began_at", _INSTANT, nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT),
    )
    op.create_table(
        "saved_views",
        sa.Column("view_id", sa.Text(), primary_key=True),
        sa.Column("user_id", sa.Text(), sa.ForeignKey("users.user_id"), nullable=False),
        _needed("page"),
        _needed("name"),
        _needed("query"),
        sa.Column("saved_at", _INSTANT, nullable=False),
        sa.UniqueConstraint("user_id", "page", "name"),
    )


def _trail() -> None:
    op.create_table("secrets", sa.Column("name", sa.Text(), primary_key=True), _needed("value"))
    op.create_table(
        "audit",
        sa.Column("sequence", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("at", _INSTANT, nullable=False, index=True),
        _indexed("user_id", sa.ForeignKey("users.user_id")),
        sa.Column("event", sa.Text(), nullable=False, index=True),
        _indexed("about"),
        _needed("details"),
        sa.Column("previous", sa.Text(), nullable=False, unique=True),
        sa.Column("hash", sa.Text(), nullable=False, unique=True),
    )


def _questions() -> None:
    records = [_text(f"{side}_{part}") for side in ("left", "right") for part in ("feed", "table", "id")]
    asked = ("fingerprint", "month")
    _ledger(
        "pair_decisions",
        *records,
        _text("decision"),
        _indexed("group_id"),
        _indexed("review_id"),
        *map(_text, asked),
        needs="left_feed,left_table,left_id,right_feed,right_table,right_id,decision",
    )
    _ledger(
        "home_decisions",
        *map(_text, ("left_person_id", "right_person_id", "decision", "household_id")),
        _indexed("review_id"),
        *map(_text, asked),
        needs="left_person_id,right_person_id,decision",
    )
    _ledger(
        "family_confirmations",
        _indexed("family_id"),
        _text("person_id"),
        sa.Column("is_member", sa.Boolean()),
        _text("month"),
        needs="family_id,person_id,is_member",
    )


def _casework() -> None:
    _ledger(
        "cases",
        sa.Column("case_id", sa.Text(), unique=True),
        _indexed("family_id"),
        sa.Column("attached_on", sa.Date()),
        _text("earlier_case_id"),
        needs="case_id,family_id,attached_on",
    )
    consent = (_text("consent"), sa.Column("given_on", sa.Date()))
    _ledger("consents", _case(), *consent, needs="case_id,consent,given_on")
    worker = (_indexed("key_worker"), _text("agency"), sa.Column("from_on", sa.Date()))
    _ledger("workers", _case(), *worker, needs="case_id,key_worker,from_on")
    plan = (sa.Column("planned_on", sa.Date()), sa.Column("review_on", sa.Date()), _text("aims"))
    _ledger("plans", _case(), *plan, needs="case_id,planned_on,aims")
    activity = (_text("kind"), sa.Column("done_on", sa.Date()))
    _ledger("activities", _case(), *activity, needs="case_id,kind,done_on")
    closure = (sa.Column("closed_on", sa.Date()), _text("close_reason"), _text("exit_plan"))
    _ledger("closures", _case(), *closure, needs="case_id,closed_on,close_reason,exit_plan")


def _claims() -> None:
    _ledger("claim_steps", _indexed("claim_id"), _text("status"), _text("month"), needs="claim_id,status")
