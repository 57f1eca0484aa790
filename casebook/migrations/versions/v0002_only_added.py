"""What is decided or recorded stays: the database itself refuses to change or delete a row."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEPT = (
    "audit pair_decisions home_decisions family_confirmations cases consents workers plans activities closures "
    "claim_steps"
).split()
_SAYS = "rows of this table are only added; withdraw one by a new row"


def upgrade() -> None:
    """Put the refusals in place."""
    if op.get_bind().dialect.name == "postgresql":
        _upgrade_postgresql()
    else:
        _upgrade_sqlite()


def downgrade() -> None:
    """Take them away."""
    for table in _KEPT:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"drop trigger {table}_stays on {table}")
            op.execute(f"drop trigger {table}_is_not_emptied on {table}")
        else:
            for name in ("changes", "deletes", "replaces"):
                op.execute(f"drop trigger {table}_nobody_{name}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function casebook_stays")


def _upgrade_sqlite() -> None:
    refuse = f"begin select raise(abort, '{_SAYS}'); end"
    for table in _KEPT:
        op.execute(f"create trigger {table}_nobody_changes before update on {table} {refuse}")
        op.execute(f"create trigger {table}_nobody_deletes before delete on {table} {refuse}")
        # `insert or replace` deletes without asking the trigger above, unless the connection wants it asked.
        there = f"exists (select 1 from {table} where sequence = new.sequence)"
        op.execute(f"create trigger {table}_nobody_replaces before insert on {table} when {there} {refuse}")


def _upgrade_postgresql() -> None:
    op.execute(
        "create function casebook_stays() returns trigger language plpgsql as "
        f"$$ begin raise exception '{_SAYS}' using errcode = 'restrict_violation'; end $$"
    )
    for table in _KEPT:
        op.execute(
            f"create trigger {table}_stays before update or delete on {table} "
            "for each row execute function casebook_stays()"
        )
        op.execute(
            f"create trigger {table}_is_not_emptied before truncate on {table} "
            "for each statement execute function casebook_stays()"
        )
