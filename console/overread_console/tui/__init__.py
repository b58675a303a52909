"""The review flow on a full screen."""
