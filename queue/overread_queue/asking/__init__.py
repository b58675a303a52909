"""What stands behind the agents' door: from a proposal to an answer that was acted on."""
