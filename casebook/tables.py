"""The tables of the casebook. The database sees to it that `LEDGERS` and the audit trail are only ever added to."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, Table, Text, UniqueConstraint

from casebook.columns import METADATA, Instant, Number, ledger

users = Table(
    "users",
    METADATA,
    Column("user_id", Text, primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("display_name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("sees_protected_addresses", Boolean, nullable=False),
    Column("password_hash", Text),
    Column("must_change_password", Boolean, nullable=False),
    Column("issuer", Text),
    Column("subject", Text),
    Column("failed_attempts", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("disabled_at", Instant),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("issuer", "subject"),
)

sessions = Table(
    "sessions",
    METADATA,
    Column("session_id", Text, primary_key=True),
    Column("token_sha256", Text, nullable=False, unique=True),
    Column("user_id", Text, ForeignKey("users.user_id"), nullable=False, index=True),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

saved_views = Table(
    "saved_views",
    METADATA,
    Column("view_id", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.user_id"), nullable=False),
    Column("page", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("saved_at", Instant, nullable=False),
    UniqueConstraint("user_id", "page", "name"),
)

secrets = Table(
    "secrets",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

audit = Table(
    "audit",
    METADATA,
    Column("sequence", Number, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False, index=True),
    Column("user_id", Text, ForeignKey("users.user_id"), index=True),
    Column("event", Text, nullable=False, index=True),
    Column("about", Text, index=True),
    Column("details", Text, nullable=False),
    # Two rows that follow the same row cannot both be kept, so the chain cannot fork.
    Column("previous", Text, nullable=False, unique=True),
    Column("hash", Text, nullable=False, unique=True),
)

pair_decisions = ledger(
    "pair_decisions",
    Column("left_feed", Text),
    Column("left_table", Text),
    Column("left_id", Text),
    Column("right_feed", Text),
    Column("right_table", Text),
    Column("right_id", Text),
    Column("decision", Text),
    Column("group_id", Text, index=True),
    Column("review_id", Text, index=True),
    Column("fingerprint", Text),
    Column("month", Text),
    needs="left_feed,left_table,left_id,right_feed,right_table,right_id,decision",
)

home_decisions = ledger(
    "home_decisions",
    Column("left_person_id", Text),
    Column("right_person_id", Text),
    Column("decision", Text),
    Column("household_id", Text),
    Column("review_id", Text, index=True),
    Column("fingerprint", Text),
    Column("month", Text),
    needs="left_person_id,right_person_id,decision",
)

family_confirmations = ledger(
    "family_confirmations",
    Column("family_id", Text, index=True),
    Column("person_id", Text),
    Column("is_member", Boolean),
    Column("month", Text),
    needs="family_id,person_id,is_member",
)

cases = ledger(
    "cases",
    Column("case_id", Text, unique=True),
    Column("family_id", Text, index=True),
    Column("attached_on", Date),
    Column("earlier_case_id", Text),
    needs="case_id,family_id,attached_on",
)

consents = ledger(
    "consents",
    Column("case_id", Text, ForeignKey("cases.case_id"), index=True),
    Column("consent", Text),
    Column("given_on", Date),
    needs="case_id,consent,given_on",
)

workers = ledger(
    "workers",
    Column("case_id", Text, ForeignKey("cases.case_id"), index=True),
    Column("key_worker", Text, index=True),
    Column("agency", Text),
    Column("from_on", Date),
    needs="case_id,key_worker,from_on",
)

plans = ledger(
    "plans",
    Column("case_id", Text, ForeignKey("cases.case_id"), index=True),
    Column("planned_on", Date),
    Column("review_on", Date),
    Column("aims", Text),
    needs="case_id,planned_on,aims",
)

activities = ledger(
    "activities",
    Column("case_id", Text, ForeignKey("cases.case_id"), index=True),
    Column("kind", Text),
    Column("done_on", Date),
    needs="case_id,kind,done_on",
)

closures = ledger(
    "closures",
    Column("case_id", Text, ForeignKey("cases.case_id"), index=True),
    Column("closed_on", Date),
    Column("close_reason", Text),
    Column("exit_plan", Text),
    needs="case_id,closed_on,close_reason,exit_plan",
)

claim_steps = ledger(
    "claim_steps",
    Column("claim_id", Text, index=True),
    Column("status", Text),
    Column("month", Text),
    needs="claim_id,status",
)

LEDGERS: tuple[Table, ...] = (
    pair_decisions,
    home_decisions,
    family_confirmations,
    cases,
    consents,
    workers,
    plans,
    activities,
    closures,
    claim_steps,
)
