"""The sample desk, with simulated agents that really ask, wait, resume and act."""
