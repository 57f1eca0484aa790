"""What leaves the store for people: frames in, documents out. Knows no database and no Dagster."""
