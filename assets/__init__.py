"""What exists: the tables of a month as Dagster assets, the store that holds them, and the checks that guard them.

With `pipelines/`, the only place that knows Dagster. The rules themselves stand in `linkage/` and `programme/`.
"""
