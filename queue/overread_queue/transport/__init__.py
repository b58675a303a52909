"""How the agents' door reaches a desk. One interface; behind it a file, or a mailbox."""
