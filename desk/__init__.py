"""What coordinators see: their web pages over the published month and the casebook. No matching, no rules, no orchestrator."""
