"""When it runs: the code location, jobs, schedules, and the `hearth` command."""
