"""The `hearth` command, a module for each group of what it does."""
