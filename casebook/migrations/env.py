"""Alembic's environment: runs the steps within the transaction that `opening` holds, so that two openers take turns."""

from alembic import context

from casebook.tables import users

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=users.metadata,
    # Alembic takes SQLite for a database that cannot undo a change of tables; it can, since we begin it ourselves.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
