"""Who qualifies: profiles, measures, needs, the cohort, outcomes and claims.

Pure rules: frames in, frames out, the reckoning date an argument. Nothing here reads a feed's file, writes one, or
knows the orchestrator; only `profile` reads text, that of the rule packs.
"""
