"""What stands behind the reviewers' door: from what waits to a decision that was earned."""
