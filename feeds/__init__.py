"""What a delivery is: files found and read, rows screened, rosters and events held.

Nothing here knows who a person is (`linkage/`), what a need is (`programme/`) or when a run starts (`pipelines/`).
"""
