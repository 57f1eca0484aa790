"""What people decide, kept for good: who, when and why. Tables, migrations and reading back; no web, no rules of the programme."""
