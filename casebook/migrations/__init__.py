"""How the casebook's tables came to be, step by step: Alembic's environment and versions."""
