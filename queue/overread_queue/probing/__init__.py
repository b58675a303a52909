"""Blind tests: made from closed items, put among real work, never near an agent or a name."""
