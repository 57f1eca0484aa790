"""Who is who: records into persons, persons into households and families, and the ids that last.

Rules are pure: frames in, frames out; no clock, no file, no Dagster. DuckDB is used in memory only.
"""
