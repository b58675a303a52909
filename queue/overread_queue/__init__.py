"""The durable queue: doors for agents and reviewers onto one store."""
