"""One escalation."""
