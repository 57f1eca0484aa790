"""What coordinators see: web pages over the published month and the casebook. No matching, no rules, no Dagster."""
