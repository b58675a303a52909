"""The policy in force, to read."""
